import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { MetricArgs, defaultMetrics } from "../../../components/delivery/metricArgs";
import { checkMetrics, metricsSpec } from "../../../components/delivery/metrics";
import { linesOf, pathsOf } from "../problems";
import { valueOf } from "../graph";

const lines = (...metrics: object[]) => linesOf((p) => checkMetrics(p, "metrics", metrics as MetricArgs[]));
const paths = (metrics: unknown) => pathsOf((p) => checkMetrics(p, "metrics", metrics as MetricArgs[]));

const template = { provider: "prometheus", address: "http://prometheus:9090", query: "errors" };
const query = { name: "errors", max: 1, query: "errors" };

describe("checkMetrics", () => {
    it("accepts no list, and what stands for it", () => {
        assert.deepEqual(paths(undefined), []);
        assert.deepEqual(paths(defaultMetrics), []);
    });

    const later = pulumi.output("later");
    const accepted: [string, object][] = [
        ["bounds at their limits", { name: "request-success-rate", min: 0, max: 100 }],
        ["half a percent", { name: "request-success-rate", min: 99.5 }],
        ["a window of its own", { name: "request-duration", max: 500, interval: "30s" }],
        ["a query", query],
        ["a query with a bound below nought", { ...query, min: -1.5, max: undefined }],
        ["a query with bounds that meet", { ...query, min: 1, max: 1 }],
        ["a template", { name: "errors", max: 1, template }],
        ["a template that exists", { name: "Error rate", max: 1, templateRef: { name: "errors" } }],
        ["one in another namespace", { name: "x", min: 0, templateRef: { name: "errors", namespace: "monitoring" } }],
        ["one known only at deployment", { name: "x", min: 0, templateRef: { name: later, namespace: later } }],
        [
            "variables for a template whose query nobody knows",
            { name: "x", min: 0, templateRef: { name: "errors" }, variables: { code: "5.." } },
        ],
        ["variables of a query", { ...query, query: "{{ variables.code }}", variables: { code: later } }],
        [
            "variables of a template",
            { name: "x", max: 1, template: { ...template, query: "{{ variables.a }}" }, variables: { a: "b" } },
        ],
        [
            "a variable that may not be reached",
            { ...query, query: "{{ if eq name target }}{{ variables.a }}{{ end }}" },
        ],
        [
            "a variable that is asked for by a name in quotes",
            { ...query, query: '{{ index variables "a-b" }}', variables: { "a-b": "c" } },
        ],
    ];
    for (const [what, metric] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(metric), []);
        });
    }

    const refused: [string, object, string[]][] = [
        ["a success rate without bound", { name: "request-success-rate" }, ["min"]],
        ["a success rate bounded from above alone", { name: "request-success-rate", max: 99 }, ["min"]],
        ["a duration without bound", { name: "request-duration" }, ["max"]],
        ["a rate above 100 %", { name: "request-success-rate", min: 101 }, ["min"]],
        ["a negative duration", { name: "request-duration", max: -1 }, ["max"]],
        ["no number for a duration", { name: "request-duration", max: NaN }, ["max"]],
        ["half a millisecond", { name: "request-duration", max: 0.5 }, ["max"]],
        ["bounds that exclude each other", { name: "request-duration", min: 2, max: 1 }, ["max"]],
        ["a query beside what Flagger brings", { name: "request-duration", max: 1, query: "x" }, ["query"]],
        ["a template beside it", { name: "request-success-rate", min: 1, template }, ["template"]],
        ["a reference beside it", { name: "request-duration", max: 1, templateRef: { name: "x" } }, ["templateRef"]],
        ["variables beside it", { name: "request-duration", max: 1, variables: { a: "b" } }, ["variables"]],
        ["a metric that nobody brings", { name: "toString", min: 1 }, ["name"]],
        ["a query without name", { ...query, name: undefined }, ["name"]],
        ["a query with an empty name", { ...query, name: " " }, ["name"]],
        ["a query without bound", { ...query, max: undefined }, ["max"]],
        ["an endless bound", { ...query, max: Infinity }, ["max"]],
        ["a text for a bound", { ...query, min: "1" }, ["min"]],
        ["a query's bounds that exclude each other", { ...query, min: 2 }, ["max"]],
        ["a query and a template", { ...query, template }, ["template"]],
        ["all three ways", { ...query, template, templateRef: { name: "x" } }, ["template", "templateRef"]],
        ["an empty query", { ...query, query: "" }, ["query"]],
        ["a query that cannot be filled in", { ...query, query: "{{ .target }}" }, ["query"]],
        ["a variable that is not given", { ...query, query: "{{ variables.a }}" }, ["query"]],
        ["a variable that is not used", { ...query, variables: { a: "b" } }, ["variables"]],
        [
            "a variable that is misspelt",
            { ...query, query: "{{ variables.code }}", variables: { kode: "5.." } },
            ["query", "variables"],
        ],
        [
            "a variable that a template lacks",
            { name: "x", max: 1, template: { ...template, query: "{{ variables.a }}" } },
            ["template.query"],
        ],
        ["a number for a variable", { ...query, query: "{{ variables.a }}", variables: { a: 1 } }, ["variables.a"]],
        ["variables in a list", { ...query, variables: ["a"] }, ["variables"]],
        ["a wrong template", { name: "x", max: 1, template: { ...template, provider: "x" } }, ["template.provider"]],
        ["no template", { name: "x", max: 1, template: null }, ["template"]],
        ["a name that no template can have", { name: "Error rate", max: 1, template }, ["name"]],
        ["a reference to nothing", { name: "x", max: 1, templateRef: {} }, ["templateRef.name"]],
        ["a reference that is a text", { name: "x", max: 1, templateRef: "x" }, ["templateRef"]],
        [
            "a namespace that is none",
            { name: "x", max: 1, templateRef: { name: "x", namespace: "" } },
            ["templateRef.namespace"],
        ],
        ["a window in hours", { ...query, interval: "1h" }, ["interval"]],
        ["a window in milliseconds", { name: "request-duration", max: 1, interval: "500ms" }, ["interval"]],
    ];
    for (const [what, metric, expected] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths([metric]),
                expected.map((path) => `metrics[0].${path}`),
            );
        });
    }

    it("refuses a list that leaves nothing to judge by", () => {
        const line = (value: string) =>
            `metrics: ${value} leaves nothing to judge by: every version would be promoted. ` +
            "Name a metric, or leave the list out to get the two defaults.";
        const found = (metrics: unknown) => linesOf((p) => checkMetrics(p, "metrics", metrics as MetricArgs[]));
        assert.deepEqual(found([]), [line("[]")]);
        assert.deepEqual(found(null), [line("null")]);
        assert.deepEqual(found({ name: "request-duration", credentials: "hunter2" }), [line('["name","credentials"]')]);
        assert.deepEqual(paths([null, "request-duration", Array(1)]), ["metrics[0]", "metrics[1]", "metrics[2]"]);
        assert.deepEqual(paths(Array(2)), ["metrics[0]", "metrics[1]"]);
    });

    it("refuses a name that another metric has", () => {
        assert.deepEqual(lines(query, { name: "request-duration", max: 1 }, query, query), [
            'metrics[2].name: "errors" is the name of metrics[0] too: in flagger_canary_metric_analysis the last ' +
                "would hide " +
                "the first. Give each metric a name of its own.",
            'metrics[3].name: "errors" is the name of metrics[0] too: in flagger_canary_metric_analysis the last ' +
                "would hide " +
                "the first. Give each metric a name of its own.",
        ]);
        assert.deepEqual(
            paths([
                { ...query, name: undefined },
                { ...query, name: undefined },
            ]),
            ["metrics[0].name", "metrics[1].name"],
        );
    });

    it("says what is wrong, why and what to write instead", () => {
        assert.deepEqual(
            lines(
                { name: "request-succes-rate", min: 99 },
                { name: "request-duration", query: "x" },
                { name: "errors", query: "{{ variables.code }}", variables: { kode: "5.." } },
                { name: "slow", template, templateRef: { name: "slow" }, min: 1, max: 0 },
                { name: "request-success-rate", min: 99, variables: { a: "b" } },
            ),
            [
                'metrics[0].name: "request-succes-rate" is not a metric that Flagger brings, and nothing says ' +
                    "how to measure " +
                    "it: every check would fail. Use request-success-rate or request-duration, or give one of query, " +
                    "template, templateRef, compare, burnRate, expression.",
                "metrics[1].max: nothing given, but it is needed: without it every duration fails. " +
                    "Give a number of milliseconds.",
                'metrics[1].query: "x" has no place beside request-duration, which Flagger brings: it would ' +
                    "measure both " +
                    "under one name. Give the metric a name of its own, or leave this out.",
                "metrics[2].max: nothing given, but it or min is needed: without a bound Flagger fails every " +
                    "value above 0. " +
                    "Give the least or the greatest value that passes, or both.",
                'metrics[2].query: "{{ variables.code }}" is not among the metric\'s variables: Flagger would ' +
                    "fail every " +
                    'check. Give it: variables: { code: "..." }.',
                'metrics[2].variables: "kode" is not in the query. ' +
                    "Leave it out, or write {{ variables.kode }} where it belongs.",
                'metrics[3].templateRef: ["name"] has no place beside template: a metric is measured in one way. ' +
                    "Keep one of template, templateRef.",
                "metrics[3].max: 0 is less than the least value that passes, 1. Let no bound exclude the other.",
                'metrics[4].variables: ["a"] is not read for request-success-rate. Leave it out.',
            ],
        );
        assert.deepEqual(lines({ name: "request-duration", max: 0.5 }), [
            "metrics[0].max: 0.5 is not a whole number of milliseconds: Flagger would drop the rest. Give 1.",
        ]);
    });

    it("reports instead of breaking, and accepts only what can be judged", () => {
        const any = fc.anything({ withNullPrototype: true });
        const metric = fc.record(
            {
                name: fc.oneof(any, fc.constantFrom("request-duration", "request-success-rate", "errors")),
                min: fc.oneof(any, fc.integer(), fc.double()),
                max: fc.oneof(any, fc.integer(), fc.double()),
                interval: fc.oneof(any, fc.constant("1m")),
                templateRef: fc.oneof(any, fc.record({ name: fc.oneof(any, fc.constant("errors")) })),
                template: any,
                variables: fc.oneof(any, fc.dictionary(fc.constantFrom("a", "b"), fc.string())),
                query: fc.oneof(any, fc.constantFrom("up", "{{ variables.a }}")),
            },
            { requiredKeys: ["name"] },
        );
        fc.assert(
            fc.property(fc.oneof(any, fc.array(fc.oneof({ arbitrary: metric, weight: 9 }, any))), (metrics) => {
                const found = paths(metrics);
                assert.ok(found.every((path) => path.startsWith("metrics")));
                if (found.length > 0 || metrics === undefined) {
                    return;
                }
                for (const spec of metricsSpec(metrics as MetricArgs[], new Map())) {
                    const { min = -Infinity, max = Infinity } = spec.thresholdRange as { min?: number; max?: number };
                    assert.ok(min <= max && (min !== -Infinity || max !== Infinity));
                    assert.match(spec.interval as string, /^[1-9][0-9]*[sm]$/);
                    assert.equal(
                        [spec.query, spec.templateRef].filter((way) => way !== undefined).length,
                        (spec.name as string).startsWith("request-") ? 0 : 1,
                    );
                }
            }),
            { numRuns: 2000 },
        );
    });
});

