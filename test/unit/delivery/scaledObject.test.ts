import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import {
    ScaledObjectArgs,
    checkScaledObject,
    primaryQuery,
    scaledObjectWarnings,
} from "../../../components/delivery/scaledObject";
import { linesOf, pathsOf } from "../problems";

const prometheus = (query: string, name?: string) => ({ type: "prometheus", name, metadata: { query } });
const good = { minReplicas: 1, maxReplicas: 4, triggers: [prometheus("web")] };

const lines = (changes: object, resources?: object) =>
    linesOf((p) => checkScaledObject(p, "so", { ...good, ...changes }, "web", resources));
const paths = (changes: object, resources?: object) =>
    pathsOf((p) => checkScaledObject(p, "so", { ...good, ...changes }, "web", resources));

describe("checkScaledObject", () => {
    const accepted: [string, object][] = [
        ["a query of the application's", {}],
        [
            "a trigger without a query",
            { triggers: [{ type: "kafka", metadata: { topic: "a", lag: pulumi.output("5") } }] },
        ],
        [
            "a query that is known later",
            { triggers: [{ type: "prometheus", metadata: { query: pulumi.output("x") } }] },
        ],
        ["a query of the primary's own", { triggers: [prometheus("web", "a")], primaryQueries: { a: "web-primary" } }],
        [
            "a query of the primary's own, whatever its target's",
            { triggers: [prometheus("x-web-primary", "a")], primaryQueries: { a: "y" } },
        ],
        ["several triggers without a name", { triggers: [prometheus("web"), prometheus("web")] }],
        ["bounds of the primary's own", { primaryReplicas: { minReplicas: 2, maxReplicas: 9 } }],
        [
            "a share of what is requested",
            { triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value: "60" } }] },
        ],
    ];
    for (const [what, changes] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(changes), []);
        });
    }

    const traps: [string, object, string[]][] = [
        ["no bounds", { minReplicas: undefined, maxReplicas: undefined }, ["minReplicas", "maxReplicas"]],
        ["a greatest number below the least", { minReplicas: 5 }, ["maxReplicas"]],
        ["no replica, and too many", { minReplicas: 0, maxReplicas: 10_001 }, ["minReplicas", "maxReplicas"]],
        ["no replica of the primary's", { primaryReplicas: { minReplicas: 0 } }, ["primaryReplicas.minReplicas"]],
        [
            "a least number for the primary above the greatest",
            { primaryReplicas: { minReplicas: 5 } },
            ["primaryReplicas"],
        ],
        [
            "a greatest number for the primary below the least",
            { minReplicas: 2, primaryReplicas: { maxReplicas: 1 } },
            ["primaryReplicas"],
        ],
        ["no list of triggers", { triggers: undefined }, ["triggers"]],
        ["no trigger", { triggers: [] }, ["triggers"]],
        ["triggers that are no list", { triggers: {} }, ["triggers"]],
        ["a trigger that is none", { triggers: [null, prometheus("web")] }, ["triggers[0]"]],
        ["a trigger of nothing", { triggers: [{}] }, ["triggers[0].type", "triggers[0].metadata"]],
        [
            "names that are none",
            { triggers: [{ type: "a", name: "", authenticationRef: {}, metadata: {} }] },
            ["triggers[0].name", "triggers[0].authenticationRef"],
        ],
        [
            "a type of metric that is none",
            { triggers: [{ type: "a", metricType: "Sum", metadata: {} }] },
            ["triggers[0].metricType"],
        ],
        [
            "numbers in the metadata",
            { triggers: [{ type: "a", metadata: { threshold: 5 } }] },
            ["triggers[0].metadata.threshold"],
        ],
        [
            "a name twice",
            { triggers: [prometheus("web", "a"), { type: "b", name: "a", metadata: {} }] },
            ["triggers[1].name"],
        ],
        [
            "queries that are none",
            { triggers: [prometheus("web", "a")], primaryQueries: { a: " " } },
            ["primaryQueries.a"],
        ],
        [
            "queries as a list",
            { triggers: [prometheus("web", "a")], primaryQueries: ["x"] },
            ["primaryQueries", "triggers[0].name"],
        ],
        [
            "a query for a trigger without one",
            { triggers: [{ type: "kafka", name: "a", metadata: {} }], primaryQueries: { a: "x" } },
            ["primaryQueries.a"],
        ],
        [
            "a query for no trigger",
            { triggers: [prometheus("web", "a")], primaryQueries: { a: "x", b: "y" } },
            ["primaryQueries.b"],
        ],
        [
            "a trigger without a name beside queries",
            { triggers: [prometheus("web", "a"), prometheus("web")], primaryQueries: { a: "x" } },
            ["triggers[1].name"],
        ],
        [
            "a trigger that the queries forget",
            { triggers: [prometheus("web", "a"), prometheus("web", "b")], primaryQueries: { a: "x" } },
            ["triggers[1].name"],
        ],
        [
            "queries that name nothing",
            { triggers: [prometheus("web", "a")], primaryQueries: {} },
            ["primaryQueries", "triggers[0].name"],
        ],
    ];
    for (const [what, changes, expected] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(changes),
                expected.map((path) => `so.${path}`),
            );
        });
    }

    it("refuses a share of what is not requested", () => {
        const triggers = [{ type: "memory", metricType: "Utilization", metadata: { value: "60" } }];
        assert.deepEqual(paths({ triggers }, { requests: { cpu: "1" } }), ["so.triggers[0].metricType"]);
        assert.deepEqual(paths({ triggers }, { requests: { memory: "1Gi" } }), []);
    });

    it("says what Flagger would do", () => {
        assert.deepEqual(lines({ minReplicas: 0 }), [
            "so.minReplicas: 0 lets KEDA take away the primary's last pod: its users get errors, and Flagger counts a primary " +
                "without pods as ready. Give at least 1.",
        ]);
        assert.deepEqual(lines({ triggers: [prometheus("sum(web-primary)")] }), [
            'so.triggers[0].metadata.query: "sum(web-primary)" names the primary: for its copy Flagger puts ' +
                'web-primary-primary there, and that measures nothing. Write "web" instead, or give primaryQueries.',
        ]);
        assert.deepEqual(
            lines({ triggers: [prometheus("web", "b"), prometheus("web", "a")], primaryQueries: { a: "x" } }),
            [
                'so.triggers[0].name: "b" has no query in primaryQueries: beside the others Flagger would leave the primary with ' +
                    "the canary's. Name the trigger, and give a query of that name.",
            ],
        );
        assert.deepEqual(lines({ primaryReplicas: { minReplicas: 5 } }), [
            'so.primaryReplicas: {"minReplicas":5} gives the primary at least 5 and at most 4 replicas: no autoscaler takes ' +
                "that, and without it Flagger stands still. Let the greatest number be no less than the least.",
        ]);
    });
});

