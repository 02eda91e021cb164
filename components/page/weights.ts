import { RolloutPlan } from "../delivery/plan";
import { Sample } from "./checks";
import { Moment } from "../delivery/promotion/moments";

/** The canary's share over time in percent, as Flagger said it: each value holds until the next. */
export function saidWeights(moments: readonly Moment[]): Sample[] {
    const found: Sample[] = [];
    for (const { first: time, text } of [...moments].sort((a, b) => a.first - b.first)) {
        const value = weightIn(text);
        if (value !== undefined && found.at(-1)?.value !== value) {
            found.push({ time, value });
        }
    }
    return found;
}

/**
 * What Flagger said of the weights, which is to the second, or what was counted of them, which is to its interval. Kubernetes keeps 25 events
 * of one object at once and then one in five minutes, so of a second rollout within an hour Flagger's words may be missing.
 */
export function wholeWeights(said: Sample[], counted: Sample[] = []): Sample[] {
    const values = (samples: Sample[]) => new Set(samples.map(({ value }) => value)).size;
    if (values(counted) <= values(said)) {
        return said;
    }
    const end = said.at(-1);
    const last = counted.at(-1)!;
    return end !== undefined && end.time > last.time && end.value !== last.value ? [...counted, end] : counted;
}

/** The canary's share in percent that Flagger's words tell of; undefined where they tell of none. */
export function weightIn(text: string): number | undefined {
    const [, whose, weight] = /^Advance \S+ (canary|primary) weight (\d+)$/.exec(text) ?? [];
    if (weight !== undefined) {
        return whose === "canary" ? Number(weight) : 100 - Number(weight);
    }
    if (
        /^(Routing all traffic to canary|Stop traffic mirroring and route all traffic to canary|Promotion of .* failed)/.test(
            text,
        )
    ) {
        return 100;
    }
    return /^(New revision detected!|Routing all traffic to primary|Promotion completed!|Canary failed!)/.test(text)
        ? 0
        : undefined;
}

/** The weights as they were planned, from when the analysis began; without a plan by weights nothing. */
export function plannedWeights(plan: RolloutPlan | undefined, moments: readonly Moment[], interval: number): Sample[] {
    // The first weight comes with the beginning of the analysis.
    const begin = moments.find(({ text }) => text.startsWith("Starting canary analysis"))?.first;
    if (plan === undefined || plan.weights.length === 0 || begin === undefined) {
        return [];
    }
    const at = (looks: number) => begin + looks * interval * 1000;
    const { length } = plan.weights;
    return [
        ...plan.weights.map((value, index) => ({ time: at(index), value })),
        // After the last weight the version is copied to the primary, and the traffic goes back.
        { time: at(length + 1), value: 0 },
    ];
}
