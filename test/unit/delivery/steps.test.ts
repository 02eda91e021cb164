import assert from "node:assert/strict";

import fc from "fast-check";

import { StepsArgs, checkSteps, stepsSpec, stepsWarnings, weights } from "../../../components/delivery/steps";
import { linesOf, pathsOf } from "../problems";

const lines = (steps: unknown) => linesOf((problems) => checkSteps(problems, "steps", steps as StepsArgs));
const paths = (steps: unknown) => pathsOf((problems) => checkSteps(problems, "steps", steps as StepsArgs));

describe("checkSteps", () => {
    const accepted: [string, StepsArgs][] = [
        ["steps that meet the maximum", { stepWeight: 10, maxWeight: 50 }],
        ["steps that pass the maximum but not 100", { stepWeight: 20, maxWeight: 50 }],
        ["steps up to 100 without a maximum", { stepWeight: 25 }],
        ["steps that Flagger cuts short at 100", { stepWeight: 40 }],
        ["one step", { stepWeight: 100, maxWeight: 1 }],
        ["weights one by one", { stepWeights: [1, 5, 25, 100] }],
        ["one weight", { stepWeights: [1] }],
    ];
    for (const [what, steps] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(steps), []);
        });
    }

    // Each of the numbers was seen to hang or overshoot in Flagger itself.
    const refused: [string, unknown, string[]][] = [
        ["a weight twice", { stepWeights: [10, 10, 20] }, ["steps.stepWeights[1]"]],
        ["a falling weight", { stepWeights: [30, 20] }, ["steps.stepWeights[1]"]],
        ["a leading 0", { stepWeights: [0, 20, 40] }, ["steps.stepWeights[0]"]],
        ["a weight above 100", { stepWeights: [50, 101] }, ["steps.stepWeights[1]"]],
        ["half a percent", { stepWeights: [0.5, 1] }, ["steps.stepWeights[0]"]],
        ["a weight in quotes", { stepWeights: ["5", 10] }, ["steps.stepWeights[0]"]],
        ["a missing weight", { stepWeights: [undefined] }, ["steps.stepWeights[0]"]],
        ["a weight that is null", { stepWeights: [null, 5] }, ["steps.stepWeights[0]"]],
        ["no weight", { stepWeights: [] }, ["steps.stepWeights"]],
        ["a number for the weights", { stepWeights: 5 }, ["steps.stepWeights"]],
        ["a text for the weights", { stepWeights: "1, 5" }, ["steps.stepWeights"]],
        ["an object for the weights", { stepWeights: { 0: 1 } }, ["steps.stepWeights"]],
        ["null for the weights", { stepWeights: null }, ["steps.stepWeights"]],
        ["a maximum beside the weights", { stepWeights: [10], maxWeight: 50 }, ["steps.maxWeight"]],
        ["steps of 0", { stepWeight: 0, maxWeight: 50 }, ["steps.stepWeight"]],
        ["steps that are null", { stepWeight: null }, ["steps.stepWeight"]],
        ["steps of more than all", { stepWeight: 101 }, ["steps.stepWeight"]],
        ["a maximum of 0", { stepWeight: 10, maxWeight: 0 }, ["steps.maxWeight"]],
        ["a maximum beyond 100", { stepWeight: 60, maxWeight: 200 }, ["steps.maxWeight"]],
        ["both ways to say the steps", { stepWeight: 10, stepWeights: [10] }, ["steps"]],
        ["no way to say the steps", {}, ["steps"]],
        ["a maximum alone", { maxWeight: 50 }, ["steps"]],
        ["a list for the steps", [10, 20], ["steps"]],
    ];
    for (const [what, steps, expected] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(paths(steps), expected);
        });
    }

    it("says what Flagger would do, and what to write instead", () => {
        assert.deepEqual(lines({ stepWeight: 0, maxWeight: 200 }), [
            "steps.stepWeight: 0 is not a whole number from 1 to 100 (percent; with 0 Flagger would never move on). " +
                "Give a number in that range.",
            "steps.maxWeight: 200 is not a whole number from 1 to 100 (percent). Give a number in that range.",
        ]);
        assert.deepEqual(lines({ stepWeights: [5, 5, 0], maxWeight: 5 }), [
            "steps.maxWeight: 5 is ignored beside stepWeights, whose last weight is the greatest. Leave it out.",
            "steps.stepWeights[1]: 5 is not greater than the weight before it, 5: Flagger would stay at it for good. " +
                "Let every weight be greater than the last.",
            "steps.stepWeights[2]: 0 is not a whole number from 1 to 100 (percent). Give a number in that range.",
            "steps.stepWeights[2]: 0 is not greater than the weight before it, 5: Flagger would stay at it for good. " +
                "Let every weight be greater than the last.",
        ]);
        assert.deepEqual(lines({ stepWeights: [] }), [
            "steps.stepWeights: [] names no weight. Give the weights in order, like [1, 5, 25, 50].",
        ]);
        assert.deepEqual(lines({ maxWeight: 50 }), [
            'steps: {"maxWeight":50} has to say the weights in exactly one way. ' +
                "Keep stepWeight (with maxWeight) or stepWeights, not both and not neither.",
        ]);
    });

    it("accepts every step and maximum from 1 to 100, for Flagger finishes each of them", () => {
        const within = fc.integer({ min: 1, max: 100 });
        fc.assert(
            fc.property(within, within, (stepWeight, maxWeight) => {
                assert.deepEqual(lines({ stepWeight, maxWeight }), []);
            }),
        );
    });

    it("reports instead of breaking, given anything, and accepts only what can be made into weights", () => {
        const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.integer({ min: -1, max: 101 }), fc.jsonValue());
        const steps = fc.record(
            { stepWeight: any, maxWeight: any, stepWeights: fc.oneof(any, fc.array(any, { maxLength: 3 })) },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(steps, (drawn) => {
                const given = drawn as StepsArgs;
                assert.ok(paths(given).length > 0 || weights(given).every(Number.isInteger));
            }),
            { numRuns: 2000 },
        );
        // Drawn once in some hundred thousand: an object that cannot be made a text, and a weight after it.
        const unreadable = [{ toString: 0 }, 10] as unknown as number[];
        assert.deepEqual(paths({ stepWeights: unreadable }), ["steps.stepWeights[0]"]);
    });
});

