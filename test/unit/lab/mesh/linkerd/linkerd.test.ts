import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";

import { linkerd } from "../../../../../lab/mesh/linkerd/linkerd";
import { object } from "../meshWorld";
import { matchesOf, pod, routesOf, servedWorld } from "../servedWorld";

const http = ["http/1.0", "http/1.1", "h2c"];
const ports = [{ port: 9898 }];
const services = { "web.apps": { ports }, "web-primary.apps": { ports }, "web-canary.apps": { ports } };
const parent = { group: "core", kind: "Service", name: "web", port: 9898 };
const backend = (name: string, weight: number, more: object = {}) => ({ name, port: 9898, weight, ...more });
const backendRefs = [backend("web-primary", 70), backend("web-canary", 30)];

const route = (rules: object[], changes: object = {}, name = "web") =>
    object("HTTPRoute", name, { parentRefs: [parent], rules, ...changes });
const translate = (objects: KubernetesObject[], of = pod()) => linkerd.translate(servedWorld(objects, services), of);
const rulesOf = (...rules: object[]) => routesOf(translate([route(rules)]))["web.apps:9898"]!;

describe("a proxy of Linkerd's", () => {
    it("goes by the routes of the service whose address is asked, whatever the host", () => {
        const config = translate([route([{ backendRefs }])]);
        assert.deepEqual(matchesOf(config, "outbound"), [
            {
                destination_port: 9898,
                prefix_ranges: [{ address_prefix: "10.96.0.1", prefix_len: 32 }],
                application_protocols: http,
            },
            // Envoy never goes back to a chain that says less: each has its own way out.
            { destination_port: 9898, prefix_ranges: [{ address_prefix: "10.96.0.1", prefix_len: 32 }] },
            { destination_port: 9898 },
            {},
        ]);
        const [table] = config.routes as [{ virtual_hosts: { domains: string[] }[] }];
        assert.deepEqual(table.virtual_hosts[0]!.domains, ["*"]);
    });

    it("passes on what has no route, or one for another port or of a gateway", () => {
        const others = [
            { parentRefs: [{ ...parent, port: 80 }] },
            { parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" }] },
        ];
        for (const objects of [[], ...others.map((changes) => [route([{ backendRefs }], changes)])]) {
            assert.deepEqual(matchesOf(translate(objects), "outbound"), [{}]);
        }
    });

    it("goes first by the routes of its own namespace, and not by those of others'", () => {
        const parentRefs = [{ ...parent, namespace: "apps" }];
        const shop = [{ ...backend("web-canary", 1), namespace: "apps" }];
        const objects = [
            route([{ backendRefs: [backend("web-primary", 1)] }]),
            route([{ backendRefs: shop }], { parentRefs }, "web.shop"),
        ];
        const targetOf = (namespace: string) => {
            const [first] = routesOf(translate(objects, pod({ namespace })))["web.apps:9898"]!;
            return (first!.route as { weighted_clusters: { clusters: { name: string }[] } }).weighted_clusters
                .clusters[0]!.name;
        };
        assert.equal(targetOf("apps"), "outbound|9898||web-primary.apps");
        assert.equal(targetOf("other"), "outbound|9898||web-primary.apps");
        assert.equal(targetOf("shop"), "outbound|9898||web-canary.apps");
    });

    it("shares requests by weight, with the changes for what one backend gets", () => {
        const cookie = [{ name: "Set-Cookie", value: "a=b" }];
        const filters = [{ type: "ResponseHeaderModifier", responseHeaderModifier: { add: cookie } }];
        const [rule] = rulesOf({ backendRefs: [backend("web-primary", 70), backend("web-canary", 30, { filters })] });
        assert.deepEqual((rule!.route as { weighted_clusters: object }).weighted_clusters, {
            clusters: [
                { name: "outbound|9898||web-primary.apps", weight: 70 },
                {
                    name: "outbound|9898||web-canary.apps",
                    weight: 30,
                    response_headers_to_add: [
                        { header: { key: "Set-Cookie", value: "a=b" }, append_action: "APPEND_IF_EXISTS_OR_ADD" },
                    ],
                },
            ],
        });
    });

    it("asks the most specific match first, whatever stands first", () => {
        const matches = [
            { path: { type: "PathPrefix", value: "/" } },
            { path: { type: "PathPrefix", value: "/a" } },
            { path: { type: "PathPrefix", value: "/" }, headers: [{ name: "x", value: "1" }] },
            { path: { type: "Exact", value: "/" } },
        ];
        assert.deepEqual(
            rulesOf({ matches, backendRefs }).map(({ match }) => match),
            [
                { path: "/" },
                { path_separated_prefix: "/a" },
                { prefix: "/", headers: [{ name: "x", string_match: { exact: "1" } }] },
                { prefix: "/" },
            ],
        );
    });

    it("answers 503 where there is nobody to ask", () => {
        const [rule] = rulesOf({ backendRefs: [backend("gone", 1)] });
        assert.equal((rule!.direct_response as { status: number }).status, 503);
    });

    it("stands before all ports of its pod but its own and those that the pod takes out", () => {
        const annotations = { "config.linkerd.io/skip-inbound-ports": "9797" };
        assert.deepEqual(
            [9898, 9797, 4191].filter((port) => linkerd.redirects(pod({ annotations }), port)),
            [9898],
        );
    });

    it("says what it does not translate", () => {
        const filters = [{ type: "RequestMirror", requestMirror: { backendRef: { name: "web-canary" } } }];
        const objects = [route([{ backendRefs, filters }], { hostnames: ["web.example.com"] })];
        assert.deepEqual(
            linkerd.untranslated(servedWorld(objects, services)).map(({ field }) => field),
            ["rules[].filters[].requestMirror", "hostnames[]"],
        );
        assert.deepEqual(linkerd.untranslated(servedWorld([route([{ backendRefs }])], services)), []);
    });
});
