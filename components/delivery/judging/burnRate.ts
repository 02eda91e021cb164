import { checkObject } from "../../shape";
import { Problems, checkDuration, isDuration, seconds } from "../../validation";
import type { MetricArgs } from "../metricArgs";
import { checkConfidence, quantileOf } from "./confidence";
import { JudgedVersions, Measure, enoughRequests } from "./measure";
import { leastErrorRate, lesser, outcomes } from "./promQl";

/** The canary's errors against an objective: how many times faster than allowed they use up what it leaves for errors. */
export interface BurnRateArgs {
    /** The share of requests that are to be answered without error, in percent: 99.9. */
    objective: number;
    /**
     * A second, shorter window. The lesser of both rates is judged, so that errors that have ended fail no more: seconds or minutes.
     * @default - the metric's `interval` alone
     */
    shortInterval?: string;
    /**
     * How sure it is that the rate is no less, in percent: 90, 95, 99 or 99.9.
     * @default 99
     */
    confidence?: number;
}

/** The requests to the canary from which on a burn rate counts, unless told otherwise. */
export const samplesToBurn = 100;

/** Checks a metric that is a burn rate. */
export function checkBurnRate(problems: Problems, path: string, metric: MetricArgs): void {
    const { burnRate, min, max, interval = "1m" } = metric;
    const at = `${path}.burnRate`;
    if (!checkObject(problems, at, burnRate, "Write it like { objective: 99.9 }.")) {
        return;
    }
    const { objective, shortInterval } = burnRate as unknown as BurnRateArgs;
    problems.require(typeof objective === "number" && objective > 0 && objective < 100, {
        path: `${at}.objective`,
        value: objective,
        rule: "is not a share of requests between 0 and 100 percent that leaves room for errors",
        fix: "Give 99.9 for one error in a thousand requests.",
    });
    checkConfidence(problems, `${at}.confidence`, burnRate.confidence);
    checkDuration(problems, `${at}.shortInterval`, shortInterval);
    if (isDuration(shortInterval) && isDuration(interval)) {
        problems.require(seconds(shortInterval) < seconds(interval), {
            path: `${at}.shortInterval`,
            value: shortInterval,
            rule: `is not shorter than the metric's interval, ${interval}`,
            fix: "Give a shorter one, or the metric a longer interval.",
        });
    }
    problems.require(min === undefined, {
        path: `${path}.min`,
        value: min,
        rule: "would fail a canary for having too few errors",
        fix: "Give max alone.",
    });
    problems.require(max !== undefined, {
        path: `${path}.max`,
        rule: "is needed: nothing says how fast the canary may use up its errors",
        fix: "Give 1 to hold it to the objective, or what your alerts have.",
    });
}

/** How the burn rate is asked for. */
export function burnRateMeasure(
    { objective, shortInterval, confidence }: BurnRateArgs,
    samples: number,
    window: string,
    { canary }: JudgedVersions,
): Measure {
    // 1 - 0.999 is a little more than 0.001 in binary.
    const allowed = Number((1 - objective / 100).toPrecision(9));
    const rate = (within: string) => `${leastErrorRate(outcomes(canary, within), quantileOf(confidence))} / ${allowed}`;
    return {
        value: shortInterval === undefined ? rate(window) : lesser(rate(window), rate(shortInterval)),
        enough: [enoughRequests(canary, window, samples)],
    };
}