describe("primaryQuery", () => {
    it("is what Flagger makes of it", () => {
        const table: [string, string][] = [
            ["up", "up"],
            ["web", "web-primary"],
            ["web-canary", "web-primary"],
            ["web + web-canary + web", "web-primary + web-primary + web-primary"],
            ["web-primary", "web-primary-primary"],
            ["webhook", "web-primaryhook"],
        ];
        for (const [query, expected] of table) {
            assert.equal(primaryQuery(query, "web"), expected);
        }
    });

    it("names the primary wherever the query names the application or its canary, and keeps the rest", () => {
        const word = fc.constantFrom("web", "web-canary", "up", "{", " ", "-", "canary");
        fc.assert(
            fc.property(fc.array(word), (words) => {
                const expected = words.map((w) => (w.startsWith("web") ? "web-primary" : w));
                assert.equal(primaryQuery(words.join("\n"), "web"), expected.join("\n"));
            }),
        );
    });
});

describe("scaledObjectWarnings", () => {
    const warnings = (query: pulumi.Input<string> | undefined, primaryQueries?: Record<string, string>) => {
        const metadata: Record<string, pulumi.Input<string>> = query === undefined ? {} : { query };
        const args: ScaledObjectArgs = {
            minReplicas: 1,
            maxReplicas: 2,
            triggers: [{ type: "a", metadata }],
            primaryQueries,
        };
        return scaledObjectWarnings("so", args, "web");
    };

    it("are none where the query names the application, or needs no change, or is not known", () => {
        assert.deepEqual(warnings('rate(x{pod=~"web-[0-9a-z]+"}[1m]) / on() y{deployment="web"}'), []);
        assert.deepEqual(warnings("up", { a: "up" }), []);
        assert.deepEqual(warnings(undefined), []);
        assert.deepEqual(warnings(pulumi.output("up")), []);
    });

    it("show what Flagger makes of a word that the name is part of, at either end", () => {
        const warning = (query: string) =>
            "so.triggers[0].metadata.query: web is part of a longer word in it. For the primary Flagger makes it " +
            `${JSON.stringify(query)}. Give primaryQueries if that is not what is meant.`;
        assert.deepEqual(warnings("webhook_total"), [warning("web-primaryhook_total")]);
        assert.deepEqual(warnings("cobweb"), [warning("cobweb-primary")]);
    });

    it("say that canary and primary would share a query", () => {
        assert.deepEqual(warnings("up"), [
            "so.triggers[0].metadata.query: it does not name web, so Flagger gives the primary the same query, and both are " +
                "scaled by the same number. Give primaryQueries to say what the primary is scaled by.",
        ]);
    });
});
