import { Problems, checkDuration, checkInteger, seconds } from "../validation";

/** How Flagger judges a new version. */
export interface AnalysisArgs {
    /** How often Flagger looks, and so how long each weight lasts: seconds or minutes, at least 10 seconds ("15s"). */
    interval: string;
    /** How many failed checks, counted over the whole rollout, roll it back: at least 1. */
    threshold: number;
    /** Shifts traffic to the new version in steps. */
    steps: StepsArgs;
    /**
     * What is measured at each step.
     * @default - the two that Flagger brings: a success rate of at least 99 % and a 99th percentile of at most 500 ms, each
     *   over one minute
     */
    metrics?: MetricArgs[];
}

/** The weights of a canary. Either `stepWeight` with `maxWeight`, or `stepWeights`. */
export interface StepsArgs {
    /**
     * How much more traffic each step gives the canary, in percent.
     * @default - `stepWeights` says it
     */
    stepWeight?: number;
    /**
     * The weight after which the canary is promoted, in percent.
     * @default 100
     */
    maxWeight?: number;
    /**
     * The weights one by one, in percent, each greater than the one before.
     * @default - `stepWeight` says it
     */
    stepWeights?: number[];
}

/** One measurement of the analysis. */
export interface MetricArgs {
    /** `request-success-rate` (percent) or `request-duration` (milliseconds, 99th percentile). */
    name: string;
    /**
     * The least value that passes.
     * @default - no lower bound
     */
    min?: number;
    /**
     * The greatest value that passes.
     * @default - no upper bound
     */
    max?: number;
    /**
     * The window that is measured: seconds or minutes.
     * @default "1m"
     */
    interval?: string;
}

const defaultMetrics: MetricArgs[] = [
    { name: "request-success-rate", min: 99 },
    { name: "request-duration", max: 500 },
];

const builtIn: Record<string, { bound: "min" | "max"; limit: number; unit: string }> = {
    "request-success-rate": { bound: "min", limit: 100, unit: "percent" },
    "request-duration": { bound: "max", limit: 3_600_000, unit: "milliseconds" },
};

/** Checks an analysis for what Flagger would refuse, and for what it would accept and then never finish. */
export function checkAnalysis(problems: Problems, path: string, analysis: AnalysisArgs | undefined): void {
    if (
        !problems.require(typeof analysis === "object" && analysis !== null, {
            path,
            value: analysis,
            rule: "is missing: Flagger cannot judge a rollout without an analysis",
            fix: `Give at least { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } }.`,
        })
    ) {
        return;
    }
    const given = analysis as AnalysisArgs;
    if (given.interval === undefined) {
        problems.add({ path: `${path}.interval`, rule: "is required", fix: `Write it like "30s" or "5m".` });
    }
    checkDuration(problems, `${path}.interval`, given.interval);
    if (typeof given.interval === "string" && /^[1-9]\d*s$/.test(given.interval)) {
        problems.require(seconds(given.interval) >= 10, {
            path: `${path}.interval`,
            value: given.interval,
            rule: "is shorter than Flagger's shortest interval, 10 seconds, which it would use without saying so",
            fix: `Give "10s" or more.`,
        });
    }
    if (given.threshold === undefined) {
        problems.add({
            path: `${path}.threshold`,
            rule: "is required",
            fix: "Give the number of failed checks that roll back.",
        });
    }
    checkInteger(problems, `${path}.threshold`, given.threshold, 1, 1000, "failed checks");
    checkSteps(problems, `${path}.steps`, given.steps);
    if (Array.isArray(given.metrics)) {
        given.metrics.forEach((metric, index) => checkMetric(problems, `${path}.metrics[${index}]`, metric));
    }
    problems.require(given.metrics === undefined || (Array.isArray(given.metrics) && given.metrics.length > 0), {
        path: `${path}.metrics`,
        value: given.metrics,
        rule: "leaves nothing to judge by: every version would be promoted",
        fix: "Name a metric, or leave the list out to get the two defaults.",
    });
}

function checkSteps(problems: Problems, path: string, steps: StepsArgs | undefined): void {
    if (
        !problems.require(typeof steps === "object" && steps !== null, {
            path,
            value: steps,
            rule: "is missing: nothing says how traffic is shifted",
            fix: "Give { stepWeight: 10, maxWeight: 50 } or { stepWeights: [1, 10, 50] }.",
        })
    ) {
        return;
    }
    const { stepWeight, maxWeight, stepWeights } = steps as StepsArgs;
    if (
        !problems.require((stepWeight === undefined) !== (stepWeights === undefined), {
            path,
            value: steps,
            rule: "has to say the weights in exactly one way",
            fix: "Keep stepWeight (with maxWeight) or stepWeights, not both and not neither.",
        })
    ) {
        return;
    }
    if (stepWeights !== undefined) {
        checkStepWeights(problems, path, stepWeights, maxWeight);
        return;
    }
    checkInteger(problems, `${path}.stepWeight`, stepWeight, 1, 100, "percent; with 0 Flagger would never move on");
    checkInteger(problems, `${path}.maxWeight`, maxWeight, 1, 100, "percent");
}

