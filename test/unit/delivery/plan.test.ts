import assert from "node:assert/strict";

import fc from "fast-check";

import { AnalysisArgs, checkAnalysis } from "../../../components/delivery/analysis";
import { PlanArgs } from "../../../components/delivery/plan";
import { rolloutPlan } from "../../../components/delivery/rolloutPlan";
import { appMesh } from "../../../components/mesh/appMesh";
import { Mesh } from "../../../components/mesh/mesh";
import { pathsOf } from "../problems";

const able: Mesh = { ...appMesh, capabilities: { ...appMesh.capabilities, mirroring: ["steps", "blueGreen"] } };

const base = { interval: "1m", threshold: 5 };
const steps = { stepWeight: 10, maxWeight: 50 };
const abTest = { iterations: 5, match: [{ cookies: { type: "insider" } }] };
const blueGreen = { iterations: 3, mirror: true };

const plan = (analysis: Partial<AnalysisArgs>, changes: Partial<PlanArgs> = {}) =>
    rolloutPlan({
        name: "shop",
        analysis: { ...base, ...analysis },
        progressDeadlineSeconds: 600,
        skipAnalysis: false,
        ...changes,
    });

describe("rolloutPlan", () => {
    describe("of metrics that wait for requests", () => {
        const success = { name: "request-success-rate", min: 99, minimumSamples: 300, interval: "5m" };
        const said = (analysis: Partial<AnalysisArgs>) => plan(analysis).summary.split("; ").slice(3);

        it("says how many, and that there is no end", () => {
            assert.deepEqual(said({ steps, metrics: [success] }), [
                "its metrics need about 10 requests a second in all",
                "waits at its weight until the canary has had 300 requests in 5 min, as long as it takes",
            ]);
        });

        it("says what ends it, and what is in dry run", () => {
            const dry = { name: "errors", compare: { of: "error-rate" }, max: 1, dryRun: true };
            const lowTraffic = { limit: "30m", then: "pass" };
            assert.deepEqual(said({ blueGreen, metrics: [success, dry], lowTraffic }), [
                "its metrics need about 1 requests a second to the canary",
                "waits before the promotion until the canary has had 300 requests in 5 min, for 30 min, then goes on without",
                "in dry run: errors",
            ]);
        });
    });

    it("of weights", () => {
        assert.deepEqual(plan({ steps }), {
            // Five weights, and one look each to copy, to lead back and to scale down.
            summary:
                "shop: 10, 20, 30, 40, 50 % every 1 min; promoted after 8 min at the earliest; rolled back within 6 " +
                "min of turning bad; its metrics need about 16.7 requests a second in all",
            weights: [10, 20, 30, 40, 50],
            iterations: 0,
            promotionSeconds: 480,
            rollbackSeconds: 360,
            deadlineSeconds: 660,
            requestsPerSecond: 16.7,
            warnings: [],
        });
    });

    it("of an A/B test", () => {
        assert.deepEqual(plan({ interval: "30s", threshold: 1, abTest }), {
            summary:
                "shop: 5 checks every 30 s, with the chosen users; promoted after 4 min at the earliest; rolled back " +
                "within 1 min of turning bad; its metrics need about 1.7 requests a second to the canary",
            weights: [],
            iterations: 5,
            promotionSeconds: 240,
            rollbackSeconds: 60,
            deadlineSeconds: 630,
            requestsPerSecond: 1.7,
            warnings: [],
        });
    });

    it("of blue/green, which takes one look more to give the canary all traffic", () => {
        assert.deepEqual(plan({ interval: "10s", blueGreen, metrics: [{ name: "errors", query: "1", max: 1 }] }), {
            summary:
                "shop: 3 checks every 10 s, then all traffic; promoted after 1 min 10 s at the earliest; " +
                "rolled back within 1 min of turning bad",
            weights: [],
            iterations: 3,
            promotionSeconds: 70,
            rollbackSeconds: 60,
            deadlineSeconds: 610,
            requestsPerSecond: 0,
            warnings: [],
        });
    });

    it("of no analysis: one look", () => {
        for (const strategy of [{ steps }, { abTest }, { blueGreen: { iterations: 3 } }]) {
            assert.deepEqual(
                plan(strategy, { skipAnalysis: true, gates: { rollout: {} }, loadTest: { command: "x" } }),
                {
                    summary: "shop: promoted without analysis as soon as its pods are ready; tried for 11 min",
                    weights: [],
                    iterations: 0,
                    promotionSeconds: 60,
                    rollbackSeconds: 0,
                    deadlineSeconds: 660,
                    requestsPerSecond: 0,
                    warnings: [
                        "skipAnalysis: whatever starts is promoted, unmeasured. It stays so until it is taken out.",
                    ],
                },
            );
        }
    });

    describe("promises a time", () => {
        const looks: [string, Partial<AnalysisArgs>, number][] = [
            ["of one weight", { steps: { stepWeights: [5] } }, 1 + 3],
            ["of a mirrored step before the weights", { steps: { ...steps, mirror: true } }, 1 + 5 + 3],
            ["of no mirrored step where it is switched off", { steps: { ...steps, mirror: false } }, 5 + 3],
            ["of traffic led back in even steps", { steps: { ...steps, stepWeightPromotion: 25 } }, 5 + 1 + 2 + 1],
            [
                "of traffic led back in steps with a rest",
                { steps: { ...steps, stepWeightPromotion: 20 } },
                5 + 1 + 3 + 1,
            ],
            [
                "of traffic led back in one step that is too great",
                { steps: { ...steps, stepWeightPromotion: 60 } },
                5 + 3,
            ],
            ["of an A/B test led back from all", { abTest: { ...abTest, stepWeightPromotion: 30 } }, 5 + 1 + 4 + 1],
            [
                "of blue/green led back from all",
                { blueGreen: { ...blueGreen, stepWeightPromotion: 50 } },
                3 + 2 + 2 + 1,
            ],
            ["of blue/green without copies of requests", { blueGreen: { iterations: 1 } }, 1 + 4],
        ];
        for (const [what, analysis, expected] of looks) {
            it(what, () => {
                assert.equal(plan(analysis).promotionSeconds, expected * 60);
            });
        }

        const percent = fc.integer({ min: 1, max: 100 });
        const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
        const back = maybe(percent);
        const iterations = fc.integer({ min: 1, max: 20 });
        const mirror = maybe(fc.boolean());
        const ascending = fc
            .uniqueArray(percent, { minLength: 1, maxLength: 8 })
            .map((weights) => weights.sort((a, b) => a - b));
        const strategy: fc.Arbitrary<Partial<AnalysisArgs>> = fc.oneof(
            fc.record({
                steps: fc.record({ stepWeight: percent, maxWeight: back, mirror, stepWeightPromotion: back }),
            }),
            fc.record({ steps: fc.record({ stepWeights: ascending, mirror, stepWeightPromotion: back }) }),
            fc.record({
                abTest: fc.record({ iterations, match: fc.constant(abTest.match), stepWeightPromotion: back }),
            }),
            fc.record({ blueGreen: fc.record({ iterations, mirror, stepWeightPromotion: back }) }),
        );
        const pace = fc.record({
            seconds: fc.integer({ min: 10, max: 600 }),
            threshold: fc.integer({ min: 1, max: 20 }),
        });

        it("of as many intervals as Flagger takes looks, whatever is accepted", () => {
            fc.assert(
                fc.property(strategy, pace, (drawn, { seconds, threshold }) => {
                    // fast-check draws objects without a prototype, too, which are refused.
                    const analysis: AnalysisArgs = { ...structuredClone(drawn), interval: `${seconds}s`, threshold };
                    assert.deepEqual(
                        pathsOf((p) => checkAnalysis(p, "analysis", analysis, able)),
                        [],
                    );
                    const { weights, iterations: checks, promotionSeconds, rollbackSeconds } = plan(analysis);
                    assert.ok(weights.every((weight, i) => weight > (weights[i - 1] ?? 0) && weight <= 100));
                    assert.equal(weights.length > 0, analysis.steps !== undefined);
                    assert.equal(checks > 0, analysis.steps === undefined);
                    assert.equal(promotionSeconds, looksOfFlagger(analysis) * seconds);
                    assert.equal(rollbackSeconds, (threshold + 1) * seconds);
                }),
                { numRuns: 1000 },
            );
        });
    });

    describe("says how many requests make the metrics mean something", () => {
        const needed: [string, Partial<AnalysisArgs>, number][] = [
            // A hundred a minute, at the smallest weight.
            ["the two that Flagger brings", { steps: { stepWeights: [1, 50] } }, 166.7],
            ["at all traffic", { steps: { stepWeight: 100 } }, 1.7],
            [
                "in a shorter window",
                { steps, metrics: [{ name: "request-success-rate", min: 99, interval: "10s" }] },
                100,
            ],
            ["in a longer window", { steps, metrics: [{ name: "request-duration", max: 500, interval: "5m" }] }, 3.4],
            [
                "a stricter rate",
                { steps, metrics: [{ name: "request-success-rate", min: 99.9, interval: "10s" }] },
                1000,
            ],
            ["a looser rate", { steps, metrics: [{ name: "request-success-rate", min: 90, interval: "10s" }] }, 10],
            [
                "no failure at all",
                { steps, metrics: [{ name: "request-success-rate", min: 100, interval: "10s" }] },
                100,
            ],
            ["a duration, whatever its bound", { steps, metrics: [{ name: "request-duration", max: 1 }] }, 16.7],
            [
                "the one that needs most",
                {
                    steps,
                    metrics: [
                        { name: "request-success-rate", min: 50, interval: "10s" },
                        { name: "request-duration", max: 1, interval: "10s" },
                        { name: "own", query: "1", max: 1, interval: "1s" },
                    ],
                },
                100,
            ],
            ["one of your own", { steps, metrics: [{ name: "own", query: "1", max: 1 }] }, 0],
            ["an A/B test, to the canary alone", { abTest }, 1.7],
        ];
        for (const [what, analysis, expected] of needed) {
            it(what, () => {
                assert.equal(plan(analysis).requestsPerSecond, expected);
            });
        }
    });

    describe("sums up", () => {
        const firstPart = (analysis: Partial<AnalysisArgs>) => plan(analysis).summary.split("; ")[0];

        it("up to six weights, and of more the first and the last", () => {
            assert.equal(
                firstPart({ steps: { stepWeights: [1, 2, 3, 4, 5, 6] } }),
                "shop: 1, 2, 3, 4, 5, 6 % every 1 min",
            );
            assert.equal(
                firstPart({ steps: { stepWeight: 10, maxWeight: 70 } }),
                "shop: 10, 20, 30, ..., 70 % every 1 min",
            );
        });

        it("one check as one", () => {
            assert.equal(firstPart({ blueGreen: { iterations: 1 } }), "shop: 1 check every 1 min, then all traffic");
        });

        it("that somebody has to approve, but not that somebody may reject", () => {
            const secondPart = (gates: PlanArgs["gates"]) => plan({ steps }, { gates }).summary.split("; ")[1];
            const alone = "promoted after 8 min at the earliest";
            for (const gate of ["rollout", "trafficIncrease", "promotion"]) {
                assert.equal(secondPart({ [gate]: {} }), `${alone}, plus the time until it is approved`, gate);
            }
            assert.equal(secondPart({ rollback: {}, promotion: undefined }), alone);
        });
    });

    describe("warns", () => {
        const warnings = (changes: Partial<PlanArgs>, analysis: Partial<AnalysisArgs> = { steps }) =>
            plan(analysis, changes).warnings;
        const hook = (name: string, type?: string, timeout?: string) => ({ name, url: "http://a", type, timeout });

        it("of calls that outlast the interval", () => {
            const line = (sum: number, interval: number) =>
                `webhooks: their time-outs add up to ${sum} s, more than the interval of ${interval} s: while they ` +
                "are waited for Flagger does not look, and the rollout takes longer than planned.";
            const many = [hook("a"), hook("b", "rollout", "40s")];
            assert.deepEqual(warnings({ loadTest: { command: "x", timeout: "11s" }, webhooks: many }), [line(61, 60)]);
            assert.deepEqual(warnings({ loadTest: { command: "x" }, webhooks: many }), []);
            assert.deepEqual(warnings({ loadTest: { command: "x", timeout: "10s" }, webhooks: many }), []);
            assert.deepEqual(warnings({ webhooks: [hook("a", "rollout", "2m")] }), [line(120, 60)]);
            assert.deepEqual(warnings({ webhooks: [hook("a", "pre-rollout", "2m"), hook("b", "event", "2m")] }), []);
            assert.deepEqual(
                warnings({ loadTest: { command: "x" }, webhooks: [hook("a")] }, { interval: "10s", steps }),
                [line(15, 10)],
            );
        });

        it("of a load that ends before it is started anew", () => {
            const line = (lasts: number, interval: number) =>
                `loadTest: it lasts ${lasts} s and is started anew each interval of ${interval} s, so the canary is ` +
                `without load in between. Let it last at least as long: -z ${interval}s.`;
            const load = (command: string) => warnings({ loadTest: { command } });
            assert.deepEqual(load("hey -z 30s -q 5 http://shop-canary:80/"), [line(30, 60)]);
            assert.deepEqual(load("sleep 1; hey -q 5 -z=59s http://shop-canary:80/"), [line(59, 60)]);
            assert.deepEqual(load("hey -z10s http://shop-canary:80/"), [line(10, 60)]);
            for (const command of [
                "hey -z 60s http://shop-canary:80/",
                "hey -z 1m http://shop-canary:80/",
                "hey -z 1h http://shop-canary:80/",
                "hey -z 1m30s http://shop-canary:80/",
                "hey -n 10 http://shop-canary:80/",
                "wrk -z 30s http://shop-canary:80/",
            ]) {
                assert.deepEqual(load(command), [], command);
            }
        });

        it("of blue/green that nobody uses", () => {
            const line =
                "analysis.blueGreen: nobody uses the canary while it is checked, so the metrics will have no values " +
                "and every check will fail. Give it a load test.";
            const unused = { blueGreen: { iterations: 3 } };
            assert.deepEqual(warnings({}, unused), [line]);
            assert.deepEqual(warnings({ webhooks: [hook("a", "pre-rollout")] }, unused), [line]);
            assert.deepEqual(warnings({}, { blueGreen: { iterations: 3, mirror: false } }), [line]);
            assert.deepEqual(warnings({ loadTest: { command: "x" } }, unused), []);
            assert.deepEqual(warnings({ webhooks: [hook("a")] }, unused), []);
            assert.deepEqual(warnings({ webhooks: [hook("a", "rollout")] }, unused), []);
            assert.deepEqual(warnings({}, { blueGreen }), []);
            const own = { name: "own", query: "1", max: 1 };
            assert.deepEqual(warnings({}, { ...unused, metrics: [own] }), []);
            assert.deepEqual(warnings({}, { ...unused, metrics: [own, { name: "request-duration", max: 1 }] }), [line]);
            assert.deepEqual(warnings({}, { abTest }), []);
        });

        it("of a gate before the rollout, which newer versions pass", () => {
            assert.deepEqual(warnings({ gates: { rollout: {} } }), [
                "gates.rollout: Flagger asks it when a rollout begins, not again when a newer version takes the " +
                    "place of one that is being rolled out.",
            ]);
            assert.deepEqual(warnings({ gates: { trafficIncrease: {}, rollback: {} } }), []);
        });
    });
});

/** Plays through Flagger's looks, whose checks all pass. The one that notices the change is left out. */
function looksOfFlagger({ steps: weighted, abTest: chosen, blueGreen: tested }: AnalysisArgs): number {
    const back = (weighted ?? chosen ?? tested)?.stepWeightPromotion ?? 100;
    let looks = 0;
    let canary = 100;
    if (weighted !== undefined) {
        if (weighted.mirror === true) {
            looks++;
        }
        const { stepWeight, stepWeights, maxWeight = 100 } = weighted;
        const most = stepWeights?.at(-1) ?? maxWeight;
        for (canary = 0; canary < most; looks++) {
            const next =
                stepWeight === undefined ? stepWeights!.find((weight) => weight > canary)! : canary + stepWeight;
            canary = Math.min(next, 100);
        }
    } else {
        looks += (chosen ?? tested)!.iterations;
    }
    if (tested !== undefined) {
        // The canary gets all traffic.
        looks++;
    }
    // The new version is copied to the primary.
    looks++;
    for (; canary > 0; canary -= back) {
        looks++;
    }
    // The canary is scaled down.
    return looks + 1;
}
