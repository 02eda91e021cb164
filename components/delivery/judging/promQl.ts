import { TrafficCounters } from "../../observability/trafficQueries";

/**
 * Statistics in the arithmetic of PromQL. Every text is an expression that answers with one number without labels, so that they
 * can be put into each other.
 */

/** One-sided quantiles of the normal distribution, by the confidence in percent. */
export const normalQuantiles: Readonly<Record<number, number>> = {
    90: 1.2816,
    95: 1.6449,
    99: 2.3263,
    99.9: 3.0902,
};

/**
 * By how much each series grew within a window. A series that was not there at the window's beginning counts from nought: it is
 * that of a new pod, or of the first error. `rate` and `increase` would lose what it began with, and with few requests that is much.
 * What a pod counted that is gone is left out, so that a window that is longer than the rollout does not reach into the one before.
 */
function growth(selector: string, window: string): string {
    return `clamp_min(${selector} - (${selector} offset ${window} or ${selector} * 0), 0)`;
}

/** How much was counted within a window; 0 where there is no series. */
export function counted(selector: string, window: string): string {
    return `(sum(${growth(selector, window)}) or vector(0))`;
}

/** What a version did within a window: its requests and the errors among them. */
export interface Outcomes {
    requests: string;
    errors: string;
}

/** The outcomes of a version within a window. */
export function outcomes({ requests, errors }: TrafficCounters, window: string): Outcomes {
    return { requests: counted(requests, window), errors: counted(errors, window) };
}

/** The share of errors, from 0 to 1. */
export function errorRate({ requests, errors }: Outcomes): string {
    return `(${errors} / ${requests})`;
}

/** A bound of Wilson's score interval for the share of errors: what the true share surely is not below, or not above. */
function wilson({ requests, errors }: Outcomes, side: "+" | "-", z: number): string {
    const squared = Number((z * z).toFixed(6));
    const spread = `${z} * sqrt(${errors} * (${requests} - ${errors}) / ${requests} + ${squared / 4})`;
    return `((${errors} + ${squared / 2} ${side} ${spread}) / (${requests} + ${squared}))`;
}

/** The least share of errors that the counts leave possible, with this one-sided quantile as confidence. */
export function leastErrorRate(of: Outcomes, z: number): string {
    return wilson(of, "-", z);
}

/**
 * By how many percentage points the canary's share of errors exceeds the primary's at least: the lower bound of Newcombe's hybrid
 * score interval for the difference of two proportions.
 */
export function leastExcess(canary: Outcomes, primary: Outcomes, z: number): string {
    const difference = `${errorRate(canary)} - ${errorRate(primary)}`;
    const below = `(${errorRate(canary)} - ${wilson(canary, "-", z)}) ^ 2`;
    const above = `(${wilson(primary, "+", z)} - ${errorRate(primary)}) ^ 2`;
    return `100 * (${difference} - sqrt(${below} + ${above}))`;
}

/** The time within which a share of the requests is answered, in milliseconds. `share` is a number or an expression. */
export function latency({ durations, toMilliseconds }: TrafficCounters, window: string, share: string): string {
    const quantile = `histogram_quantile(${share}, sum by (le) (${growth(durations, window)}))`;
    return toMilliseconds === 1 ? quantile : `${toMilliseconds} * ${quantile}`;
}

/**
 * How many times the primary's latency the canary's is at least. Of the canary's quantile the lower bound is taken, of the primary's
 * the upper one: the bounds that order statistics give, whatever the distribution, with the normal approximation of the binomial.
 */
export function leastLatencyRatio(
    canary: TrafficCounters,
    primary: TrafficCounters,
    window: string,
    quantile: number,
    z: number,
): string {
    const spread = Number((z * Math.sqrt(quantile * (1 - quantile))).toFixed(6));
    const off = ({ requests }: TrafficCounters) => `${spread} / sqrt(${counted(requests, window)})`;
    const low = `scalar(clamp_min(${quantile} - ${off(canary)}, 0))`;
    const high = `scalar(clamp_max(${quantile} + ${off(primary)}, 1))`;
    return `(${latency(canary, window, low)}) / (${latency(primary, window, high)})`;
}

/** The lesser of two numbers. */
export function lesser(one: string, other: string): string {
    return `((${one}) <= (${other}) or (${other}))`;
}

/** Whether all conditions hold, each of which answers with something or with nothing. */
export function all(conditions: readonly string[]): string {
    return conditions.map((condition) => `(${condition})`).join(" and on() ");
}
