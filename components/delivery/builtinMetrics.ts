import * as pulumi from "@pulumi/pulumi";

import { BuiltinQueries } from "../mesh/mesh";
import { isObject } from "../shape";
import { MetricArgs, defaultMetrics } from "./metricArgs";

const builtinNames = defaultMetrics.map(({ name }) => name);

/** The metrics of an analysis that the mesh measures: the built-in ones, by name or by naming none, and what waits for requests. */
export function meshMetricsOf(metrics: unknown): string[] {
    if (metrics === undefined) {
        return builtinNames;
    }
    const given: unknown[] = Array.isArray(metrics) ? metrics : [];
    return given
        .filter(isObject)
        .filter(
            ({ name, compare, burnRate, minimumSamples }) =>
                isBuiltinName(name) || (compare ?? burnRate ?? minimumSamples) !== undefined,
        )
        .map(({ name }) => String(name));
}

function isBuiltinName(name: unknown): name is string {
    return builtinNames.includes(name as string);
}

/**
 * The metrics of an analysis on a mesh whose series Flagger's built-in ones do not fit: each of those gets a template of its own
 * with the mesh's query. `metricsServer` answers it.
 */
export function withBuiltinQueries(
    metrics: MetricArgs[] | undefined,
    queries: BuiltinQueries | undefined,
    metricsServer: pulumi.Input<string>,
): MetricArgs[] | undefined {
    if (queries === undefined) {
        return metrics;
    }
    return (metrics ?? defaultMetrics).map((metric) =>
        isBuiltin(metric.name, queries)
            ? {
                  ...metric,
                  name: ofMesh(metric.name),
                  template: { provider: "prometheus", address: metricsServer, query: queries[metric.name] },
              }
            : metric,
    );
}

/** Under its own name Flagger would ask for the built-in metric as well, and find no values. */
export function ofMesh(name: string): string {
    return `mesh-${name}`;
}

function isBuiltin<T extends object>(name: string, queries: T): name is keyof T & string {
    return Object.hasOwn(queries, name);
}
