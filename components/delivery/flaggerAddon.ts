import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "../addonArgs";
import { checkUrl } from "../http";
import { checkFields, checkSwitch, isLater, isObject, outline } from "../shape";
import { Problems, checkInteger } from "../validation";

/** Flagger, with what it has beyond other add-ons. */
export interface FlaggerAddonArgs extends AddonArgs {
    /**
     * Whether one of several pods leads and the others stand by.
     * @default - on with more than one pod
     */
    leaderElection?: boolean;
    /**
     * Where Flagger tells of every rollout, beside what a Canary's own alerts say. A Canary with alerts of its own uses those
     * alone.
     * @default - nowhere
     */
    alerts?: FlaggerAlertsArgs;
    /**
     * Whether a PodMonitor is made, by which a Prometheus Operator finds Flagger's metrics. Its kind has to exist in the
     * cluster. Other Prometheus servers find them by the annotations of the pods, in any case.
     * @default false
     */
    podMonitor?: boolean;
    /**
     * How many Canaries Flagger takes in at the same time when they change.
     * @default 2 - Flagger's own
     */
    threadiness?: number;
    /**
     * How many requests a second Flagger sends to the Kubernetes API at most. docs/scaling.md says how many it needs.
     * @default 500
     */
    kubernetesQps?: number;
    /**
     * How many requests to the Kubernetes API may come at once beyond that.
     * @default 1000
     */
    kubernetesBurst?: number;
}

/** Where Flagger tells of every rollout: to Slack or to Teams, and to an address of one's own. */
export interface FlaggerAlertsArgs {
    /**
     * A channel of Slack.
     * @default - none
     */
    slack?: FlaggerSlackArgs;
    /**
     * A channel of Microsoft Teams.
     * @default - none
     */
    teams?: FlaggerTeamsArgs;
    /**
     * A server that gets each event as JSON.
     * @default - none
     */
    eventWebhook?: FlaggerEventWebhookArgs;
}

/** A channel of Slack. */
export interface FlaggerSlackArgs {
    /** The address of the channel's incoming webhook. It is kept in a Secret. */
    url: pulumi.Input<string>;
    /** The channel, which Flagger asks for even where the webhook decides it. */
    channel: pulumi.Input<string>;
    /**
     * The name that the alerts are sent under.
     * @default "flagger"
     */
    user?: pulumi.Input<string>;
    /**
     * The address of a proxy on the way, as a URL. It is kept in the same Secret.
     * @default - none
     */
    proxy?: pulumi.Input<string>;
}

/** A channel of Microsoft Teams. */
export interface FlaggerTeamsArgs {
    /** The address of the channel's incoming webhook. It is kept in a Secret. */
    url: pulumi.Input<string>;
    /**
     * The address of a proxy on the way, as a URL. It is kept in the same Secret.
     * @default - none
     */
    proxy?: pulumi.Input<string>;
}

/** A server that gets each event of Flagger. */
export interface FlaggerEventWebhookArgs {
    /** Its address. It is kept in a Secret. */
    url: pulumi.Input<string>;
}

const otherwise = "Flagger would tell nobody";

/** Checks what Flagger has beyond other add-ons. */
export function checkFlagger(problems: Problems, path: string, addon: FlaggerAddonArgs | undefined): void {
    // What is no object has been reported with what add-ons have in common.
    if (!isObject(addon)) {
        return;
    }
    const { replicas, leaderElection } = addon as FlaggerAddonArgs;
    checkSwitch(problems, `${path}.podMonitor`, addon.podMonitor);
    if (checkSwitch(problems, `${path}.leaderElection`, leaderElection)) {
        problems.require(leaderElection !== false || typeof replicas !== "number" || replicas <= 1, {
            path: `${path}.leaderElection`,
            value: leaderElection,
            rule: `lets ${replicas} pods drive the same Canaries, each moving the traffic on`,
            fix: "Leave it out, or have one pod.",
        });
    }
    checkInteger(problems, `${path}.threadiness`, addon.threadiness, 1, 100, "workers");
    checkInteger(problems, `${path}.kubernetesQps`, addon.kubernetesQps, 1, 10_000, "requests a second");
    checkInteger(problems, `${path}.kubernetesBurst`, addon.kubernetesBurst, 1, 10_000, "requests");
    const { alerts, values } = addon as FlaggerAddonArgs;
    checkAlerts(problems, `${path}.alerts`, alerts);
    problems.require(alerts === undefined || values?.env === undefined, {
        path: `${path}.values.env`,
        value: outline(values?.env),
        rule: "would replace the variables by which Flagger finds the addresses of `alerts`: a list of values is never merged",
        fix: "Leave one of the two out.",
    });
}

function checkAlerts(problems: Problems, path: string, alerts: FlaggerAlertsArgs | undefined): void {
    const fields = checkFields(problems, path, alerts, "Write it like { slack: { url, channel } }.");
    if (fields === undefined) {
        return;
    }
    problems.require(fields.slack === undefined || fields.teams === undefined, {
        path: `${path}.teams`,
        value: outline(fields.teams),
        rule: "is given beside `slack`, and Flagger tells one of the two alone: Teams",
        fix: "Keep one. For the other, give the applications an AlertProvider.",
    });
    for (const way of ["slack", "teams", "eventWebhook"]) {
        const to = checkFields(
            problems,
            `${path}.${way}`,
            fields[way],
            "Write it like { url: config.requireSecret() }.",
        );
        if (to === undefined) {
            continue;
        }
        if (to.url === undefined) {
            problems.add({
                path: `${path}.${way}.url`,
                rule: "is required",
                fix: "Give the whole URL, as a secret.",
            });
        }
        checkUrl(problems, `${path}.${way}.url`, to.url, { otherwise });
        const schemes = ["http", "https", "socks5"];
        checkUrl(problems, `${path}.${way}.proxy`, to.proxy, { schemes, otherwise });
    }
    const { slack } = fields;
    if (isObject(slack)) {
        checkSender(problems, `${path}.slack.channel`, slack.channel, "is required: without one Flagger tells nobody");
        if (slack.user !== undefined) {
            checkSender(problems, `${path}.slack.user`, slack.user, "is empty or no text: Flagger would tell nobody");
        }
    }
}

function checkSender(problems: Problems, path: string, value: unknown, rule: string): void {
    problems.require(isLater(value) || (typeof value === "string" && value.trim() !== ""), {
        path,
        value,
        rule,
        fix: "Give a text.",
    });
}
