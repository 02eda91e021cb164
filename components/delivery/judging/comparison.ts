import { checkObject } from "../../shape";
import { Problems } from "../../validation";
import type { MetricArgs } from "../metricArgs";
import { checkConfidence, quantileOf } from "./confidence";
import { JudgedVersions, Measure, enoughRequests } from "./measure";
import { leastExcess, leastLatencyRatio, outcomes } from "./promQl";

/** The canary measured by the primary, of which the same is asked in the same window. */
export interface CompareArgs {
    /**
     * `error-rate`: by how many percentage points the canary's share of errors exceeds the primary's at least. `latency`: how many
     * times the primary's latency the canary's is at least.
     */
    of: string;
    /**
     * How sure the "at least" is, in percent: 90, 95, 99 or 99.9. What chance alone would explain passes.
     * @default 99
     */
    confidence?: number;
    /**
     * For `latency`, the share of requests that is answered within it, such as 0.95.
     * @default 0.95
     */
    quantile?: number;
}

const kinds = ["error-rate", "latency"];
const usualSamples = 100;
const usualQuantile = 0.95;

/**
 * The requests that the upper bound of a quantile takes: with fewer it would be the slowest request of all, and nothing could
 * exceed it.
 */
function leastSamples({ of, confidence, quantile = usualQuantile }: CompareArgs): number {
    if (of !== "latency") {
        return 1;
    }
    return Math.ceil((quantileOf(confidence) ** 2 * quantile) / (1 - quantile));
}

/** The requests of each version from which on a comparison counts, unless told otherwise. */
export function samplesToCompare(compare: CompareArgs): number {
    return Math.max(usualSamples, leastSamples(compare));
}

/** Checks a metric that compares. */
export function checkComparison(problems: Problems, path: string, metric: MetricArgs): void {
    const { compare, min, max, minimumSamples } = metric;
    const at = `${path}.compare`;
    if (!checkObject(problems, at, compare, 'Write it like { of: "error-rate" }.')) {
        return;
    }
    const { of, quantile } = compare as unknown as CompareArgs;
    const known = problems.require(kinds.includes(of), {
        path: `${at}.of`,
        value: of,
        rule: "is nothing that two versions can be compared by",
        fix: `Use ${kinds.join(" or ")}.`,
    });
    const sure = checkConfidence(problems, `${at}.confidence`, compare.confidence);
    problems.require(min === undefined, {
        path: `${path}.min`,
        value: min,
        rule: "would fail a canary for being better than the primary",
        fix: "Give max alone.",
    });
    problems.require(max !== undefined, {
        path: `${path}.max`,
        rule: "is needed: nothing says how much worse than the primary the canary may be",
        fix:
            of === "latency"
                ? "Give a ratio, such as 1.2."
                : "Give percentage points: 0.5 lets the canary fail half a request of a hundred more.",
    });
    if (quantile !== undefined && !checkQuantile(problems, `${at}.quantile`, of, quantile)) {
        return;
    }
    if (known && sure && typeof minimumSamples === "number" && Number.isInteger(minimumSamples)) {
        const least = leastSamples(compare);
        problems.require(minimumSamples >= least, {
            path: `${path}.minimumSamples`,
            value: minimumSamples,
            rule: "is too few for that quantile and confidence: its bound would be the slowest request of all, which nothing exceeds",
            fix: `Give ${least} or more, or a smaller quantile.`,
        });
    }
}

function checkQuantile(problems: Problems, path: string, of: string, quantile: unknown): boolean {
    return (
        problems.require(of === "latency", {
            path,
            value: quantile,
            rule: "is read for latency alone",
            fix: "Leave it out.",
        }) &&
        problems.require(typeof quantile === "number" && quantile >= 0.5 && quantile < 1, {
            path,
            value: quantile,
            rule: "is not a share of requests from 0.5 to less than 1",
            fix: "Give 0.95 for the time within which 95 of 100 requests are answered.",
        })
    );
}

/** How the comparison is asked for. */
export function comparisonMeasure(
    compare: CompareArgs,
    samples: number,
    window: string,
    { canary, primary }: JudgedVersions,
): Measure {
    const z = quantileOf(compare.confidence);
    const value =
        compare.of === "latency"
            ? leastLatencyRatio(canary, primary, window, compare.quantile ?? usualQuantile, z)
            : leastExcess(outcomes(canary, window), outcomes(primary, window), z);
    return { value, enough: [canary, primary].map((version) => enoughRequests(version, window, samples)) };
}
