import assert from "node:assert/strict";

import fc from "fast-check";

import {
    AnalysisArgs,
    analysisSpec,
    analysisWarnings,
    checkAnalysis,
    strategyOf,
} from "../../../components/delivery/analysis";
import { weights } from "../../../components/delivery/steps";
import { appMesh } from "../../../components/mesh/appMesh";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

/** A mesh that can do what App Mesh cannot. */
const able: Mesh = {
    ...appMesh,
    title: "Able Mesh",
    capabilities: {
        ...appMesh.capabilities,
        alternatives: true,
        mirroring: ["steps", "blueGreen"],
        sessionAffinity: true,
    },
};
const blind: Mesh = {
    ...appMesh,
    title: "Blind Mesh",
    capabilities: { ...appMesh.capabilities, strategies: ["steps", "blueGreen"] },
};

const steps = { stepWeight: 10, maxWeight: 50 };
const abTest = { iterations: 5, match: [{ headers: { "x-canary": { exact: "insider" } } }] };
const blueGreen = { iterations: 3 };
const good: AnalysisArgs = { interval: "1m", threshold: 5, steps };

const paths = (changes: object, mesh: Mesh | undefined = appMesh) =>
    pathsOf((problems) => checkAnalysis(problems, "analysis", { ...good, ...changes }, mesh));
const lines = (changes: object, mesh: Mesh | undefined = appMesh) =>
    linesOf((problems) => checkAnalysis(problems, "analysis", { ...good, ...changes }, mesh));
const instead = (strategy: object) => ({ steps: undefined, ...strategy });

