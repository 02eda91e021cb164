import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { checkList, checkObject, checkTexts, isObject } from "../shape";
import { Problems } from "../validation";
import { PrimaryReplicasArgs, checkPrimaryQueries, checkPrimaryReplicas } from "./autoscalerRef";
import { checkBounds, checkRequested } from "./autoscaling";

/** A ScaledObject of KEDA, which has to be in the cluster. A changed one reaches the primary at the next promotion. */
export interface ScaledObjectArgs {
    /** The least number of replicas, at least 1. */
    minReplicas: number;
    /** The greatest number of replicas. */
    maxReplicas: number;
    /** What it scales by. */
    triggers: TriggerArgs[];
    /**
     * The queries of the primary's copy, by the names of the triggers: one for each trigger with a `query`.
     * @default - the triggers' own, with `<app>-primary` wherever they have `<app>` or `<app>-canary`
     */
    primaryQueries?: Record<string, string>;
    /**
     * The bounds of the primary's copy.
     * @default - `minReplicas` and `maxReplicas`
     */
    primaryReplicas?: PrimaryReplicasArgs;
}

/** A trigger of a ScaledObject. */
export interface TriggerArgs {
    /** The kind of trigger, as KEDA names it: `prometheus`, `kafka`, `cpu`... */
    type: string;
    /**
     * A name, unique among the triggers, by which `primaryQueries` finds it.
     * @default - none
     */
    name?: string;
    /** What KEDA asks for with this type. All values are strings, numbers too. */
    metadata: Record<string, pulumi.Input<string>>;
    /**
     * `AverageValue`, `Value` or `Utilization`. The types `cpu` and `memory` need one.
     * @default - KEDA's own, `AverageValue`
     */
    metricType?: string;
    /**
     * The name of a TriggerAuthentication in the namespace.
     * @default - none
     */
    authenticationRef?: string;
}

const example = `Write it like { type: "prometheus", metadata: { serverAddress: "…", query: "…", threshold: "9" } }.`;

/** Checks a ScaledObject of the application `name`, whose container has these resources. */
export function checkScaledObject(
    problems: Problems,
    path: string,
    scaledObject: unknown,
    name: string,
    resources: unknown,
): void {
    if (!checkObject(problems, path, scaledObject, "Write it like { minReplicas: 1, maxReplicas: 4, triggers: [] }.")) {
        return;
    }
    const { minReplicas, triggers, primaryQueries, primaryReplicas } = scaledObject;
    problems.require(minReplicas !== 0, {
        path: `${path}.minReplicas`,
        value: minReplicas,
        rule:
            "lets KEDA take away the primary's last pod: its users get errors, and Flagger counts a primary without " +
            "pods as ready",
        fix: "Give at least 1.",
    });
    checkBounds(problems, path, minReplicas === 0 ? { ...scaledObject, minReplicas: 1 } : scaledObject);
    checkPrimaryReplicas(problems, `${path}.primaryReplicas`, primaryReplicas, scaledObject);
    const queried =
        primaryQueries === undefined
            ? undefined
            : checkPrimaryQueries(problems, `${path}.primaryQueries`, primaryQueries);
    problems.require(Array.isArray(triggers) && triggers.length > 0, {
        path: `${path}.triggers`,
        value: triggers,
        rule: "has to be a list that names what to scale by",
        fix: example,
    });
    const list = Array.isArray(triggers) ? checkList(problems, `${path}.triggers`, triggers, example) : [];
    const found = list.filter(([at, trigger]) => checkTrigger(problems, at, trigger, resources)) as [
        string,
        Record<string, unknown>,
    ][];
    checkTriggerNames(problems, found);
    for (const [at, trigger] of found.filter(([, { metadata }]) => hasQuery(metadata))) {
        checkQuery(problems, at, trigger, name, queried);
    }
    const withQuery = found.flatMap(([, trigger]) => (hasQuery(trigger.metadata) ? [trigger.name] : []));
    for (const key of queried ?? []) {
        problems.require(withQuery.includes(key), {
            path: `${path}.primaryQueries.${key}`,
            value: key,
            rule: "is not the name of a trigger with a query: Flagger would ignore it, or break the trigger with it",
            fix: "Use the name of a trigger whose metadata has a `query`.",
        });
    }
}

