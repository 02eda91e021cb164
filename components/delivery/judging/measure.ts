import { TrafficCounters } from "../../observability/trafficQueries";
import type { MetricArgs } from "../metricArgs";
import { counted } from "./promQl";

/** The two versions of an application, by what counts their requests. */
export interface JudgedVersions {
    canary: TrafficCounters;
    primary: TrafficCounters;
}

/** How a metric is asked for. */
export interface Measure {
    /** An expression of PromQL that answers with one number without labels. */
    value: string;
    /** Conditions in PromQL, each of which answers with something only if enough was counted for the value to mean something. */
    enough: string[];
}

/** Answers with something once a version had so many requests within a window. */
export function enoughRequests({ requests }: TrafficCounters, window: string, samples: number): string {
    return `${counted(requests, window)} >= ${samples}`;
}

/** Whether the library itself says how a metric is asked for. */
export function isCompiled({ compare, burnRate, expression, minimumSamples, dryRun }: MetricArgs): boolean {
    return (
        compare !== undefined ||
        burnRate !== undefined ||
        expression !== undefined ||
        minimumSamples !== undefined ||
        dryRun === true
    );
}
