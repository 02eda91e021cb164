import { checkIterations } from "../../components/delivery/abTest";
import { checkPace } from "../../components/delivery/analysis";
import { checkSteps } from "../../components/delivery/steps";
import { Fields } from "../../components/shape";
import { Problems, checkInteger } from "../../components/validation";
import { Canary, canaryOf } from "../canaries";
import { ResourceRule } from "../rule";

/** A rollout comes to an end: what CanaryApp refuses is refused in a Canary that is written by hand, too. */
export const canaryAnalysis: ResourceRule = {
    name: "canary-analysis",
    description: "The analysis of a Canary is one that Flagger finishes, as CanaryApp checks it.",
    enforcementLevel: "mandatory",
    severity: "high",
    check(problems, resource) {
        const canary = canaryOf(resource);
        if (canary === undefined) {
            return;
        }
        const { path, analysis } = canary;
        if (
            problems.require(analysis !== undefined, {
                path,
                rule: "is needed: Flagger cannot judge a rollout without an analysis",
                fix: 'Give at least { interval: "1m", threshold: 5, stepWeight: 10, maxWeight: 50 } and metrics.',
            })
        ) {
            checkPace(problems, path, analysis!);
            checkStrategy(problems, canary, analysis!);
            for (const key of ["stepWeightPromotion", "primaryReadyThreshold", "canaryReadyThreshold"]) {
                checkInteger(problems, `${path}.${key}`, analysis![key], 1, 100, "percent");
            }
        }
    },
};

/** Flagger takes a strategy by what is given: iterations, or weights. */
function checkStrategy(problems: Problems, { path, spec }: Canary, analysis: Fields): void {
    const { iterations, match, stepWeight, stepWeights, maxWeight } = analysis;
    if (iterations !== undefined && iterations !== 0) {
        checkIterations(problems, path, iterations);
        for (const key of ["stepWeight", "stepWeights"] as const) {
            problems.require(analysis[key] === undefined, {
                path: `${path}.${key}`,
                value: analysis[key],
                rule: "is read over beside iterations: the canary gets no share of the traffic before it gets all",
                fix: "Keep one of the two.",
            });
        }
        return;
    }
    // With Kubernetes alone, Flagger takes ten iterations where none are given.
    if (spec.provider === "kubernetes") {
        return;
    }
    problems.require(match === undefined, {
        path: `${path}.iterations`,
        value: iterations,
        rule: "is needed beside match: without it Flagger runs no A/B test",
        fix: "Give the number of checks.",
    });
    // What they are is for the check to find out.
    checkSteps(problems, path, { stepWeight, stepWeights, maxWeight } as Parameters<typeof checkSteps>[2]);
}
