import { checkCopiedName } from "../objectNames";
import { checkObject } from "../shape";
import { Problems, checkInteger } from "../validation";

/** The autoscaler of a target. Flagger makes a copy of it, named `<name>-primary`, for the primary. */
export interface AutoscalerRefArgs {
    /**
     * `HorizontalPodAutoscaler` (`autoscaling/v2`) or KEDA's `ScaledObject`.
     * @default "HorizontalPodAutoscaler"
     */
    kind?: string;
    /** Its name. */
    name: string;
    /**
     * The queries of the primary's copy, by the names of the triggers. For a ScaledObject alone.
     * @default - the target's queries, with the primary's name wherever they have the target's
     */
    primaryQueries?: Record<string, string>;
    /**
     * The bounds of the primary's copy.
     * @default - those of the target's autoscaler
     */
    primaryReplicas?: PrimaryReplicasArgs;
}

/** Bounds of the primary's autoscaler, where they are not the target's. */
export interface PrimaryReplicasArgs {
    /**
     * The least number of replicas, at least 1.
     * @default - the target's
     */
    minReplicas?: number;
    /**
     * The greatest number of replicas.
     * @default - the target's
     */
    maxReplicas?: number;
}

const apiVersions: Record<string, string> = {
    HorizontalPodAutoscaler: "autoscaling/v2",
    ScaledObject: "keda.sh/v1alpha1",
};

/** Checks the reference to an autoscaler. */
export function checkAutoscalerRef(problems: Problems, path: string, ref: unknown): void {
    if (!checkObject(problems, path, ref, `Write it like { name: "web" }.`)) {
        return;
    }
    const { kind = "HorizontalPodAutoscaler", name, primaryQueries, primaryReplicas } = ref;
    problems.require(typeof kind === "string" && Object.hasOwn(apiVersions, kind), {
        path: `${path}.kind`,
        value: kind,
        rule: "is not an autoscaler that Flagger can copy",
        fix: `Use ${Object.keys(apiVersions).join(" or ")}.`,
    });
    checkCopiedName(problems, `${path}.name`, name);
    if (primaryQueries !== undefined) {
        problems.require(kind !== "HorizontalPodAutoscaler", {
            path: `${path}.primaryQueries`,
            value: primaryQueries,
            rule: "is for a ScaledObject alone; Flagger copies a HorizontalPodAutoscaler's metrics as they are",
            fix: "Leave it out.",
        });
        checkPrimaryQueries(problems, `${path}.primaryQueries`, primaryQueries);
    }
    checkPrimaryReplicas(problems, `${path}.primaryReplicas`, primaryReplicas);
}

/** Checks that the primary's queries are queries; answers the names of their triggers. */
export function checkPrimaryQueries(problems: Problems, path: string, queries: unknown): string[] {
    if (!checkObject(problems, path, queries, `Write it like { requests: "sum(rate(…))" }.`)) {
        return [];
    }
    const names = Object.keys(queries);
    problems.require(names.length > 0, {
        path,
        value: queries,
        rule: "names no query, and yet keeps Flagger from putting the primary's name into the target's queries",
        fix: "Leave it out, or give a query for each trigger that has one.",
    });
    for (const name of names) {
        const value = queries[name];
        problems.require(typeof value === "string" && value.trim() !== "", {
            path: `${path}.${name}`,
            value,
            rule: "is not a query",
            fix: "Give the trigger's query for the primary, a string.",
        });
    }
    return names;
}

/** Checks bounds of the primary's, together with the target's where those are known. */
export function checkPrimaryReplicas(
    problems: Problems,
    path: string,
    replicas: unknown,
    target: Record<string, unknown> = {},
): void {
    if (replicas === undefined || !checkObject(problems, path, replicas, "Write it like { minReplicas: 2 }.")) {
        return;
    }
    const { minReplicas, maxReplicas } = replicas;
    checkInteger(problems, `${path}.minReplicas`, minReplicas, 1, 10_000, "replicas");
    checkInteger(problems, `${path}.maxReplicas`, maxReplicas, 1, 10_000, "replicas");
    const least = minReplicas ?? target.minReplicas;
    const greatest = maxReplicas ?? target.maxReplicas;
    problems.require(!(typeof least === "number" && typeof greatest === "number" && least > greatest), {
        path,
        value: replicas,
        rule:
            `gives the primary at least ${String(least)} and at most ${String(greatest)} replicas: no autoscaler ` +
            "takes that, and without it Flagger stands still",
        fix: "Let the greatest number be no less than the least.",
    });
}

/** The `autoscalerRef` of a Canary. */
export function autoscalerSpec(ref: AutoscalerRefArgs): Record<string, unknown> {
    const { kind = "HorizontalPodAutoscaler", name, primaryQueries, primaryReplicas } = ref;
    return {
        apiVersion: apiVersions[kind],
        kind,
        name,
        ...(primaryQueries !== undefined && { primaryScalerQueries: primaryQueries }),
        ...(primaryReplicas !== undefined && { primaryScalerReplicas: primaryReplicas }),
    };
}
