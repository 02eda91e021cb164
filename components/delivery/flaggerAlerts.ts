import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { digest } from "../digest";
import { Values } from "../values";
import type { FlaggerAlertsArgs } from "./flaggerAddon";

const secretName = "flagger-alerts";
/** Flagger reads its environment at its start only, so its pods have to change with what stands there. */
const checksum = "progressive-mesh/alerts-checksum";

/** The variable of Flagger for each address, which is its key in the Secret too. */
function addressesOf({ slack, teams, eventWebhook }: FlaggerAlertsArgs): Record<string, pulumi.Input<string>> {
    const all = {
        SLACK_URL: slack?.url,
        SLACK_PROXY_URL: slack?.proxy,
        MSTEAMS_URL: teams?.url,
        MSTEAMS_PROXY_URL: teams?.proxy,
        EVENT_WEBHOOK_URL: eventWebhook?.url,
    };
    return Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, pulumi.secret(value)]])),
    );
}

/** Makes the Secret with the addresses; answers with the chart's values that lead there. They hold none of the addresses. */
export function flaggerAlerts(
    name: string,
    namespace: string,
    alerts: FlaggerAlertsArgs | undefined,
    opts: pulumi.CustomResourceOptions,
): { values: Values; made: pulumi.Resource[] } {
    const addresses = addressesOf(alerts ?? {});
    const variables = Object.keys(addresses);
    if (variables.length === 0) {
        return { values: {}, made: [] };
    }
    const secret = new Secret(
        `${name}-flagger-alerts`,
        { metadata: { name: secretName, namespace }, type: "Opaque", stringData: addresses },
        opts,
    );
    return {
        values: {
            env: variables.map((variable) => ({
                name: variable,
                valueFrom: { secretKeyRef: { name: secretName, key: variable } },
            })),
            podAnnotations: {
                [checksum]: pulumi.secret(pulumi.output(addresses).apply((all) => digest(JSON.stringify(all)))),
            },
            ...(alerts?.slack !== undefined && {
                slack: {
                    channel: alerts.slack.channel,
                    ...(alerts.slack.user !== undefined && { user: alerts.slack.user }),
                },
            }),
        },
        made: [secret],
    };
}
