import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";

import { Destinations } from "../../../../../lab/mesh/istio/destinations";
import { Source } from "../../../../../lab/mesh/istio/match";
import { HttpRoute, RouteDestination, VirtualService } from "../../../../../lab/mesh/istio/objects";
import { httpRoutes } from "../../../../../lab/mesh/istio/routes";
import { object } from "../meshWorld";
import { servedWorld } from "../servedWorld";

const source: Source = { gateway: "mesh", namespace: "apps", labels: {}, port: 9898 };
const services = {
    "primary.apps": { ports: [{ port: 9898 }] },
    "canary.apps": { ports: [{ port: 9898 }] },
    "many.apps": { ports: [{ port: 80 }, { port: 9898 }] },
};
const cluster = (name: string, port = 9898) => `outbound|${port}||${name}.apps.svc.cluster.local`;
const to = (host: string, weight?: number): RouteDestination => ({ destination: { host }, weight });

function translated(http: HttpRoute[], others: KubernetesObject[] = []) {
    const service = object("VirtualService", "web", { http }) as VirtualService;
    const world = servedWorld([service, ...others], services);
    const destinations = new Destinations(world);
    return { routes: httpRoutes(world, service, source, destinations), clusters: destinations.all() };
}

const only = (rule: HttpRoute) => translated([{ route: [to("primary")], ...rule }]).routes[0]!;
const action = (rule: HttpRoute) => only(rule).route as Record<string, unknown>;
const weightsOf = (...route: RouteDestination[]) =>
    (action({ route }).weighted_clusters as { clusters: { name: string; weight: number }[] }).clusters;

describe("the routes of a virtual service of Istio's", () => {
    it("share requests by weight, and nobody gets those of weight 0", () => {
        assert.deepEqual(weightsOf(to("primary", 70), to("canary", 30)), [
            { name: cluster("primary"), weight: 70 },
            { name: cluster("canary"), weight: 30 },
        ]);
        assert.deepEqual(weightsOf(to("primary", 100), to("canary", 0)), [{ name: cluster("primary"), weight: 100 }]);
    });

    it("give everything to a destination that is alone, whatever its weight", () => {
        assert.deepEqual(weightsOf(to("primary", 0)), [{ name: cluster("primary"), weight: 100 }]);
    });

    it("answer 503 where there is nobody to ask", () => {
        const { routes } = translated([{ route: [to("gone", 100)] }]);
        assert.equal((routes[0]!.direct_response as { status: number }).status, 503);
    });

    it("ask the port of the request, where a service has several and none is said", () => {
        assert.deepEqual(weightsOf(to("many")), [{ name: cluster("many"), weight: 100 }]);
        const route = [{ destination: { host: "many", port: { number: 80 } } }];
        assert.deepEqual(weightsOf(...route), [{ name: cluster("many", 80), weight: 100 }]);
    });

    it("are as many as there are matches, in their order", () => {
        const match = [{ uri: { prefix: "/a" } }, { uri: { prefix: "/b" } }];
        const { routes } = translated([
            { match, route: [to("canary")] },
            { match: [], route: [to("primary")] },
        ]);
        assert.deepEqual(
            routes.map((route) => route.match),
            [{ prefix: "/a" }, { prefix: "/b" }, { prefix: "/" }],
        );
    });

    it("have no timeout, and Istio's own retries, where nothing is said", () => {
        const { timeout, retry_policy } = action({});
        assert.equal(timeout, "0s");
        assert.deepEqual(retry_policy, {
            retry_on: "connect-failure,refused-stream,unavailable,cancelled",
            num_retries: 2,
        });
    });

    it("have the timeout and the retries that are asked for, statuses among these", () => {
        const retries = { attempts: 3, perTryTimeout: "500ms", retryOn: "gateway-error, 503" };
        const { timeout, retry_policy } = action({ timeout: "1m", retries });
        assert.equal(timeout, "60s");
        assert.deepEqual(retry_policy, {
            retry_on: "gateway-error,retriable-status-codes",
            num_retries: 3,
            retriable_status_codes: [503],
            per_try_timeout: "0.5s",
        });
        assert.equal(action({ retries: { attempts: 0 } }).retry_policy, undefined);
    });

    it("rewrite the part of the path that is matched, and the host", () => {
        const rewrite = { uri: "/", authority: "web.example.com" };
        const { prefix_rewrite, host_rewrite_literal } = action({ match: [{ uri: { prefix: "/web/" } }], rewrite });
        assert.deepEqual([prefix_rewrite, host_rewrite_literal], ["/", "web.example.com"]);
        assert.equal(action({ headers: { request: { set: { Host: "other" } } } }).host_rewrite_literal, "other");
    });

    it("change headers, for all or for those that one destination gets", () => {
        const headers = { request: { set: { a: "50%" }, remove: ["b"] }, response: { add: { c: "1" } } };
        const changes = {
            request_headers_to_add: [
                { header: { key: "a", value: "50%%" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
            ],
            request_headers_to_remove: ["b"],
            response_headers_to_add: [{ header: { key: "c", value: "1" }, append_action: "APPEND_IF_EXISTS_OR_ADD" }],
        };
        const { match: _, route: __, ...rest } = only({ headers });
        assert.deepEqual(rest, changes);
        assert.deepEqual(weightsOf({ ...to("canary"), headers }), [
            { name: cluster("canary"), weight: 100, ...changes },
        ]);
    });

    it("mirror a part of the requests, or all", () => {
        const mirrored = (rule: HttpRoute) => action({ mirror: { host: "canary" }, ...rule }).request_mirror_policies;
        const policy = (numerator: number) => [
            {
                cluster: cluster("canary"),
                runtime_fraction: { default_value: { numerator, denominator: "MILLION" } },
            },
        ];
        assert.deepEqual(mirrored({}), policy(1_000_000));
        assert.deepEqual(mirrored({ mirrorPercentage: { value: 12.5 } }), policy(125_000));
    });

    it("are those of another virtual service that stands in their place, where both match", () => {
        const inner = [{ match: [{ headers: { a: { exact: "1" } } }], route: [to("canary")] }];
        const other = object("VirtualService", "inner", { http: inner });
        const outer = { match: [{ uri: { prefix: "/a" } }], timeout: "5s", delegate: { name: "inner" } };
        const { routes } = translated([outer], [other]);
        assert.equal(routes.length, 1);
        assert.deepEqual(routes[0]!.match, { prefix: "/a", headers: [{ name: "a", string_match: { exact: "1" } }] });
        assert.equal((routes[0]!.route as { timeout: string }).timeout, "5s");
    });

    it("lead to clusters with the limits of their destination rules", () => {
        const connectionPool = { tcp: { maxConnections: 5 }, http: { http1MaxPendingRequests: 2 } };
        const rule = object("DestinationRule", "primary", { host: "primary", trafficPolicy: { connectionPool } });
        const { clusters } = translated([{ route: [to("primary", 50), to("canary", 50)] }], [rule]);
        assert.deepEqual(
            clusters.map(({ circuit_breakers }) => circuit_breakers),
            [{ thresholds: [{ max_connections: 5, max_pending_requests: 2 }] }, undefined],
        );
    });
});
