import assert from "node:assert/strict";

import fc from "fast-check";

import {
    AnalysisArgs,
    StepsArgs,
    analysisSpec,
    analysisWarnings,
    checkAnalysis,
    weights,
} from "../../../components/delivery/analysis";
import { linesOf, pathsOf } from "../problems";

const good: AnalysisArgs = { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } };

const paths = (changes: object) => pathsOf((problems) => checkAnalysis(problems, "analysis", { ...good, ...changes }));
const lines = (changes: object) => linesOf((problems) => checkAnalysis(problems, "analysis", { ...good, ...changes }));

describe("checkAnalysis", () => {
    const accepted: [string, object][] = [
        ["steps that meet the maximum", {}],
        ["steps that pass the maximum but not 100", { steps: { stepWeight: 20, maxWeight: 50 } }],
        ["steps up to 100 without a maximum", { steps: { stepWeight: 25 } }],
        ["steps that Flagger cuts short at 100", { steps: { stepWeight: 40 } }],
        ["one step", { steps: { stepWeight: 100, maxWeight: 1 } }],
        ["weights one by one", { steps: { stepWeights: [1, 5, 25, 100] } }],
        ["the shortest interval", { interval: "10s" }],
        ["bounds at their limits", { metrics: [{ name: "request-success-rate", min: 0, max: 100 }] }],
        ["a window of its own", { metrics: [{ name: "request-duration", max: 500, interval: "30s" }] }],
    ];
    for (const [what, changes] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(changes), []);
        });
    }

    // Each was seen to hang, overshoot or be misread by Flagger itself.
    const traps: [string, object, string[]][] = [
        ["a weight twice", { steps: { stepWeights: [10, 10, 20] } }, ["steps.stepWeights[1]"]],
        ["a falling weight", { steps: { stepWeights: [30, 20] } }, ["steps.stepWeights[1]"]],
        ["a leading 0", { steps: { stepWeights: [0, 20, 40] } }, ["steps.stepWeights[0]"]],
        ["a weight above 100", { steps: { stepWeights: [50, 101] } }, ["steps.stepWeights[1]"]],
        ["half a percent", { steps: { stepWeights: [0.5, 1] } }, ["steps.stepWeights[0]"]],
        ["no weight", { steps: { stepWeights: [] } }, ["steps.stepWeights"]],
        ["a maximum beside the weights", { steps: { stepWeights: [10], maxWeight: 50 } }, ["steps.maxWeight"]],
        ["steps of 0", { steps: { stepWeight: 0, maxWeight: 50 } }, ["steps.stepWeight"]],
        ["steps beyond 100", { steps: { stepWeight: 60, maxWeight: 200 } }, ["steps.maxWeight"]],
        ["both ways to say the steps", { steps: { stepWeight: 10, stepWeights: [10] } }, ["steps"]],
        ["no way to say the steps", { steps: {} }, ["steps"]],
        ["a maximum alone", { steps: { maxWeight: 50 } }, ["steps"]],
        ["no steps", { steps: undefined }, ["steps"]],
        ["milliseconds", { interval: "500ms" }, ["interval"]],
        ["a spelled-out minute", { interval: "1minute" }, ["interval"]],
        ["hours", { interval: "1h" }, ["interval"]],
        ["less than Flagger's least", { interval: "5s" }, ["interval"]],
        ["no interval", { interval: undefined }, ["interval"]],
        ["an interval of 0", { interval: "0s" }, ["interval"]],
        ["a number for an interval", { interval: 60 }, ["interval"]],
        ["a threshold of 0", { threshold: 0 }, ["threshold"]],
        ["half a failed check", { threshold: 1.5 }, ["threshold"]],
        ["no threshold", { threshold: undefined }, ["threshold"]],
        ["nothing to judge by", { metrics: [] }, ["metrics"]],
        ["a success rate without bound", { metrics: [{ name: "request-success-rate" }] }, ["metrics[0].min"]],
        ["a duration without bound", { metrics: [{ name: "request-duration" }] }, ["metrics[0].max"]],
        [
            "a success rate bounded from above alone",
            { metrics: [{ name: "request-success-rate", max: 99 }] },
            ["metrics[0].min"],
        ],
        ["a rate above 100 %", { metrics: [{ name: "request-success-rate", min: 101 }] }, ["metrics[0].min"]],
        ["a negative duration", { metrics: [{ name: "request-duration", max: -1 }] }, ["metrics[0].max"]],
        [
            "bounds that exclude each other",
            { metrics: [{ name: "request-duration", min: 2, max: 1 }] },
            ["metrics[0].max"],
        ],
        ["a metric that Flagger does not bring", { metrics: [{ name: "toString", min: 1 }] }, ["metrics[0].name"]],
        [
            "a window in hours",
            { metrics: [{ name: "request-duration", max: 1, interval: "1h" }] },
            ["metrics[0].interval"],
        ],
        [
            "each of several metrics",
            { metrics: [{ name: "request-duration", max: 1 }, { name: "x" }, { name: "request-duration" }] },
            ["metrics[1].name", "metrics[2].max"],
        ],
    ];
    for (const [what, changes, expected] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(changes),
                expected.map((path) => `analysis.${path}`),
            );
        });
    }

    it("says what is wrong, why and what to write instead", () => {
        assert.deepEqual(lines({ interval: "500ms", steps: { stepWeight: 0, maxWeight: 200 } }), [
            'analysis.interval: "500ms" is not a duration that Flagger reads as written: a whole number of seconds or minutes. ' +
                'Write it like "30s" or "5m".',
            "analysis.steps.stepWeight: 0 is not a whole number from 1 to 100 (percent; with 0 Flagger would never move on). " +
                "Give a number in that range.",
            "analysis.steps.maxWeight: 200 is not a whole number from 1 to 100 (percent). Give a number in that range.",
        ]);
        assert.deepEqual(lines({ interval: "9s", threshold: 0, steps: { stepWeights: [5, 5] } }), [
            'analysis.interval: "9s" is shorter than Flagger\'s shortest interval, 10 seconds, which it would use without saying ' +
                'so. Give "10s" or more.',
            "analysis.threshold: 0 is not a whole number from 1 to 1000 (failed checks). Give a number in that range.",
            "analysis.steps.stepWeights[1]: 5 is not greater than the weight before it, 5: Flagger would stay at it for good. " +
                "Let every weight be greater than the last.",
        ]);
    });

    it("says what to give where there is nothing", () => {
        const missing = (analysis: unknown) =>
            linesOf((problems) => checkAnalysis(problems, "analysis", analysis as AnalysisArgs));
        const rule = "is missing: Flagger cannot judge a rollout without an analysis. ";
        const fix = 'Give at least { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } }.';
        assert.deepEqual(missing(undefined), [`analysis: nothing given, but it ${rule}${fix}`]);
        assert.deepEqual(missing(null), [`analysis: null ${rule}${fix}`]);
    });

    describe("reports instead of breaking, given", () => {
        it("no list of metrics", () => {
            assert.deepEqual(paths({ metrics: null }), ["analysis.metrics"]);
            assert.deepEqual(paths({ metrics: { name: "request-duration" } }), ["analysis.metrics"]);
            assert.deepEqual(paths({ metrics: "request-duration" }), ["analysis.metrics"]);
        });

        it("no metric in the list", () => {
            assert.deepEqual(paths({ metrics: [null] }), ["analysis.metrics[0]"]);
        });

        it("anything at all, which it accepts only if it can be made into weights", () => {
            const garbage = fc.constantFrom(null, undefined, true, "", "10", "10s", {}, [], [null], [[]]);
            const any = fc.oneof(garbage, fc.integer({ min: -1, max: 101 }), fc.double());
            const steps = fc.record({ stepWeight: any, maxWeight: any, stepWeights: fc.oneof(any, fc.array(any)) });
            const metric = fc.record({
                name: fc.oneof(any, fc.constant("request-duration")),
                min: any,
                max: any,
                interval: any,
            });
            const fields = {
                interval: any,
                threshold: any,
                steps: fc.oneof(any, steps),
                metrics: fc.oneof(any, fc.array(fc.oneof(any, metric))),
            };
            fc.assert(
                fc.property(fc.oneof(any, fc.record(fields)), (analysis) => {
                    const found = pathsOf((p) => checkAnalysis(p, "analysis", analysis as AnalysisArgs));
                    assert.ok(found.length > 0 || weights((analysis as AnalysisArgs).steps).every(Number.isInteger));
                }),
                { numRuns: 1000 },
            );
        });
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
    const accepted = (steps: StepsArgs) => paths({ steps }).length === 0;
    const rises = (all: number[]) => all.every((weight, i) => i === 0 || weight > all[i - 1]!);

    it("of any accepted stepWeight rise to the maximum, by less than a step beyond it, and never beyond 100", () => {
        fc.assert(
            fc.property(percent, fc.option(percent, { nil: undefined }), (stepWeight, maxWeight) => {
                const steps = { stepWeight, maxWeight };
                fc.pre(accepted(steps));
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
                fc.pre(accepted({ stepWeights }));
                assert.deepEqual(weights({ stepWeights }), stepWeights);
                assert.ok(rises(stepWeights) && stepWeights.every((weight) => weight >= 1 && weight <= 100));
            }),
            { numRuns: 300 },
        );
    });

    it("are accepted for every step and maximum from 1 to 100, for Flagger finishes each of them", () => {
        const within = fc.integer({ min: 1, max: 100 });
        fc.assert(
            fc.property(within, within, (stepWeight, maxWeight) => {
                assert.deepEqual(paths({ steps: { stepWeight, maxWeight } }), []);
            }),
        );
    });
});

