import assert from "node:assert/strict";

import fc from "fast-check";

import { HttpMatch, HttpRoute, MeshHeader, MeshRoute, RetryPolicy } from "../../../../../lab/mesh/appMesh/objects";
import { envoyMatch, envoyRoutes, envoyTimeout, inOrder, seconds } from "../../../../../lab/mesh/appMesh/routes";

type Priority = { priority?: number; match?: HttpMatch };

/** The names in the order in which they are asked. */
const order = (routes: (Priority & { name: string })[]) => inOrder(routes, (route) => route).map(({ name }) => name);

/** The cluster of a virtual node; `gone` does not exist. */
const clusterOf = ({ virtualNodeRef }: { virtualNodeRef?: { name: string } }) =>
    virtualNodeRef!.name === "gone" ? undefined : `cluster-${virtualNodeRef!.name}`;

const targets = (weights: Record<string, number>) => ({
    weightedTargets: Object.entries(weights).map(([name, weight]) => ({ virtualNodeRef: { name }, weight })),
});

/** What Envoy does with what one HTTP route matches. */
function translated(changes: Partial<HttpRoute>): unknown {
    const httpRoute = { match: { prefix: "/" }, action: targets({ one: 1 }), ...changes };
    return envoyRoutes([{ name: "x", httpRoute }], clusterOf)[0];
}

const actionOf = (route: unknown) => (route as { route: Record<string, unknown> }).route;
const weightsOf = (weights: Record<string, number>) =>
    (actionOf(translated({ action: targets(weights) })).weighted_clusters as { clusters: unknown }).clusters;
const retriesOf = (retryPolicy: RetryPolicy | undefined) => actionOf(translated({ retryPolicy })).retry_policy;
const headerOf = (header: MeshHeader) => (envoyMatch({ headers: [header] }).headers as unknown[])[0];

const none = { direct_response: { status: 503, body: { inline_string: "no target has a weight\n" } } };

describe("the order of App Mesh's routes", () => {
    it("is that of their priorities, those without one last", () => {
        const routes = [
            { name: "none" },
            { name: "last", priority: 1000 },
            { name: "first", priority: 0 },
            { name: "second", priority: 1 },
        ];
        assert.deepEqual(order(routes), ["first", "second", "last", "none"]);
    });

    it("has the longest path first among equals, whatever kind of path that is", () => {
        const routes = [
            { name: "all" },
            { name: "root", match: { prefix: "/" } },
            { name: "short", match: { prefix: "/a" } },
            { name: "exact", match: { path: { exact: "/a/b/c" } } },
            { name: "pattern", match: { path: { regex: "/a/b/.*" } } },
            { name: "long", match: { prefix: "/a/b" } },
            { name: "first", match: { prefix: "/" }, priority: 5 },
        ];
        assert.deepEqual(order(routes), ["first", "pattern", "exact", "long", "short", "all", "root"]);
    });

    it("keeps the routes, and those as they stand that ask for the same", () => {
        const route = fc.record(
            {
                priority: fc.nat(3),
                match: fc.record({ prefix: fc.constantFrom("/", "/a", "/b", "/a/b") }),
            },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(fc.array(route), (drawn) => {
                const routes = drawn.map((r, at) => ({ ...r, at }));
                const sorted = inOrder(routes, (r) => r);
                assert.deepEqual(new Set(sorted), new Set(routes));
                const key = ({ priority, match, at }: (typeof routes)[number]) =>
                    [priority ?? Infinity, -(match?.prefix ?? "/").length, at] as const;
                for (const [i, later] of sorted.slice(1).entries()) {
                    const [a, b] = [key(sorted[i]!), key(later)];
                    const differing = [0, 1, 2].find((k) => a[k] !== b[k])!;
                    assert.ok(a[differing]! < b[differing]!);
                }
            }),
        );
    });

    it("holds for the routes of a router, of HTTP and HTTP/2 alike", () => {
        const http = (prefix: string) => ({ match: { prefix }, action: targets({ one: 1 }) });
        const routes: MeshRoute[] = [
            { name: "all", httpRoute: http("/") },
            { name: "deep", http2Route: http("/deep") },
            { name: "tcp", priority: 0, tcpRoute: { action: targets({ one: 1 }) } },
            { name: "first", priority: 7, httpRoute: http("/") },
        ];
        assert.deepEqual(
            envoyRoutes(routes, clusterOf).map(({ name }) => name),
            ["first", "deep", "all"],
        );
    });
});

