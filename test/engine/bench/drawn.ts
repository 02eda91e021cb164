import fc from "fast-check";

import { AnalysisArgs, checkAnalysis } from "../../../components/delivery/analysis";
import { appMesh } from "../../../components/mesh/appMesh";
import { Problems } from "../../../components/validation";

/** Mostly the one, sometimes the other: an analysis with one unsound value says nothing about its others. */
const mostly = <T>(sound: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 20, arbitrary: sound }, { weight: 1, arbitrary: other });
const number = mostly(fc.integer({ min: 1, max: 100 }), fc.oneof(fc.integer({ min: -5, max: 150 }), fc.constant(0.5)));
const few = mostly(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -1, max: 1000 }));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const rising = fc
    .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 })
    .map((weights) => weights.sort((a, b) => a - b));

const steps = fc.oneof(
    fc.record({ stepWeight: number, maxWeight: optional(number), stepWeightPromotion: optional(number) }),
    fc.record({
        stepWeights: mostly(rising, fc.array(number, { maxLength: 5 })),
        stepWeightPromotion: optional(number),
    }),
);

const matcher = mostly<object>(
    fc.oneof(
        fc.record({ exact: fc.string() }),
        fc.record({ prefix: fc.string() }),
        fc.record({ suffix: fc.string() }),
        fc.record({ regex: fc.oneof(fc.constant(".*(Firefox|curl).*"), fc.string()) }),
    ),
    fc.constant({}),
);

const match = fc.record({
    headers: optional(
        fc.dictionary(mostly(fc.constantFrom("x-canary", "user-agent", "cookie"), fc.string()), matcher, {
            minKeys: 1,
        }),
    ),
    cookies: optional(
        fc.dictionary(fc.constantFrom("type", "user"), mostly(fc.constantFrom("insider", "a.b"), fc.constant(";")), {
            maxKeys: 1,
        }),
    ),
});

const abTest = fc.record({
    iterations: few,
    match: mostly(fc.array(match, { minLength: 1, maxLength: 1 }), fc.array(match, { maxLength: 2 })),
    stepWeightPromotion: optional(number),
});

const blueGreen = fc.record({
    iterations: few,
    stepWeightPromotion: optional(number),
    mirror: optional(fc.constant(false)),
});

const metric = fc.oneof(
    fc.record({
        name: fc.constantFrom("request-success-rate", "request-duration"),
        min: optional(number),
        max: optional(number),
        interval: optional(fc.constantFrom("1m", "30s", "1h")),
    }),
    fc.record({
        name: fc.constantFrom("always", "share"),
        query: fc.constantFrom("vector(1)", "vector({{ variables.share }})", ""),
        max: optional(number),
    }),
);

const pace = {
    interval: mostly(fc.constantFrom("10s", "30s", "1m"), fc.constantFrom("5s", "1h", "500ms")),
    threshold: few,
    metrics: fc.option(fc.array(metric, { maxLength: 2 }), { nil: undefined, freq: 2 }),
    canaryReadyThreshold: optional(number),
};

/** Analyses as people and programs might write them. */
const anyAnalysis = fc.oneof(
    fc.record({ ...pace, steps }),
    fc.record({ ...pace, abTest }),
    fc.record({ ...pace, blueGreen }),
) as fc.Arbitrary<AnalysisArgs>;

/** Those that the library accepts. */
export function accepted(count: number, seed: number): AnalysisArgs[] {
    return fc.sample(anyAnalysis, { numRuns: count, seed }).filter((analysis) => {
        const problems = new Problems();
        checkAnalysis(problems, "analysis", analysis, appMesh);
        return problems.all.length === 0;
    });
}
