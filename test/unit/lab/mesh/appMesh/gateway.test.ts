import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";
import fc from "fast-check";

import { gatewayOf, gatewayProxy } from "../../../../../lab/mesh/appMesh/gateway";
import { GatewayRoute, HttpMatch } from "../../../../../lab/mesh/appMesh/objects";
import { Json, ProxyConfig } from "../../../../../lab/mesh/envoy";
import { object, world } from "../meshWorld";

const namespace = (name: string, labels: Record<string, string>): KubernetesObject => ({
    kind: "Namespace",
    metadata: { name, labels },
});
const gateway = object("VirtualGateway", "entry.edge", {
    namespaceSelector: { matchLabels: { mesh: "global" } },
    listeners: [{ portMapping: { port: 8088, protocol: "http" } }],
});
const podinfo = object("VirtualService", "podinfo", {
    provider: { virtualNode: { virtualNodeRef: { name: "podinfo" } } },
});
const around = [namespace("apps", { mesh: "global" }), namespace("other", {}), gateway, podinfo];

interface Changes {
    priority?: number;
    rewrite?: object;
    to?: string;
}

function gatewayRoute(name: string, match: HttpMatch, { priority, rewrite, to = "podinfo" }: Changes = {}) {
    const target = { virtualService: { virtualServiceRef: { name: to } } };
    return object("GatewayRoute", name, { priority, httpRoute: { match, action: { target, rewrite } } });
}

function proxy(...routes: KubernetesObject[]): ProxyConfig {
    return gatewayProxy(world([...around, ...routes]), "global", gateway);
}

/** What a gateway does with what comes from outside. */
function routesOf(...routes: KubernetesObject[]): Json[] {
    const ingress = proxy(...routes).routes.find(({ name }) => name === "ingress_global_entry_edge")!;
    return (ingress.virtual_hosts as { routes: Json[] }[])[0]!.routes;
}

const namesOf = (...routes: KubernetesObject[]) => routesOf(...routes).map(({ name }) => name);

/** The path that a request has behind the gateway, as Envoy's regular expressions make it of the path before. */
function rewritten(path: string, match: HttpMatch, rewrite?: object): string {
    const { route } = routesOf(gatewayRoute("x", match, { rewrite }))[0] as {
        route: { regex_rewrite?: { pattern: { regex: string }; substitution: string } };
    };
    const { pattern, substitution } = route.regex_rewrite ?? { pattern: { regex: "^" }, substitution: "" };
    return path.replace(new RegExp(pattern.regex), () => substitution);
}