describe("metricsSpec", () => {
    it("brings Flagger's own two metrics where none is named", () => {
        assert.deepEqual(metricsSpec(undefined, new Map()), [
            { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
            { name: "request-duration", interval: "1m", thresholdRange: { max: 500 } },
        ]);
    });

    it("says of each metric what was given, and always its window and its bounds", async () => {
        const name = pulumi.output("shared");
        const metrics: MetricArgs[] = [
            { name: "request-duration", min: 0, max: 250, interval: "30s" },
            { name: "inline", min: -1, query: "{{ variables.a }}", variables: { a: "b" } },
            { name: "made", max: 1, template },
            { name: "other", max: 0, templateRef: { name, namespace: "monitoring" }, interval: "5m" },
            { name: "near", max: 2, templateRef: { name: "near" } },
        ];
        const spec = metricsSpec(metrics, new Map([[2, { name: "app-made", namespace: "apps" }]]));
        assert.deepEqual(await valueOf(pulumi.output(spec)), [
            { name: "request-duration", interval: "30s", thresholdRange: { min: 0, max: 250 } },
            {
                name: "inline",
                interval: "1m",
                thresholdRange: { min: -1 },
                templateVariables: { a: "b" },
                query: "{{ variables.a }}",
            },
            {
                name: "made",
                interval: "1m",
                thresholdRange: { max: 1 },
                templateRef: { name: "app-made", namespace: "apps" },
            },
            {
                name: "other",
                interval: "5m",
                thresholdRange: { max: 0 },
                templateRef: { name: "shared", namespace: "monitoring" },
            },
            { name: "near", interval: "1m", thresholdRange: { max: 2 }, templateRef: { name: "near" } },
        ]);
    });
});
