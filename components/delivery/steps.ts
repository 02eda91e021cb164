import { Problems, checkInteger } from "../validation";

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
    /**
     * Sends copies of requests to the canary for one step before it gets any of its own. Only where the mesh can.
     * @default false
     */
    mirror?: boolean;
    /**
     * The share of requests that is copied, in percent.
     * @default 100
     */
    mirrorWeight?: number;
    /**
     * How much of the traffic goes from the canary back to the primary, once that has the new version, at each interval, in
     * percent.
     * @default - all at once
     */
    stepWeightPromotion?: number;
}

/** Checks the weights for what Flagger would accept and then never finish. */
export function checkSteps(problems: Problems, path: string, steps: StepsArgs): void {
    const { stepWeight, maxWeight, stepWeights } = steps;
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
        // A weight that is missing inside the list is no default.
        checkInteger(problems, `${path}.stepWeights[${index}]`, weight ?? null, 1, 100, "percent");
        const before: unknown = weights[index - 1];
        // What is no number is told of already, and nothing can be held against it.
        if (typeof weight !== "number" || typeof before !== "number") {
            return;
        }
        problems.require(weight > before, {
            path: `${path}.stepWeights[${index}]`,
            value: weight,
            rule: `is not greater than the weight before it, ${before}: Flagger would stay at it for good`,
            fix: "Let every weight be greater than the last.",
        });
    });
}

/** What a user should know of weights that are allowed but do not do what they seem to. */
export function stepsWarnings(steps: StepsArgs): string[] {
    const { stepWeight, maxWeight = 100 } = steps;
    const last = weights(steps).at(-1);
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

/** The part of a Canary's `analysis` that says the weights. */
export function stepsSpec({ stepWeight, maxWeight, stepWeights }: StepsArgs): Record<string, unknown> {
    return stepWeights === undefined ? { stepWeight, maxWeight: maxWeight ?? 100 } : { stepWeights };
}