describe("checkAnalysis", () => {
    const accepted: [string, object][] = [
        ["weights", {}],
        ["an A/B test", instead({ abTest })],
        ["blue/green", instead({ blueGreen })],
        ["the shortest interval", { interval: "10s" }],
        ["minutes", { interval: "1m" }],
        ["the least threshold", { threshold: 1 }],
        ["pods that may be missing", { primaryReadyThreshold: 1, canaryReadyThreshold: 100 }],
        ["weights back", { steps: { ...steps, stepWeightPromotion: 100 } }],
        ["weights back after an A/B test", instead({ abTest: { ...abTest, stepWeightPromotion: 1 } })],
        ["weights back after blue/green", instead({ blueGreen: { ...blueGreen, stepWeightPromotion: 50 } })],
        ["metrics", { metrics: [{ name: "request-success-rate", min: 0, max: 100 }] }],
        ["alerts", { alerts: [{ name: "on-call", providerRef: { name: "slack" } }] }],
    ];
    for (const [what, changes] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(changes), []);
        });
    }

    const refused: [string, object, string[]][] = [
        ["milliseconds", { interval: "500ms" }, ["interval"]],
        ["a spelled-out minute", { interval: "1minute" }, ["interval"]],
        ["hours", { interval: "1h" }, ["interval"]],
        ["less than Flagger's least", { interval: "9s" }, ["interval"]],
        ["no interval", { interval: undefined }, ["interval"]],
        ["an interval of null", { interval: null }, ["interval"]],
        ["an interval of 0", { interval: "0s" }, ["interval"]],
        ["a number for an interval", { interval: 60 }, ["interval"]],
        ["a threshold of 0", { threshold: 0 }, ["threshold"]],
        ["half a failed check", { threshold: 1.5 }, ["threshold"]],
        ["a threshold in quotes", { threshold: "5" }, ["threshold"]],
        ["no threshold", { threshold: undefined }, ["threshold"]],
        ["primaries that need no pod", { primaryReadyThreshold: 0 }, ["primaryReadyThreshold"]],
        ["canaries that need more pods than all", { canaryReadyThreshold: 101 }, ["canaryReadyThreshold"]],
        ["no strategy", { steps: undefined }, ["steps"]],
        ["two strategies", { blueGreen }, ["blueGreen"]],
        ["three strategies", { abTest, blueGreen }, ["abTest"]],
        ["null for a strategy", { steps: null }, ["steps"]],
        ["a number for a strategy", instead({ abTest: 5 }), ["abTest"]],
        ["a text for a strategy", instead({ blueGreen: "5" }), ["blueGreen"]],
        ["a list for a strategy", instead({ blueGreen: [5] }), ["blueGreen.iterations"]],
        ["steps that say nothing", { steps: {} }, ["steps"]],
        ["weights that fall", { steps: { stepWeights: [30, 20] } }, ["steps.stepWeights[1]"]],
        ["steps back of nothing", { steps: { ...steps, stepWeightPromotion: 0 } }, ["steps.stepWeightPromotion"]],
        [
            "steps back of more than all",
            instead({ abTest: { ...abTest, stepWeightPromotion: 101 } }),
            ["abTest.stepWeightPromotion"],
        ],
        [
            "half a step back",
            instead({ blueGreen: { ...blueGreen, stepWeightPromotion: 0.5 } }),
            ["blueGreen.stepWeightPromotion"],
        ],
        ["an A/B test of nobody", instead({ abTest: { iterations: 5 } }), ["abTest.match"]],
        ["an A/B test without end", instead({ abTest: { ...abTest, iterations: 0 } }), ["abTest.iterations"]],
        ["nothing to judge by", { metrics: [] }, ["metrics"]],
        ["a metric that Flagger does not bring", { metrics: [{ name: "x", min: 1 }] }, ["metrics[0].name"]],
        ["no list of metrics", { metrics: null }, ["metrics"]],
        ["no list of alerts", { alerts: "slack" }, ["alerts"]],
        [
            "an alert that goes nowhere",
            { alerts: [{ name: "on-call", severity: "fatal" }] },
            ["alerts[0].severity", "alerts[0].provider"],
        ],
    ];
    for (const [what, changes, expected] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(changes),
                expected.map((path) => `analysis.${path}`),
            );
        });
    }

    it("says what is wrong with the pace, why and what to write instead", () => {
        assert.deepEqual(lines({ interval: "500ms", threshold: 1001 }), [
            'analysis.interval: "500ms" is not a duration that Flagger reads as written: a whole number of seconds ' +
                'or minutes. Write it like "30s" or "5m".',
            "analysis.threshold: 1001 is not a whole number from 1 to 1000 (failed checks). Give a number in that " +
                "range.",
        ]);
        assert.deepEqual(lines({ interval: "9s", threshold: 0 }), [
            'analysis.interval: "9s" is shorter than Flagger\'s shortest interval, 10 seconds, which it would use ' +
                'without saying so. Give "10s" or more.',
            "analysis.threshold: 0 is not a whole number from 1 to 1000 (failed checks). Give a number in that range.",
        ]);
        assert.deepEqual(lines({ interval: undefined, threshold: undefined }), [
            'analysis.interval: nothing given, but it is required. Write it like "30s" or "5m".',
            "analysis.threshold: nothing given, but it is required. Give the number of failed checks that roll back.",
        ]);
        const percent =
            "is not a whole number from 1 to 100 (percent; with 0 no pod would have to be ready). Give a number in " +
            "that range.";
        assert.deepEqual(lines({ primaryReadyThreshold: 0, canaryReadyThreshold: "50" }), [
            `analysis.primaryReadyThreshold: 0 ${percent}`,
            `analysis.canaryReadyThreshold: "50" ${percent}`,
        ]);
    });

    it("says what is wrong with the choice of a strategy", () => {
        const fix = "Give one of steps ({ stepWeight: 10, maxWeight: 50 }), abTest or blueGreen.";
        assert.deepEqual(lines({ steps: undefined }), [
            "analysis.steps: nothing given, but it or another strategy is needed: nothing says how traffic is " +
                `shifted. ${fix}`,
        ]);
        assert.deepEqual(lines({ blueGreen }), [
            `analysis.blueGreen: {"iterations":3} is a second strategy beside steps; a rollout has one. ${fix}`,
        ]);
        assert.deepEqual(lines(instead({ abTest: null, blueGreen })), [
            `analysis.blueGreen: {"iterations":3} is a second strategy beside abTest; a rollout has one. ${fix}`,
        ]);
        assert.deepEqual(lines({ steps: 10 }), [
            "analysis.steps: 10 is not a strategy. Give steps as { stepWeight: 10, maxWeight: 50 }, blueGreen as { " +
                "iterations: 10 }.",
        ]);
        assert.deepEqual(lines({ steps: { ...steps, stepWeightPromotion: 0 } }), [
            "analysis.steps.stepWeightPromotion: 0 is not a whole number from 1 to 100 (percent; with less the " +
                "promotion would never end). Give a number in that range.",
        ]);
    });

    it("says what to give where there is nothing", () => {
        const missing = (analysis: unknown) =>
            linesOf((problems) => checkAnalysis(problems, "analysis", analysis as AnalysisArgs, appMesh));
        const rule = "is missing: Flagger cannot judge a rollout without an analysis. ";
        const fix = 'Give at least { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } }.';
        assert.deepEqual(missing(undefined), [`analysis: nothing given, but it ${rule}${fix}`]);
        for (const analysis of [null, 5, true]) {
            assert.deepEqual(missing(analysis), [`analysis: ${JSON.stringify(analysis)} ${rule}${fix}`]);
        }
        // What stands in place of an object may be a secret.
        assert.deepEqual(missing("1m"), [`analysis: "a string" ${rule}${fix}`]);
        assert.deepEqual(
            pathsOf((problems) => checkAnalysis(problems, "analysis", [] as never, appMesh)),
            ["analysis.interval", "analysis.threshold", "analysis.steps"],
        );
    });

    it("lets the mesh decide what of a strategy can be had", () => {
        const changes: [object, string[]][] = [
            [{ steps: { ...steps, mirror: true } }, ["analysis.steps.mirror"]],
            [instead({ blueGreen: { ...blueGreen, mirror: true } }), ["analysis.blueGreen.mirror"]],
            [
                instead({ abTest: { iterations: 5, match: [...abTest.match, ...abTest.match] } }),
                ["analysis.abTest.match"],
            ],
            [{ sessionAffinity: { cookieName: "canary" } }, ["analysis.sessionAffinity"]],
        ];
        for (const [change, expected] of changes) {
            assert.deepEqual([paths(change), paths(change, able)], [expected, []]);
        }
        const broken = { abTest: { ...abTest, iterations: 0 } };
        assert.deepEqual([paths(instead({ abTest })), paths(instead(broken), blind)], [[], ["analysis.abTest"]]);
    });

    it("refuses session affinity where there are no weights, also on a mesh that can", () => {
        const sessionAffinity = { cookieName: "canary" };
        for (const strategy of [{ abTest }, { blueGreen }]) {
            assert.deepEqual(paths(instead({ ...strategy, sessionAffinity }), able), ["analysis.sessionAffinity"]);
        }
    });

    it("looks at all that needs no mesh where there is none", () => {
        const changes = { steps: {}, blueGreen, sessionAffinity: {}, threshold: 0, metrics: [], alerts: null };
        const found = pathsOf((p) => checkAnalysis(p, "analysis", { ...good, ...changes } as never, undefined));
        assert.deepEqual(found, ["analysis.threshold", "analysis.blueGreen", "analysis.metrics", "analysis.alerts"]);
    });

    it("reports instead of breaking, given anything, and accepts only what can be made into a Canary", () => {
        const garbage = fc.constantFrom(null, undefined, true, "", "10", "10s", {}, [], [null], [[]], Number.NaN);
        const any = fc.oneof(garbage, fc.integer({ min: -1, max: 101 }), fc.double());
        const part = (fields: Record<string, fc.Arbitrary<unknown>>) =>
            fc.oneof(any, fc.record(fields, { requiredKeys: [] }));
        const common = { stepWeightPromotion: any, mirror: any, mirrorWeight: any };
        const fields = {
            interval: any,
            threshold: any,
            steps: part({ ...common, stepWeight: any, maxWeight: any, stepWeights: fc.oneof(any, fc.array(any)) }),
            abTest: part({ ...common, iterations: any, match: any }),
            blueGreen: part({ ...common, iterations: any }),
            metrics: fc.oneof(any, fc.array(part({ name: any, min: any, max: any, interval: any }))),
            alerts: fc.oneof(any, fc.array(part({ name: any, severity: any, provider: any, providerRef: any }))),
            sessionAffinity: part({ cookieName: any, sameSite: any }),
            primaryReadyThreshold: any,
            canaryReadyThreshold: any,
        };
        fc.assert(
            fc.property(part(fields), (drawn) => {
                const analysis = drawn as AnalysisArgs;
                const found = pathsOf((p) => checkAnalysis(p, "analysis", analysis, able));
                assert.ok(found.length > 0 || Object.keys(analysisSpec(analysis)).length > 2);
            }),
            { numRuns: 2000 },
        );
    });
});