describe("weights", () => {
    it("are what Flagger passes through", () => {
        const table: [StepsArgs, number[]][] = [
            [{ stepWeight: 5, maxWeight: 50 }, [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]],
            [{ stepWeight: 20, maxWeight: 50 }, [20, 40, 60]],
            [{ stepWeight: 50 }, [50, 100]],
            [{ stepWeight: 40 }, [40, 80, 100]],
            [{ stepWeight: 60, maxWeight: 90 }, [60, 100]],
            [{ stepWeight: 10, maxWeight: 1 }, [10]],
            [{ stepWeights: [1, 5, 25] }, [1, 5, 25]],
        ];
        for (const [steps, expected] of table) {
            assert.deepEqual(weights(steps), expected);
        }
    });

    const percent = fc.integer({ min: -5, max: 110 });
    const rises = (all: number[]) => all.every((weight, i) => i === 0 || weight > all[i - 1]!);

    it("of any accepted stepWeight rise to the maximum, by less than a step beyond it, and never beyond 100", () => {
        fc.assert(
            fc.property(percent, fc.option(percent, { nil: undefined }), (stepWeight, maxWeight) => {
                const steps = { stepWeight, maxWeight };
                fc.pre(lines(steps).length === 0);
                const all = weights(steps);
                const last = all[all.length - 1]!;
                assert.ok(rises(all), `rise: ${all.join()}`);
                assert.ok(
                    all.every((weight) => weight >= 1 && weight <= 100),
                    `in bounds: ${all.join()}`,
                );
                assert.ok(last >= (maxWeight ?? 100) && last < (maxWeight ?? 100) + stepWeight, `end: ${last}`);
            }),
            { numRuns: 500 },
        );
    });

    it("of any accepted stepWeights are these, and rise within bounds", () => {
        fc.assert(
            fc.property(fc.array(percent, { maxLength: 4 }), fc.boolean(), (drawn, sorted) => {
                const stepWeights = sorted ? [...drawn].sort((a, b) => a - b) : drawn;
                fc.pre(lines({ stepWeights }).length === 0);
                assert.deepEqual(weights({ stepWeights }), stepWeights);
                assert.ok(rises(stepWeights) && stepWeights.every((weight) => weight >= 1 && weight <= 100));
            }),
            { numRuns: 300 },
        );
    });

    it("are a list of their own", () => {
        const stepWeights = [1, 2];
        weights({ stepWeights }).push(3);
        assert.deepEqual(stepWeights, [1, 2]);
    });
});

describe("stepsWarnings", () => {
    it("name the real last weight", () => {
        assert.deepEqual(stepsWarnings({ stepWeight: 60, maxWeight: 90 }), [
            "analysis.steps: steps of 60 do not meet 90: Flagger's last weight before promotion will be 100 percent, " +
                "not 90.",
        ]);
        assert.deepEqual(stepsWarnings({ stepWeight: 20, maxWeight: 50 }), [
            "analysis.steps: steps of 20 do not meet 50: Flagger's last weight before promotion will be 60 percent, " +
                "not 50.",
        ]);
    });

    it("are none where the steps meet the maximum", () => {
        assert.deepEqual(stepsWarnings({ stepWeight: 25, maxWeight: 50 }), []);
        assert.deepEqual(stepsWarnings({ stepWeight: 25 }), []);
        assert.deepEqual(stepsWarnings({ stepWeight: 40 }), []);
        assert.deepEqual(stepsWarnings({ stepWeights: [1, 7] }), []);
    });
});

describe("stepsSpec", () => {
    it("says the weights in one way only, and nothing else", () => {
        assert.deepEqual(stepsSpec({ stepWeight: 10, maxWeight: 50, mirror: true, stepWeightPromotion: 5 }), {
            stepWeight: 10,
            maxWeight: 50,
        });
        assert.deepEqual(stepsSpec({ stepWeight: 10 }), { stepWeight: 10, maxWeight: 100 });
        assert.deepEqual(stepsSpec({ stepWeights: [1, 2] }), { stepWeights: [1, 2] });
    });
});
