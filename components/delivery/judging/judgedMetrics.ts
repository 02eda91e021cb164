import * as pulumi from "@pulumi/pulumi";

import { ofMesh } from "../builtinMetrics";
import type { MetricArgs } from "../metricArgs";
import { burnRateMeasure, samplesToBurn } from "./burnRate";
import { comparisonMeasure, samplesToCompare } from "./comparison";
import { parseExpression } from "./expression";
import { HeldRollout, failsAfter } from "./lowTraffic";
import { JudgedVersions, Measure, enoughRequests, isCompiled } from "./measure";
import { all, errorRate, latency, outcomes } from "./promQl";

/**
 * The least value that passes of a metric in dry run: Flagger needs a bound, and this one is beneath all that is measured. Whoever reads
 * a Canary knows such a metric by it.
 */
export const dryRunMin = -1e300;

/** What a metric in dry run shows where there is nothing to measure. */
const nothing = -1;

/** What the judged metrics are compiled from. */
export interface JudgedApp {
    versions: JudgedVersions;
    rollout: HeldRollout;
    /** Who answers the queries. */
    metricsServer: pulumi.Input<string>;
}

/** The requests from which on a metric counts; undefined where it counts from the first. */
export function samplesOf({ compare, burnRate, minimumSamples }: MetricArgs): number | undefined {
    return (
        minimumSamples ??
        (compare !== undefined ? samplesToCompare(compare) : burnRate !== undefined ? samplesToBurn : undefined)
    );
}

/** How many requests are waited for within which window. */
export interface Minimum {
    samples: number;
    window: string;
}

/** What a metric waits for, or those that it is made of. */
export function minimumsOf(metric: MetricArgs, metrics: readonly MetricArgs[]): Minimum[] {
    const parts = metric.expression === undefined ? [metric] : partsOf(metric.expression, metrics);
    return parts.flatMap((part) => {
        const samples = samplesOf(part);
        return samples === undefined ? [] : [{ samples, window: part.interval ?? "1m" }];
    });
}

/** What the metrics that are judged wait for, each once. */
export function minimums(metrics: readonly MetricArgs[] = []): Minimum[] {
    const found = metrics.filter(({ dryRun }) => dryRun !== true).flatMap((metric) => minimumsOf(metric, metrics));
    return [...new Map(found.map((one) => [`${one.samples} ${one.window}`, one])).values()];
}

function partsOf(expression: string, metrics: readonly MetricArgs[]): MetricArgs[] {
    const { names } = parseExpression(expression);
    return names.flatMap((name) => metrics.filter((metric) => metric.name === name));
}

/** The metrics with those compiled to templates that the library says how to ask for, and what keeps the rollout waiting. */
export function judgedMetrics(
    metrics: MetricArgs[] | undefined,
    app: JudgedApp,
): { metrics: MetricArgs[] | undefined; enough: string[] } {
    if (metrics === undefined) {
        return { metrics, enough: [] };
    }
    const enough: string[] = [];
    const compiled = metrics.map((metric) => {
        if (!isCompiled(metric)) {
            return metric;
        }
        const measure = measureOf(metric, metrics, app);
        enough.push(...(metric.dryRun === true ? [] : measure.enough));
        return templated(metric, measure, app);
    });
    return { metrics: compiled, enough: [...new Set(enough)] };
}

/** A metric with a template in place of what it was compiled from. */
function templated(metric: MetricArgs, measure: Measure, app: JudgedApp): MetricArgs {
    const { name, interval, variables, expression, template, dryRun } = metric;
    const isCondition = expression !== undefined && parseExpression(expression).isCondition;
    const bounds = isCondition ? { min: 1 } : { min: metric.min, max: metric.max };
    const query = dryRun === true ? shownOnly(measure) : judged(measure, bounds, app.rollout);
    return {
        name: isBuiltin(name) ? ofMesh(name) : name,
        ...(interval !== undefined && { interval }),
        ...(variables !== undefined && { variables }),
        ...(dryRun === true ? { min: dryRunMin } : bounds),
        template: { ...(template ?? { provider: "prometheus", address: app.metricsServer }), query },
    };
}

/** How a metric is asked for, whatever becomes of the answer. */
function measureOf(metric: MetricArgs, metrics: MetricArgs[], app: JudgedApp): Measure {
    const { name, compare, burnRate, expression, query, template, interval: window = "1m" } = metric;
    const { versions } = app;
    if (expression !== undefined) {
        return expressionMeasure(expression, metrics, app);
    }
    const samples = samplesOf(metric);
    if (compare !== undefined) {
        return comparisonMeasure(compare, samples!, window, versions);
    }
    if (burnRate !== undefined) {
        return burnRateMeasure(burnRate, samples!, window, versions);
    }
    const own = query ?? template?.query;
    return {
        // One number without labels, as the others are.
        value: own === undefined ? builtinValue(name, window, versions) : `max(${own})`,
        enough: samples === undefined ? [] : [enoughRequests(versions.canary, window, samples)],
    };
}

function expressionMeasure(expression: string, metrics: MetricArgs[], app: JudgedApp): Measure {
    const parts = new Map(
        partsOf(expression, metrics).map((part) => {
            const { value, enough } = measureOf(part, metrics, app);
            // Flagger would fill in the interval of the expression.
            return [part.name, { value: value.replace(/\{\{-?\s*interval\s*-?\}\}/g, part.interval ?? "1m"), enough }];
        }),
    );
    return {
        value: parseExpression(expression).promQl((name) => parts.get(name)!.value),
        enough: [...new Set([...parts.values()].flatMap(({ enough }) => enough))],
    };
}

function isBuiltin(name: string): boolean {
    return name === "request-success-rate" || name === "request-duration";
}

function builtinValue(name: string, window: string, { canary }: JudgedVersions): string {
    return name === "request-success-rate"
        ? `100 * (1 - ${errorRate(outcomes(canary, window))})`
        : latency(canary, window, "0.99");
}

/**
 * The query of a metric that is judged. Until enough was counted it passes, and webhooks keep the rollout where it is; once that
 * took too long it fails.
 */
function judged({ value, enough }: Measure, bounds: { min?: number; max?: number }, rollout: HeldRollout): string {
    if (enough.length === 0) {
        return value;
    }
    const { passing, failing } = outside(bounds);
    const fails = failsAfter(rollout);
    const otherwise =
        fails === undefined
            ? `vector(${passing})`
            : `(vector(${failing}) and on() (${fails})) or on() vector(${passing})`;
    return `((${value}) and on() ${all(enough)}) or on() ((${otherwise}) unless on() (${all(enough)}))`;
}

/** A value within the bounds, and one outside. */
function outside({ min, max }: { min?: number; max?: number }): { passing: number; failing: number } {
    return max === undefined ? { passing: min!, failing: min! - 1 } : { passing: max, failing: max + 1 };
}

/** The query of a metric that fails nothing, whatever is measured. A value that is no number would fail as one that is missing. */
function shownOnly({ value, enough }: Measure): string {
    const measured = enough.length === 0 ? `(${value})` : `((${value}) and on() ${all(enough)})`;
    return `(${measured} > -Inf) or on() vector(${nothing})`;
}
