import * as pulumi from "@pulumi/pulumi";

import { ObjectRef, checkObjectRef } from "../objectNames";
import { isObject, outline } from "../shape";
import { Problems, checkName } from "../validation";
import { AlertProviderArgs, checkAlertProvider } from "./alertProvider";

/** An alert about the application's rollouts. With any, Flagger leaves out the notifier that it was installed with. */
export interface AlertArgs {
    /** A name for people. With a `provider`, the provider is named after it. */
    name: string;
    /**
     * What is told. `error`: too many failed checks and a promotion that failed (not: pods that never become ready). `warn`: that too,
     * and waiting for an approval and a rollback by hand. `info`: that too, and a new workload, a new version and its
     * promotion.
     * @default "info"
     */
    severity?: string;
    /**
     * An AlertProvider that exists, also one in another namespace: `ref` of an `AlertProvider`. Exactly one of
     * `providerRef` and `provider` is given.
     * @default - none
     */
    providerRef?: AlertProviderRefArgs;
    /**
     * A provider that is made for this alert alone.
     * @default - none
     */
    provider?: AlertProviderArgs;
}

/** Where an AlertProvider is found. */
export interface AlertProviderRefArgs {
    /** Its name. */
    name: pulumi.Input<string>;
    /**
     * Its namespace.
     * @default - the application's
     */
    namespace?: pulumi.Input<string>;
}

const severities = ["info", "warn", "error"];

/** Checks alerts for what Kubernetes would refuse, and for what would make Flagger stay silent. */
export function checkAlerts(problems: Problems, path: string, alerts: AlertArgs[] | undefined): void {
    if (alerts === undefined) {
        return;
    }
    if (!Array.isArray(alerts)) {
        problems.add({
            path,
            value: outline(alerts),
            rule: "is not a list of alerts",
            fix: 'Write it like [{ name: "on-call", severity: "error", providerRef: { name: "slack" } }].',
        });
        return;
    }
    const first = new Map<string, number>();
    [...alerts].forEach((alert, index) => {
        const at = `${path}[${index}]`;
        if (!isObject(alert)) {
            problems.add({
                path: at,
                value: outline(alert),
                rule: "is not an alert",
                fix: 'Write it like { name: "on-call", severity: "error", providerRef: { name: "slack" } }.',
            });
            return;
        }
        checkAlert(problems, at, alert);
        if (alert.provider === undefined || typeof alert.name !== "string") {
            return;
        }
        const before = first.get(alert.name);
        problems.require(before === undefined, {
            path: `${at}.name`,
            value: alert.name,
            rule: `is the name of alerts[${before}] too, and the providers of both would be named after it`,
            fix: "Give each alert a name of its own.",
        });
        first.set(alert.name, before ?? index);
    });
}

function checkAlert(problems: Problems, path: string, alert: AlertArgs): void {
    const { name, severity, providerRef, provider } = alert;
    if (provider !== undefined) {
        checkName(problems, `${path}.name`, name);
    } else {
        problems.require(typeof name === "string" && name.trim() !== "", {
            path: `${path}.name`,
            value: name,
            rule: "is not a name",
            fix: "Name the alert after whom it reaches.",
        });
    }
    problems.require(severity === undefined || severities.includes(severity), {
        path: `${path}.severity`,
        value: severity,
        rule: "is not a severity that Flagger knows: it would never alert",
        fix: `Use one of ${severities.join(", ")}.`,
    });
    problems.require((providerRef === undefined) !== (provider === undefined), {
        path: providerRef === undefined ? `${path}.provider` : `${path}.providerRef`,
        value: outline(providerRef),
        rule: "is one of two ways to say where the alert goes; exactly one has to be given",
        fix: "Give `provider` to have one made, or `providerRef` to name one that exists.",
    });
    if (providerRef !== undefined) {
        checkObjectRef(problems, `${path}.providerRef`, providerRef);
    }
    if (provider !== undefined) {
        checkAlertProvider(problems, `${path}.provider`, provider);
    }
}

/**
 * The `alerts` of a Canary's analysis. An alert with a `provider` refers to the object that was made from it: `refs`
 * has it by the alert's index.
 */
export function alertsSpec(alerts: AlertArgs[] | undefined, refs: Map<number, ObjectRef>): Record<string, unknown>[] {
    return (alerts ?? []).map((alert, index) => {
        const ref = refs.get(index) ?? alert.providerRef;
        return {
            name: alert.name,
            // Flagger compares it as it is written, and nothing that happens has no severity.
            severity: alert.severity ?? "info",
            ...(ref !== undefined && {
                providerRef: { name: ref.name, ...(ref.namespace !== undefined && { namespace: ref.namespace }) },
            }),
        };
    });
}