describe("strategyOf", () => {
    it("is the one that is given", () => {
        const base = { interval: "1m", threshold: 1 };
        assert.equal(strategyOf({ ...base, steps }), "steps");
        assert.equal(strategyOf({ ...base, abTest }), "abTest");
        assert.equal(strategyOf({ ...base, blueGreen }), "blueGreen");
        assert.equal(strategyOf(base), undefined);
        assert.equal(strategyOf({ ...base, steps, abTest }), undefined);
    });
});

describe("analysisWarnings", () => {
    it("are those of the weights", () => {
        assert.deepEqual(analysisWarnings({ ...good, steps: { stepWeight: 20, maxWeight: 50 } }), [
            "analysis.steps: steps of 20 do not meet 50: Flagger's last weight before promotion will be 60 percent, " +
                "not 50.",
        ]);
        assert.deepEqual(analysisWarnings(good), []);
    });

    it("are none where there are no weights", () => {
        assert.deepEqual(analysisWarnings({ ...good, ...instead({ abTest }) }), []);
        assert.deepEqual(analysisWarnings({ ...good, ...instead({ blueGreen }) }), []);
    });
});

describe("analysisSpec", () => {
    const base = { interval: "30s", threshold: 2 };

    it("says the weights in one way only, and 100 percent where no maximum is", () => {
        assert.deepEqual(analysisSpec({ ...base, steps: { stepWeight: 10 } }), {
            ...base,
            stepWeight: 10,
            maxWeight: 100,
        });
        assert.deepEqual(analysisSpec({ ...base, steps: { stepWeights: [1, 2] } }), { ...base, stepWeights: [1, 2] });
    });

    it("says of weights all that was given", () => {
        assert.deepEqual(
            analysisSpec({
                ...base,
                steps: { stepWeight: 10, maxWeight: 50, mirror: true, mirrorWeight: 40, stepWeightPromotion: 20 },
                primaryReadyThreshold: 80,
                canaryReadyThreshold: 90,
                sessionAffinity: { cookieName: "canary", maxAge: 60 },
            }),
            {
                ...base,
                stepWeight: 10,
                maxWeight: 50,
                mirror: true,
                mirrorWeight: 40,
                stepWeightPromotion: 20,
                primaryReadyThreshold: 80,
                canaryReadyThreshold: 90,
                sessionAffinity: { cookieName: "canary", maxAge: 60 },
            },
        );
    });

    it("is an A/B test by its users, and blue/green by their absence", () => {
        assert.deepEqual(analysisSpec({ ...base, abTest: { ...abTest, stepWeightPromotion: 25 } }), {
            ...base,
            iterations: 5,
            match: [{ headers: { "x-canary": { exact: "insider" } } }],
            stepWeightPromotion: 25,
        });
        assert.deepEqual(
            analysisSpec({ ...base, blueGreen: { iterations: 3, mirror: true, stepWeightPromotion: 25 } }),
            {
                ...base,
                iterations: 3,
                mirror: true,
                stepWeightPromotion: 25,
            },
        );
    });

    it("leaves metrics and alerts to others", () => {
        const metrics = [{ name: "request-duration", max: 1 }];
        const alerts = [{ name: "on-call", providerRef: { name: "slack" } }];
        assert.deepEqual(analysisSpec({ ...base, blueGreen, metrics, alerts }), { ...base, iterations: 3 });
    });

    it("names exactly one of the three ways that the CRD takes one of, whatever is accepted", () => {
        const percent = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
        const strategies = fc.oneof(
            fc.record({
                steps: fc.record({ stepWeight: percent, maxWeight: percent, stepWeights: fc.array(percent) }),
            }),
            fc.record({ steps: fc.record({ stepWeight: percent, maxWeight: percent }) }),
            fc.constantFrom({ abTest }, { blueGreen }),
        );
        fc.assert(
            fc.property(strategies, (strategy) => {
                const analysis = { ...base, ...strategy } as AnalysisArgs;
                fc.pre(pathsOf((p) => checkAnalysis(p, "analysis", analysis, appMesh)).length === 0);
                const ways = ["iterations", "stepWeight", "stepWeights"];
                assert.equal(Object.keys(analysisSpec(analysis)).filter((key) => ways.includes(key)).length, 1);
                assert.ok(analysis.steps === undefined || weights(analysis.steps).length > 0);
            }),
        );
    });
});