describe("a virtual gateway's proxy", () => {
    it("listens where the gateway does, and sends everything back through itself as the virtual service", () => {
        const config = proxy(gatewayRoute("all", { prefix: "/" }));
        assert.deepEqual(
            config.listeners.map(({ name }) => name),
            ["gateway_8088", "outbound"],
        );
        assert.deepEqual(
            config.routes.map(({ name }) => name),
            ["ingress_global_entry_edge", "cds_egress_global_entry_edge"],
        );
        assert.deepEqual(routesOf(gatewayRoute("all", { prefix: "/" })), [
            {
                name: "all",
                match: { prefix: "/" },
                route: { cluster: "mesh", timeout: "0s", host_rewrite_literal: "podinfo.apps" },
            },
        ]);
    });

    it("knows each virtual service once, however many routes lead to it", () => {
        const config = proxy(gatewayRoute("a", { prefix: "/a" }), gatewayRoute("b", { prefix: "/b" }));
        const hosts = config.routes[1]!.virtual_hosts as { name: string }[];
        assert.deepEqual(
            hosts.map(({ name }) => name),
            ["podinfo.apps"],
        );
    });

    it("takes the routes of the namespaces that it selects, and to what exists", () => {
        const routes = [
            gatewayRoute("here", { prefix: "/" }),
            gatewayRoute("there.other", { prefix: "/" }),
            gatewayRoute("lost", { prefix: "/" }, { to: "gone" }),
        ];
        assert.deepEqual(namesOf(...routes), ["here"]);
        const cluster = world([...around, ...routes]);
        assert.equal(gatewayOf(cluster, routes[0] as GatewayRoute), gateway);
        assert.equal(gatewayOf(cluster, routes[1] as GatewayRoute), undefined);
    });

    it("asks routes by priority, and those without one by the length of their path", () => {
        assert.deepEqual(
            namesOf(
                gatewayRoute("all", { prefix: "/" }),
                gatewayRoute("short", { prefix: "/a/" }),
                gatewayRoute("exact", { path: { exact: "/a/b/c/d" } }),
                gatewayRoute("long", { prefix: "/a/b/" }),
                gatewayRoute("second", { prefix: "/" }, { priority: 2 }),
                gatewayRoute("first", { prefix: "/" }, { priority: 0 }),
            ),
            ["first", "second", "exact", "long", "short", "all"],
        );
    });

    it("tells hosts apart, together with headers", () => {
        const hostOf = (match: HttpMatch) => (routesOf(gatewayRoute("x", match))[0]!.match as Json).headers;
        const authority = (match: object) => ({ name: ":authority", string_match: match });
        assert.deepEqual(hostOf({ hostname: { exact: "a.example" } }), [authority({ exact: "a.example" })]);
        assert.deepEqual(hostOf({ hostname: { suffix: ".example" } }), [authority({ suffix: ".example" })]);
        assert.equal(hostOf({ prefix: "/" }), undefined);
        assert.deepEqual(hostOf({ hostname: { exact: "a" }, headers: [{ name: "x" }], method: "GET" }), [
            { name: "x", present_match: true },
            { name: ":method", string_match: { exact: "GET" } },
            authority({ exact: "a" }),
        ]);
    });
});

describe("a path behind a virtual gateway", () => {
    it("has lost the prefix that the route asks for", () => {
        for (const [before, prefix, after] of [
            ["/app/", "/app/", "/"],
            ["/app", "/app", "/"],
            ["/app/a/app/b", "/app/", "/a/app/b"],
            ["/app/a", "/app", "/a"],
            ["/a.b/c", "/a.b/", "/c"],
        ] as const) {
            assert.equal(rewritten(before, { prefix }), after);
        }
    });

    it("is as it was where there is no prefix, or the route keeps it", () => {
        const kept = { prefix: { defaultPrefix: "DISABLED" } };
        assert.equal(rewritten("/app/a", { prefix: "/" }), "/app/a");
        assert.equal(rewritten("/app/a", {}), "/app/a");
        assert.equal(rewritten("/app/a", { prefix: "/app/" }, kept), "/app/a");
        assert.equal(rewritten("/app/a", { path: { exact: "/app/a" } }), "/app/a");
        assert.equal(rewritten("/app/a", { path: { regex: "/app/.*" } }), "/app/a");
    });

    it("has another prefix or is another path where the route says so", () => {
        assert.equal(rewritten("/app/a", { prefix: "/app/" }, { prefix: { value: "/v2/" } }), "/v2/a");
        assert.equal(rewritten("/app/a", { path: { regex: "/app/.*" } }, { path: { exact: "/v2" } }), "/v2");
    });

    it("begins with one slash, whatever the prefix", () => {
        const segment = fc.stringMatching(/^[a-z.+$()]{1,6}$/);
        const segments = fc.array(segment, { minLength: 1, maxLength: 3 });
        fc.assert(
            fc.property(segments, fc.array(segment, { maxLength: 3 }), fc.boolean(), (first, rest, ends) => {
                const prefix = `/${first.join("/")}${ends ? "/" : ""}`;
                const path = `/${[...first, ...rest].join("/")}${rest.length === 0 && ends ? "/" : ""}`;
                assert.equal(rewritten(path, { prefix }), `/${rest.join("/")}`);
            }),
        );
    });
});