function checkStepWeights(problems: Problems, path: string, weights: number[], maxWeight: number | undefined): void {
    problems.require(maxWeight === undefined, {
        path: `${path}.maxWeight`,
        value: maxWeight,
        rule: "is ignored beside stepWeights, whose last weight is the greatest",
        fix: "Leave it out.",
    });
    if (
        !problems.require(Array.isArray(weights) && weights.length > 0, {
            path: `${path}.stepWeights`,
            value: weights,
            rule: "names no weight",
            fix: "Give the weights in order, like [1, 5, 25, 50].",
        })
    ) {
        return;
    }
    weights.forEach((weight, index) => {
        checkInteger(problems, `${path}.stepWeights[${index}]`, weight, 1, 100, "percent");
        const before = weights[index - 1];
        problems.require(before === undefined || weight > before, {
            path: `${path}.stepWeights[${index}]`,
            value: weight,
            rule: `is not greater than the weight before it, ${before}: Flagger would stay at it for good`,
            fix: "Let every weight be greater than the last.",
        });
    });
}

function checkMetric(problems: Problems, path: string, metric: MetricArgs): void {
    if (typeof metric !== "object" || metric === null) {
        problems.add({
            path,
            value: metric,
            rule: "is not a metric",
            fix: `Write it like { name: "request-success-rate", min: 99 }.`,
        });
        return;
    }
    const known = Object.hasOwn(builtIn, metric.name) ? builtIn[metric.name] : undefined;
    if (known === undefined) {
        problems.add({
            path: `${path}.name`,
            value: metric.name,
            rule: "is not a metric that Flagger brings",
            fix: `Use one of ${Object.keys(builtIn).join(", ")}.`,
        });
    } else {
        problems.require(metric[known.bound] !== undefined, {
            path: `${path}.${known.bound}`,
            rule:
                known.bound === "min"
                    ? "is needed: without it every success rate passes"
                    : "is needed: without it every duration fails",
            fix: `Give a number of ${known.unit}.`,
        });
        for (const bound of ["min", "max"] as const) {
            const value = metric[bound];
            problems.require(value === undefined || (typeof value === "number" && value >= 0 && value <= known.limit), {
                path: `${path}.${bound}`,
                value,
                rule: `is not between 0 and ${known.limit} (${known.unit})`,
                fix: "Give a number in that range.",
            });
        }
    }
    problems.require(metric.min === undefined || metric.max === undefined || metric.min <= metric.max, {
        path: `${path}.max`,
        value: metric.max,
        rule: `is less than the least value that passes, ${metric.min}`,
        fix: "Let no bound exclude the other.",
    });
    checkDuration(problems, `${path}.interval`, metric.interval);
}

/** What a user should know of an analysis that is allowed but does not do what it seems to. */
export function analysisWarnings(analysis: AnalysisArgs): string[] {
    const { stepWeight, maxWeight = 100 } = analysis.steps;
    const last = weights(analysis.steps).at(-1);
    if (stepWeight === undefined || last === maxWeight) {
        return [];
    }
    return [
        `analysis.steps: steps of ${stepWeight} do not meet ${maxWeight}: Flagger's last weight before promotion will be ${last} percent, not ${maxWeight}.`,
    ];
}

/**
 * The weights that a canary passes through, in order, in percent. Flagger goes on in whole steps until the greatest weight is
 * reached, past it if the steps do not meet it, but never past 100.
 */
export function weights(steps: StepsArgs): number[] {
    const { stepWeight, maxWeight = 100, stepWeights } = steps;
    if (stepWeights !== undefined) {
        return [...stepWeights];
    }
    const step = stepWeight ?? maxWeight;
    return Array.from({ length: Math.ceil(maxWeight / step) }, (_, i) => Math.min((i + 1) * step, 100));
}

/** The `analysis` of a Canary, without its webhooks. */
export function analysisSpec(analysis: AnalysisArgs): Record<string, unknown> {
    const { stepWeight, maxWeight, stepWeights } = analysis.steps;
    return {
        interval: analysis.interval,
        threshold: analysis.threshold,
        ...(stepWeights === undefined ? { stepWeight, maxWeight: maxWeight ?? 100 } : { stepWeights }),
        metrics: (analysis.metrics ?? defaultMetrics).map(({ name, min, max, interval }) => ({
            name,
            interval: interval ?? "1m",
            thresholdRange: { ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
        })),
    };
}
