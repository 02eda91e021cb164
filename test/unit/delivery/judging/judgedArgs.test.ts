import assert from "node:assert/strict";

import { AnalysisArgs, checkAnalysis } from "../../../../components/delivery/analysis";
import { MetricArgs } from "../../../../components/delivery/metricArgs";
import { checkMetrics } from "../../../../components/delivery/metrics";
import { linesOf, pathsOf } from "../../problems";

const paths = (...metrics: object[]) => pathsOf((p) => checkMetrics(p, "metrics", metrics as unknown as MetricArgs[]));
const lines = (...metrics: object[]) => linesOf((p) => checkMetrics(p, "metrics", metrics as unknown as MetricArgs[]));

const success = { name: "request-success-rate", min: 99 };
const errors = { name: "errors", compare: { of: "error-rate" }, max: 0.5 };
const latency = { name: "latency", compare: { of: "latency" }, max: 1.2 };
const burn = { name: "burn", burnRate: { objective: 99.9 }, max: 2, interval: "5m" };
const template = {
    provider: "datadog",
    credentials: { datadog_api_key: "a", datadog_application_key: "b" },
    query: "q",
};

describe("metrics that the library compiles", () => {
    const accepted: [string, object[]][] = [
        ["comparisons", [errors, latency]],
        [
            "a comparison of its own quantile",
            [{ ...latency, compare: { of: "latency", quantile: 0.5, confidence: 90 } }],
        ],
        ["a burn rate in two windows", [{ ...burn, burnRate: { objective: 99.9, shortInterval: "1m" } }]],
        ["a minimum", [{ ...success, minimumSamples: 50 }]],
        ["a minimum for a query", [{ name: "x", query: "x", max: 1, minimumSamples: 50 }]],
        ["dry run beside one that is judged", [success, { ...errors, dryRun: true }]],
        ["dry run without bound", [success, { name: "x", query: "x", dryRun: true }]],
        ["a condition", [errors, latency, { name: "either", expression: "errors <= 0 or latency < 1.5" }]],
        ["a number", [errors, latency, { name: "both", expression: "errors + latency", max: 3 }]],
        ["a condition over what Flagger brings", [success, { name: "c", expression: "request-success-rate > 99" }]],
    ];
    for (const [what, metrics] of accepted) {
        it(`accepts ${what}`, () => assert.deepEqual(lines(...metrics), []));
    }

    const refused: [string, object[], string[]][] = [
        ["comparing by nothing known", [{ ...errors, compare: { of: "weight" } }], ["[0].compare.of"]],
        ["no object", [{ ...errors, compare: "error-rate" }], ["[0].compare"]],
        ["a lower bound of a comparison", [{ ...errors, min: 0 }], ["[0].min"]],
        ["no bound of a comparison", [{ ...errors, max: undefined }], ["[0].max"]],
        [
            "a confidence of its own",
            [{ ...errors, compare: { of: "error-rate", confidence: 98 } }],
            ["[0].compare.confidence"],
        ],
        [
            "a quantile of errors",
            [{ ...errors, compare: { of: "error-rate", quantile: 0.9 } }],
            ["[0].compare.quantile"],
        ],
        ["a quantile of 1", [{ ...latency, compare: { of: "latency", quantile: 1 } }], ["[0].compare.quantile"]],
        ["too few for a quantile", [{ ...latency, minimumSamples: 102 }], ["[0].minimumSamples"]],
        ["half a request", [{ ...errors, minimumSamples: 0.5 }], ["[0].minimumSamples"]],
        ["an objective of 100", [{ ...burn, burnRate: { objective: 100 } }], ["[0].burnRate.objective"]],
        [
            "a longer short window",
            [{ ...burn, burnRate: { objective: 99, shortInterval: "5m" } }],
            ["[0].burnRate.shortInterval"],
        ],
        ["a burn rate without bound", [{ ...burn, max: undefined, min: 1 }], ["[0].max", "[0].min"]],
        ["a minimum beside a template", [{ name: "x", max: 1, template, minimumSamples: 5 }], ["[0].minimumSamples"]],
        ["dry run of another server", [success, { name: "x", max: 1, template, dryRun: true }], ["[1].dryRun"]],
        ["nothing but dry run", [{ ...errors, dryRun: true }], [""]],
        ["a comparison and a query", [{ ...errors, query: "x" }], ["[0].compare"]],
        ["a comparison under a builtin's name", [{ ...success, compare: { of: "latency" } }], ["[0].compare"]],
        ["a name that no template takes", [{ ...errors, name: "Errors!" }], ["[0].name"]],
        ["an expression without sense", [success, { name: "c", expression: "a <" }], ["[1].expression"]],
        ["an expression over nobody", [success, { name: "c", expression: "nobody < 1" }], ["[1].expression"]],
        ["an expression over itself", [success, { name: "c", expression: "c < 1" }], ["[1].expression"]],
        [
            "an expression over a template",
            [
                { name: "x", max: 1, template },
                { name: "c", expression: "x < 1" },
            ],
            ["[1].expression"],
        ],
        ["a bound of a condition", [errors, { name: "c", expression: "errors < 1", max: 1 }], ["[1].max"]],
        ["a number without bound", [errors, { name: "c", expression: "errors * 2" }], ["[1].max"]],
        [
            "a minimum of an expression",
            [errors, { name: "c", expression: "errors < 1", minimumSamples: 5 }],
            ["[1].minimumSamples"],
        ],
    ];
    for (const [what, metrics, wrong] of refused) {
        it(`refuses ${what}`, () =>
            assert.deepEqual(
                [...paths(...metrics)].sort(),
                wrong.map((p) => `metrics${p}`),
            ));
    }

    it("says all at once, with path, value, rule and fix", () => {
        assert.deepEqual(lines({ ...latency, minimumSamples: 102 }, { ...burn, burnRate: { objective: 100 } }), [
            "metrics[0].minimumSamples: 102 is too few for that quantile and confidence: its bound would be the slowest request of " +
                "all, which nothing exceeds. Give 103 or more, or a smaller quantile.",
            "metrics[1].burnRate.objective: 100 is not a share of requests between 0 and 100 percent that leaves room for errors. " +
                "Give 99.9 for one error in a thousand requests.",
        ]);
    });
});

describe("lowTraffic", () => {
    const base = { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } };
    const wrong = (lowTraffic: unknown, metrics?: MetricArgs[]) =>
        pathsOf((p) => checkAnalysis(p, "analysis", { ...base, metrics, lowTraffic } as AnalysisArgs, undefined));

    it("accepts a limit and what follows", () => {
        assert.deepEqual(wrong({ limit: "30m", then: "pass" }, [errors]), []);
        assert.deepEqual(wrong({ limit: "30m" }, [{ ...success, minimumSamples: 5 }]), []);
        assert.deepEqual(wrong({}, [success, errors, { name: "c", expression: "errors < 1" }]), []);
    });

    it("refuses what would do nothing", () => {
        assert.deepEqual(wrong({ limit: "30m" }), ["analysis.lowTraffic"]);
        assert.deepEqual(wrong({ limit: "30m" }, [success, { ...errors, dryRun: true }]), ["analysis.lowTraffic"]);
        assert.deepEqual(wrong({ then: "pass" }, [errors]), ["analysis.lowTraffic.limit"]);
        assert.deepEqual(wrong({ limit: "1h", then: "wait" }, [errors]), [
            "analysis.lowTraffic.limit",
            "analysis.lowTraffic.then",
        ]);
        assert.deepEqual(wrong("30m", [errors]), ["analysis.lowTraffic"]);
    });
});
