/**
 * What Flagger 1.44 makes of the answers to its queries, for a rollout by weights: `advanceCanary`, `runMetricChecks` and
 * `runCanary` in its pkg/controller. The engine suite `judging` holds it against the real Flagger.
 */
export interface Rollout {
    phase: "progressing" | "waiting for promotion" | "promoted" | "rolled back";
    weight: number;
    failedChecks: number;
}

/** A metric of the analysis, in Flagger's words. */
export interface RuleMetric {
    query: string;
    min?: number;
    max?: number;
    /** Whether Flagger drops what is less than a millisecond, as it does of its own duration. */
    wholeNumber?: boolean;
}

/** How a rollout is analysed. */
export interface Rule {
    weights: number[];
    threshold: number;
    metrics: RuleMetric[];
    /** Questions that have to be answered with something: before each weight, and before the promotion. */
    step?: string;
    promotion?: string;
}

/** Asks a Prometheus; undefined where there is no answer. */
export type Ask = (query: string) => Promise<number | undefined>;

/** The rollout after one more look of Flagger's. */
export async function look(rollout: Rollout, rule: Rule, ask: Ask): Promise<Rollout> {
    const { weight, failedChecks } = rollout;
    if (failedChecks >= rule.threshold) {
        return { ...rollout, phase: "rolled back", weight: 0 };
    }
    if (weight > 0 && !(await passesAll(rule.metrics, ask))) {
        return { ...rollout, failedChecks: failedChecks + 1 };
    }
    if (rollout.phase === "progressing" && !(await confirmed(rule.step, ask))) {
        return rollout;
    }
    const next = rule.weights.find((one) => one > weight);
    if (next !== undefined) {
        return { ...rollout, weight: next };
    }
    return { ...rollout, phase: (await confirmed(rule.promotion, ask)) ? "promoted" : "waiting for promotion" };
}

async function confirmed(query: string | undefined, ask: Ask): Promise<boolean> {
    return query === undefined || (await ask(query)) !== undefined;
}

/** One after the other: the first that fails ends the check. */
async function passesAll(metrics: readonly RuleMetric[], ask: Ask): Promise<boolean> {
    for (const { query, min, max, wholeNumber } of metrics) {
        const answer = await ask(query);
        if (answer === undefined || Number.isNaN(answer)) {
            return false;
        }
        const value = wholeNumber === true ? Math.trunc(answer) : answer;
        if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
            return false;
        }
    }
    return true;
}