describe("what App Mesh's routes match", () => {
    it("is every path where they say nothing", () => {
        assert.deepEqual(envoyMatch(), { prefix: "/" });
        assert.deepEqual(envoyMatch({}), { prefix: "/" });
    });

    it("is a prefix, a path or a pattern", () => {
        assert.deepEqual(envoyMatch({ prefix: "/a" }), { prefix: "/a" });
        assert.deepEqual(envoyMatch({ path: { exact: "/a" } }), { path: "/a" });
        assert.deepEqual(envoyMatch({ path: { regex: "/a+" } }), { safe_regex: { regex: "/a+" } });
    });

    it("is a header in each way there is", () => {
        const cases: [MeshHeader["match"], object][] = [
            [{ exact: "v" }, { string_match: { exact: "v" } }],
            [{ prefix: "v" }, { string_match: { prefix: "v" } }],
            [{ suffix: "v" }, { string_match: { suffix: "v" } }],
            [{ regex: "v+" }, { string_match: { safe_regex: { regex: "v+" } } }],
            [{ range: { start: 1, end: 9 } }, { range_match: { start: 1, end: 9 } }],
            [{}, { present_match: true }],
            [undefined, { present_match: true }],
        ];
        for (const [match, expected] of cases) {
            assert.deepEqual(headerOf({ name: "x", match }), { name: "x", ...expected });
            assert.deepEqual(headerOf({ name: "x", match, invert: false }), { name: "x", ...expected });
            // And nothing of headers that are missing: those are no other value.
            assert.deepEqual(headerOf({ name: "x", match, invert: true }), {
                name: "x",
                ...expected,
                invert_match: true,
            });
        }
    });

    it("is all headers together, and the method as one of them", () => {
        assert.deepEqual(envoyMatch({ headers: [{ name: "a" }, { name: "b" }], method: "PUT" }), {
            prefix: "/",
            headers: [
                { name: "a", present_match: true },
                { name: "b", present_match: true },
                { name: ":method", string_match: { exact: "PUT" } },
            ],
        });
    });

    it("is parameters by their value or by being there", () => {
        assert.deepEqual(envoyMatch({ queryParameters: [{ name: "a", match: { exact: "1" } }, { name: "b" }] }), {
            prefix: "/",
            query_parameters: [
                { name: "a", string_match: { exact: "1" } },
                { name: "b", present_match: true },
            ],
        });
    });

    it("is not asked for where lists are empty", () => {
        assert.deepEqual(envoyMatch({ prefix: "/a", headers: [], queryParameters: [] }), { prefix: "/a" });
    });
});

describe("the weights of App Mesh's routes", () => {
    it("are those of the clusters, without those that get nothing", () => {
        assert.deepEqual(weightsOf({ one: 90, two: 10, three: 0 }), [
            { name: "cluster-one", weight: 90 },
            { name: "cluster-two", weight: 10 },
        ]);
    });

    it("leave an answer of 503 where nobody gets anything", () => {
        const useless: Record<string, number>[] = [
            {},
            { one: 0 },
            { one: 0, two: 0 },
            { gone: 1 },
            { gone: 50, one: 0 },
        ];
        for (const weights of useless) {
            const route = translated({ action: targets(weights) });
            assert.deepEqual(route, { name: "x", match: { prefix: "/" }, ...none });
        }
    });

    it("go to those that exist", () => {
        assert.deepEqual(weightsOf({ gone: 50, two: 50 }), [{ name: "cluster-two", weight: 50 }]);
    });

    it("reach Envoy as they are, whatever they are", () => {
        const weights = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat(100));
        fc.assert(
            fc.property(weights, (drawn) => {
                const served = Object.entries(drawn).filter(([, weight]) => weight > 0);
                if (served.length > 0) {
                    const expected = served.map(([name, weight]) => ({ name: `cluster-${name}`, weight }));
                    assert.deepEqual(weightsOf(drawn), expected);
                }
            }),
        );
    });
});

describe("the retries of App Mesh's routes", () => {
    it("are App Mesh's own where nobody says otherwise", () => {
        assert.deepEqual(retriesOf(undefined), {
            retry_on: "retriable-status-codes,connect-failure,refused-stream",
            retriable_status_codes: [503],
            num_retries: 2,
        });
    });

    it("are those of the policy, in Envoy's words", () => {
        const cases: Record<string, string> = {
            "server-error": "5xx,reset",
            "gateway-error": "gateway-error,reset",
            "client-error": "retriable-4xx",
            "stream-error": "refused-stream",
        };
        for (const [event, retryOn] of Object.entries(cases)) {
            assert.deepEqual(retriesOf({ httpRetryEvents: [event], maxRetries: 3 }), {
                retry_on: retryOn,
                num_retries: 3,
            });
        }
    });

    it("name nothing twice, and give each attempt its time", () => {
        const policy = {
            httpRetryEvents: ["server-error", "gateway-error", "stream-error"],
            tcpRetryEvents: ["connection-error"],
            grpcRetryEvents: ["unavailable"],
            maxRetries: 0,
            perRetryTimeout: { unit: "ms" as const, value: 250 },
        };
        assert.deepEqual(retriesOf(policy), {
            retry_on: "5xx,reset,gateway-error,refused-stream,connect-failure,unavailable",
            num_retries: 0,
            per_try_timeout: "0.25s",
        });
    });
});

describe("the times of App Mesh's routes", () => {
    it("are fifteen seconds where nobody says otherwise, and no idle time", () => {
        assert.deepEqual(envoyTimeout(undefined), { timeout: "15s" });
        assert.deepEqual(envoyTimeout({}), { timeout: "15s" });
        assert.equal(actionOf(translated({})).timeout, "15s");
    });

    it("are those of the route", () => {
        const timeout = { perRequest: { unit: "ms" as const, value: 1500 }, idle: { unit: "s" as const, value: 60 } };
        assert.deepEqual(envoyTimeout(timeout), { timeout: "1.5s", idle_timeout: "60s" });
        const { timeout: whole, idle_timeout: idle } = actionOf(translated({ timeout }));
        assert.deepEqual([whole, idle], ["1.5s", "60s"]);
    });

    it("are written as Envoy reads them", () => {
        fc.assert(
            fc.property(fc.constantFrom("s" as const, "ms" as const), fc.nat(10_000_000), (unit, value) => {
                const text = seconds({ unit, value });
                assert.match(text, /^\d+(\.\d{1,3})?s$/);
                assert.equal(Math.round(parseFloat(text) * 1000), unit === "s" ? value * 1000 : value);
            }),
        );
    });
});
