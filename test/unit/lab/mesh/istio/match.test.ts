import assert from "node:assert/strict";

import { Source, concerns, envoyMatch } from "../../../../../lab/mesh/istio/match";
import { HttpMatch } from "../../../../../lab/mesh/istio/objects";

describe("what Istio asks of a request", () => {
    const cases: [string, HttpMatch, object][] = [
        ["anything", {}, { prefix: "/" }],
        ["an exact path", { uri: { exact: "/a" } }, { path: "/a" }],
        ["the beginning of a path", { uri: { prefix: "/a" } }, { prefix: "/a" }],
        ["a pattern of a path", { uri: { regex: "/a.*" } }, { safe_regex: { regex: "/a.*" } }],
        ["a path in any case", { uri: { exact: "/a" }, ignoreUriCase: true }, { path: "/a", case_sensitive: false }],
        [
            "a header",
            { headers: { "x-canary": { exact: "insider" } } },
            { prefix: "/", headers: [{ name: "x-canary", string_match: { exact: "insider" } }] },
        ],
        [
            "the beginning of a header, and a pattern of another",
            { headers: { a: { prefix: "x" }, b: { regex: ".*y.*" } } },
            {
                prefix: "/",
                headers: [
                    { name: "a", string_match: { prefix: "x" } },
                    { name: "b", string_match: { safe_regex: { regex: ".*y.*" } } },
                ],
            },
        ],
        [
            "that there is a header at all",
            { headers: { a: {} } },
            { prefix: "/", headers: [{ name: "a", present_match: true }] },
        ],
        [
            "that a header is not this one, or not there",
            { withoutHeaders: { a: { exact: "x" }, b: {} } },
            {
                prefix: "/",
                headers: [
                    {
                        name: "a",
                        string_match: { exact: "x" },
                        invert_match: true,
                        treat_missing_header_as_empty: true,
                    },
                    { name: "b", present_match: true, invert_match: true },
                ],
            },
        ],
        [
            "a method and a host",
            { method: { exact: "GET" }, authority: { prefix: "shop." } },
            {
                prefix: "/",
                headers: [
                    { name: ":method", string_match: { exact: "GET" } },
                    { name: ":authority", string_match: { prefix: "shop." } },
                ],
            },
        ],
        [
            "a parameter",
            { queryParams: { a: { exact: "1" } } },
            { prefix: "/", query_parameters: [{ name: "a", string_match: { exact: "1" } }] },
        ],
    ];
    for (const [title, match, expected] of cases) {
        it(`is ${title}`, () => assert.deepEqual(envoyMatch(match), expected));
    }
});

describe("whom a match of Istio's concerns", () => {
    const source: Source = { gateway: "mesh", namespace: "apps", labels: { app: "web" }, port: 9898 };
    const gateway: Source = { ...source, gateway: "apps/public" };
    const who = (match: HttpMatch) => [source, gateway].map((one) => concerns(match, "apps", one));

    it("is everyone where nothing is said", () => assert.deepEqual(who({}), [true, true]));

    it("is who comes by one of its gateways", () => {
        assert.deepEqual(who({ gateways: ["mesh"] }), [true, false]);
        assert.deepEqual(who({ gateways: ["public"] }), [false, true]);
        assert.deepEqual(who({ gateways: ["other/public"] }), [false, false]);
    });

    it("is a pod with its labels, where it is one of the mesh", () => {
        assert.deepEqual(who({ sourceLabels: { app: "web" } }), [true, true]);
        assert.deepEqual(who({ sourceLabels: { app: "shop" } }), [false, true]);
    });

    it("is who asks its port, from its namespace", () => {
        assert.deepEqual(who({ port: 80 }), [false, false]);
        assert.deepEqual(who({ sourceNamespace: "other" }), [false, false]);
        assert.deepEqual(who({ port: 9898, sourceNamespace: "apps" }), [true, true]);
    });
});
