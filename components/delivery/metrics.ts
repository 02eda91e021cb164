import { ObjectRef, checkObjectRef } from "../objectNames";
import { checkTexts, isObject, outline } from "../shape";
import { Problems, checkDuration } from "../validation";
import { checkBurnRate } from "./judging/burnRate";
import {
    checkDryRun,
    checkExpression,
    checkJudging,
    checkMinimumSamples,
    checkTemplateName,
} from "./judging/checkJudged";
import { checkComparison } from "./judging/comparison";
import { isCompiled } from "./judging/measure";
import { MetricArgs, defaultMetrics } from "./metricArgs";
import { checkMetricTemplate } from "./metricTemplate";
import { checkQuery, checkVariables } from "./queryTemplate";

const builtIn: Record<string, { bound: "min" | "max"; limit: number; unit: string }> = {
    "request-success-rate": { bound: "min", limit: 100, unit: "percent" },
    "request-duration": { bound: "max", limit: 3_600_000, unit: "milliseconds" },
};

const bounds = ["min", "max"] as const;
const sources = ["query", "template", "templateRef", "compare", "burnRate", "expression"] as const;

/** Checks metrics for what Flagger would refuse, and for what it would judge other than it seems. */
export function checkMetrics(problems: Problems, path: string, metrics: MetricArgs[] | undefined): void {
    if (metrics === undefined) {
        return;
    }
    if (
        !problems.require(Array.isArray(metrics) && metrics.length > 0, {
            path,
            value: outline(metrics),
            rule: "leaves nothing to judge by: every version would be promoted",
            fix: "Name a metric, or leave the list out to get the two defaults.",
        })
    ) {
        return;
    }
    const first = new Map<string, number>();
    [...metrics].forEach((metric, index) => {
        const at = `${path}[${index}]`;
        if (!isObject(metric)) {
            problems.add({
                path: at,
                value: outline(metric),
                rule: "is not a metric",
                fix: `Write it like { name: "request-success-rate", min: 99 }.`,
            });
            return;
        }
        checkMetric(problems, at, metric, metrics);
        if (typeof metric.name !== "string") {
            return;
        }
        const before = first.get(metric.name);
        problems.require(before === undefined, {
            path: `${at}.name`,
            value: metric.name,
            rule:
                `is the name of metrics[${before}] too: in flagger_canary_metric_analysis the last would hide ` +
                `the first`,
            fix: "Give each metric a name of its own.",
        });
        first.set(metric.name, before ?? index);
    });
    checkJudging(problems, path, metrics);
}

function checkMetric(problems: Problems, path: string, metric: MetricArgs, metrics: readonly MetricArgs[]): void {
    const { name, min, max } = metric;
    const known = typeof name === "string" && Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
    if (known === undefined) {
        checkOwn(problems, path, metric, metrics);
    } else {
        checkBuiltIn(problems, path, metric, known);
    }
    if (typeof min === "number" && typeof max === "number") {
        problems.require(!(min > max), {
            path: `${path}.max`,
            value: max,
            rule: `is less than the least value that passes, ${min}`,
            fix: "Let no bound exclude the other.",
        });
    }
    checkDuration(problems, `${path}.interval`, metric.interval);
    checkMinimumSamples(problems, path, metric);
    checkDryRun(problems, path, metric);
}

function checkBuiltIn(
    problems: Problems,
    path: string,
    metric: MetricArgs,
    known: { bound: "min" | "max"; limit: number; unit: string },
): void {
    problems.require(metric[known.bound] !== undefined || metric.dryRun === true, {
        path: `${path}.${known.bound}`,
        rule:
            known.bound === "min"
                ? "is needed: without it every success rate passes"
                : "is needed: without it every duration fails",
        fix: `Give a number of ${known.unit}.`,
    });
    for (const bound of bounds) {
        const value = metric[bound];
        if (value === undefined) {
            continue;
        }
        if (typeof value !== "number" || !(value >= 0 && value <= known.limit)) {
            problems.add({
                path: `${path}.${bound}`,
                value,
                rule: `is not between 0 and ${known.limit} (${known.unit})`,
                fix: "Give a number in that range.",
            });
        } else if (known.unit === "milliseconds") {
            problems.require(Number.isInteger(value), {
                path: `${path}.${bound}`,
                value,
                rule: "is not a whole number of milliseconds: Flagger would drop the rest",
                fix: `Give ${Math.ceil(value)}.`,
            });
        }
    }
    for (const source of sources.filter((s) => metric[s] !== undefined)) {
        problems.add({
            path: `${path}.${source}`,
            value: written(metric, source),
            rule: `has no place beside ${metric.name}, which Flagger brings: it would measure both under one name`,
            fix: "Give the metric a name of its own, or leave this out.",
        });
    }
    problems.require(metric.variables === undefined, {
        path: `${path}.variables`,
        value: outline(metric.variables),
        rule: `is not read for ${metric.name}`,
        fix: "Leave it out.",
    });
}