function checkTrigger(problems: Problems, path: string, trigger: unknown, resources: unknown): boolean {
    if (!checkObject(problems, path, trigger, example)) {
        return false;
    }
    const { type, name, metadata, metricType, authenticationRef } = trigger;
    problems.require(typeof type === "string" && type !== "", {
        path: `${path}.type`,
        value: type,
        rule: "has to be a type of trigger that KEDA knows",
        fix: example,
    });
    for (const [key, value] of Object.entries({ name, authenticationRef })) {
        problems.require(value === undefined || (typeof value === "string" && value !== ""), {
            path: `${path}.${key}`,
            value,
            rule: "is not a name",
            fix: "Give a string, or leave it out.",
        });
    }
    problems.require(metadata !== undefined, {
        path: `${path}.metadata`,
        rule: "is required",
        fix: "Give what KEDA asks for with this type.",
    });
    checkTexts(problems, `${path}.metadata`, metadata);
    const metricTypes = ["AverageValue", "Value", "Utilization"];
    problems.require(metricType === undefined || metricTypes.includes(metricType as string), {
        path: `${path}.metricType`,
        value: metricType,
        rule: "is not a type of metric",
        fix: `Use one of ${metricTypes.join(", ")}.`,
    });
    if (metricType === "Utilization" && (type === "cpu" || type === "memory")) {
        checkRequested(problems, `${path}.metricType`, metricType, type, resources);
    }
    return true;
}

function checkTriggerNames(problems: Problems, triggers: [string, Record<string, unknown>][]): void {
    const taken = new Set<unknown>();
    for (const [at, { name }] of triggers) {
        problems.require(name === undefined || !taken.has(name), {
            path: `${at}.name`,
            value: name,
            rule: "is another trigger's name, which KEDA refuses",
            fix: "Give each trigger a name of its own.",
        });
        taken.add(name);
    }
}

/** Checks that the primary will have a query of its own. */
function checkQuery(
    problems: Problems,
    path: string,
    trigger: Record<string, unknown>,
    app: string,
    queried: string[] | undefined,
): void {
    const { name, metadata } = trigger as unknown as TriggerArgs;
    if (queried !== undefined) {
        problems.require(name !== undefined && queried.includes(name), {
            path: `${path}.name`,
            value: name,
            rule: "has no query in primaryQueries: beside the others Flagger would leave the primary with the canary's",
            fix: "Name the trigger, and give a query of that name.",
        });
        return;
    }
    const { query } = metadata;
    problems.require(typeof query !== "string" || !query.includes(`${app}-primary`), {
        path: `${path}.metadata.query`,
        value: query,
        rule: `names the primary: for its copy Flagger puts ${app}-primary-primary there, and that measures nothing`,
        fix: `Write ${JSON.stringify(app)} instead, or give primaryQueries.`,
    });
}

function hasQuery(metadata: unknown): boolean {
    return isObject(metadata) && metadata.query !== undefined;
}

/** The query that Flagger makes of a trigger's for the primary of `app`, where `primaryQueries` gives none. */
export function primaryQuery(query: string, app: string): string {
    const primary = `${app}-primary`;
    return query
        .split(`${app}-canary`)
        .map((part) => part.replaceAll(app, primary))
        .join(primary);
}

/** Queries of which Flagger may make something else than what is meant. */
export function scaledObjectWarnings(path: string, args: ScaledObjectArgs, app: string): string[] {
    if (args.primaryQueries !== undefined) {
        return [];
    }
    return args.triggers.flatMap(({ metadata: { query } }, index) => {
        const at = `${path}.triggers[${index}].metadata.query`;
        if (typeof query !== "string") {
            return [];
        }
        if (!query.includes(app)) {
            return [
                `${at}: it does not name ${app}, so Flagger gives the primary the same query, and both are scaled by ` +
                    "the same number. Give primaryQueries to say what the primary is scaled by.",
            ];
        }
        if (new RegExp(`\\w${app}|${app}\\w`).test(query)) {
            return [
                `${at}: ${app} is part of a longer word in it. For the primary Flagger makes it ` +
                    `${JSON.stringify(primaryQuery(query, app))}. Give primaryQueries if that is not what is meant.`,
            ];
        }
        return [];
    });
}

/** Makes the ScaledObject of the Deployment `name`. */
export function scaledObject(
    childName: string,
    name: string,
    namespace: string,
    args: ScaledObjectArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new CustomResource(
        childName,
        {
            apiVersion: "keda.sh/v1alpha1",
            kind: "ScaledObject",
            // No annotations: Flagger pauses this one by an annotation, and gives the primary's what it finds.
            metadata: { name, namespace, labels: { app: name } },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
                minReplicaCount: args.minReplicas,
                maxReplicaCount: args.maxReplicas,
                triggers: args.triggers.map(({ type, name: trigger, metadata, metricType, authenticationRef }) => ({
                    type,
                    name: trigger,
                    metadata,
                    metricType,
                    authenticationRef: authenticationRef === undefined ? undefined : { name: authenticationRef },
                })),
            },
        },
        opts,
    );
}