describe("analysisWarnings", () => {
    const warnings = (steps: StepsArgs) => analysisWarnings({ ...good, steps });

    it("names the real last weight", () => {
        assert.deepEqual(warnings({ stepWeight: 60, maxWeight: 90 }), [
            "analysis.steps: steps of 60 do not meet 90: Flagger's last weight before promotion will be 100 percent, not 90.",
        ]);
        assert.deepEqual(warnings({ stepWeight: 20, maxWeight: 50 }), [
            "analysis.steps: steps of 20 do not meet 50: Flagger's last weight before promotion will be 60 percent, not 50.",
        ]);
    });

    it("is silent where the steps meet the maximum", () => {
        assert.deepEqual(warnings({ stepWeight: 25, maxWeight: 50 }), []);
        assert.deepEqual(warnings({ stepWeight: 25 }), []);
        assert.deepEqual(warnings({ stepWeight: 40 }), []);
        assert.deepEqual(warnings({ stepWeights: [1, 7] }), []);
    });
});

describe("analysisSpec", () => {
    it("brings Flagger's own two metrics where none is named, and 100 percent where no maximum is", () => {
        assert.deepEqual(analysisSpec({ interval: "30s", threshold: 2, steps: { stepWeight: 10 } }), {
            interval: "30s",
            threshold: 2,
            stepWeight: 10,
            maxWeight: 100,
            metrics: [
                { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
                { name: "request-duration", interval: "1m", thresholdRange: { max: 500 } },
            ],
        });
    });

    it("says the weights in one way only, and of each metric what was given", () => {
        const metrics = [{ name: "request-duration", min: 0, max: 250, interval: "30s" }];
        assert.deepEqual(analysisSpec({ interval: "30s", threshold: 2, steps: { stepWeights: [1, 2] }, metrics }), {
            interval: "30s",
            threshold: 2,
            stepWeights: [1, 2],
            metrics: [{ name: "request-duration", interval: "30s", thresholdRange: { min: 0, max: 250 } }],
        });
    });
});