/** A source as an error may show it. */
function written(metric: MetricArgs, source: (typeof sources)[number]): unknown {
    return source === "query" || source === "expression" ? metric[source] : outline(metric[source]);
}

function checkOwn(problems: Problems, path: string, metric: MetricArgs, metrics: readonly MetricArgs[]): void {
    const given = sources.filter((source) => metric[source] !== undefined);
    const named = problems.require(typeof metric.name === "string" && metric.name.trim() !== "", {
        path: `${path}.name`,
        value: metric.name,
        rule: "is not a name",
        fix: `Use ${Object.keys(builtIn).join(" or ")}, or a name of your own with a query or a template.`,
    });
    if (named) {
        problems.require(given.length > 0, {
            path: `${path}.name`,
            value: metric.name,
            rule: "is not a metric that Flagger brings, and nothing says how to measure it: every check would fail",
            fix: `Use ${Object.keys(builtIn).join(" or ")}, or give one of ${sources.join(", ")}.`,
        });
    }
    for (const source of given.slice(1)) {
        problems.add({
            path: `${path}.${source}`,
            value: written(metric, source),
            rule: `has no place beside ${given[0]}: a metric is measured in one way`,
            fix: `Keep one of ${given.join(", ")}.`,
        });
    }
    // These say themselves which bounds they take.
    const judges = metric.compare ?? metric.burnRate ?? metric.expression;
    problems.require(judges !== undefined || metric.dryRun === true || bounds.some((b) => metric[b] !== undefined), {
        path: `${path}.max`,
        rule: "or min is needed: without a bound Flagger fails every value above 0",
        fix: "Give the least or the greatest value that passes, or both.",
    });
    for (const bound of bounds) {
        const value = metric[bound];
        problems.require(value === undefined || Number.isFinite(value), {
            path: `${path}.${bound}`,
            value,
            rule: "is not a finite number",
            fix: "Give a number, or leave it out.",
        });
    }
    checkTexts(problems, `${path}.variables`, metric.variables);
    if (metric.query !== undefined) {
        checkQuery(problems, `${path}.query`, metric.query);
        checkVariables(problems, path, `${path}.query`, metric.query, metric.variables);
    }
    if (metric.templateRef !== undefined) {
        checkObjectRef(problems, `${path}.templateRef`, metric.templateRef);
    }
    if (named && (metric.template !== undefined || isCompiled(metric))) {
        // The template that is made for it gets its name.
        checkTemplateName(problems, path, metric.name);
    }
    if (metric.compare !== undefined) {
        checkComparison(problems, path, metric);
    }
    if (metric.burnRate !== undefined) {
        checkBurnRate(problems, path, metric);
    }
    if (metric.expression !== undefined) {
        checkExpression(problems, path, metric, metrics);
    }
    if (metric.template !== undefined) {
        checkMetricTemplate(problems, `${path}.template`, metric.template);
        if (isObject(metric.template)) {
            checkVariables(problems, path, `${path}.template.query`, metric.template.query, metric.variables);
        }
    }
}

/**
 * The `metrics` of a Canary's analysis. A metric with a `template` refers to the object that was made from it:
 * `templateRefs` has it by the metric's index.
 */
export function metricsSpec(
    metrics: MetricArgs[] | undefined,
    templateRefs: Map<number, ObjectRef>,
): Record<string, unknown>[] {
    return (metrics ?? defaultMetrics).map((metric, index) => {
        const { name, min, max, interval, variables, query } = metric;
        const ref = templateRefs.get(index) ?? metric.templateRef;
        return {
            name,
            // Flagger knows a default for its own metrics alone.
            interval: interval ?? "1m",
            thresholdRange: { ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
            ...(ref !== undefined && {
                templateRef: { name: ref.name, ...(ref.namespace !== undefined && { namespace: ref.namespace }) },
            }),
            ...(variables !== undefined && { templateVariables: variables }),
            ...(query !== undefined && { query }),
        };
    });
}
