import assert from "node:assert/strict";

import { KubernetesObject, V1EnvVar, V1Pod } from "@kubernetes/client-node";

import { appMesh } from "../../../../../lab/mesh/appMesh/appMesh";
import { gatewayProxy } from "../../../../../lab/mesh/appMesh/gateway";
import { virtualNodeProxy } from "../../../../../lab/mesh/appMesh/node";
import { VirtualGateway, VirtualNode } from "../../../../../lab/mesh/appMesh/objects";
import { object, world } from "../meshWorld";

const node = object("VirtualNode", "podinfo-primary", {
    listeners: [{ portMapping: { port: 9898, protocol: "http" } }],
    podSelector: { matchLabels: { app: "podinfo-primary" } },
});
const gateway = object("VirtualGateway", "entry.edge", {
    namespaceSelector: { matchLabels: { mesh: "global" } },
    podSelector: { matchLabels: { app: "entry" } },
    listeners: [{ portMapping: { port: 8088, protocol: "http" } }],
});
const namespaces: KubernetesObject[] = [
    { kind: "Namespace", metadata: { name: "apps", labels: { mesh: "global" } } },
    { kind: "Namespace", metadata: { name: "other" } },
];

/** A pod with an application and a proxy that was told this. */
function pod(env: Record<string, string>, proxy = "envoy"): V1Pod {
    const variables: V1EnvVar[] = Object.entries(env).map(([name, value]) => ({ name, value }));
    return { spec: { containers: [{ name: "app" }, { name: proxy, env: variables }] } };
}

const standsFor = (resource: string) => pod({ APPMESH_VIRTUAL_NODE_NAME: resource });

describe("App Mesh in the lab", () => {
    const cluster = world([node, gateway, ...namespaces]);
    const nothing = { listeners: [], routes: [], clusters: [] };

    it("configures a proxy as what it stands for", () => {
        assert.deepEqual(
            appMesh.translate(cluster, standsFor("mesh/global/virtualNode/podinfo-primary_apps")),
            virtualNodeProxy(cluster, "global", node as VirtualNode),
        );
        assert.deepEqual(
            appMesh.translate(cluster, standsFor("mesh/global/virtualGateway/entry_edge")),
            gatewayProxy(cluster, "global", gateway as VirtualGateway),
        );
    });

    it("has nothing to do for a proxy that stands for nothing that exists", () => {
        for (const resource of [
            "mesh/global/virtualNode/podinfo-primary_other",
            "mesh/global/virtualNode/entry_edge",
            "mesh/global/virtualGateway/podinfo-primary_apps",
            "mesh/global/virtualRouter/podinfo-primary_apps",
            "podinfo-primary",
            "",
        ]) {
            assert.deepEqual(appMesh.translate(cluster, standsFor(resource)), nothing);
        }
        assert.deepEqual(appMesh.translate(cluster, pod({})), nothing);
        assert.deepEqual(appMesh.translate(cluster, {}), nothing);
    });

    it("redirects what is for the application's ports, and what the application sends", () => {
        const member = pod({ APPMESH_APP_PORTS: "9898,80" });
        assert.deepEqual(
            [9898, 80, 9, 9901].map((port) => appMesh.redirects(member, port)),
            [true, true, false, false],
        );
        assert.equal(appMesh.redirectsOutbound(member), true);
    });

    it("redirects nothing of a gateway or of a pod without a proxy", () => {
        for (const other of [
            standsFor("mesh/global/virtualGateway/entry_edge"),
            pod({ APPMESH_APP_PORTS: "80" }, "x"),
        ]) {
            assert.equal(appMesh.redirects(other, 80), false);
            assert.equal(appMesh.redirectsOutbound(other), false);
        }
    });

    it("redirects only what the application sends where no port is listened on", () => {
        const silent = pod({ APPMESH_APP_PORTS: "" });
        assert.deepEqual([appMesh.redirects(silent, 80), appMesh.redirectsOutbound(silent)], [false, true]);
    });
});

describe("App Mesh's entrances", () => {
    const route = (name: string, match: object) =>
        object("GatewayRoute", name, { httpRoute: { match, action: { target: {} } } });
    const entrances = (...routes: KubernetesObject[]) => appMesh.entrances(world([gateway, ...namespaces, ...routes]));

    it("are the gateway routes of the namespaces that a gateway selects", () => {
        const found = entrances(route("podinfo", { prefix: "/podinfo/" }), route("podinfo.other", { prefix: "/" }));
        assert.deepEqual(found, [
            {
                namespace: "apps",
                name: "podinfo",
                gateway: { namespace: "edge", labels: { app: "entry" } },
                path: "/podinfo/",
                host: undefined,
            },
        ]);
    });

    it("are asked for by path and host", () => {
        const asked = entrances(
            route("a", { path: { exact: "/a" } }),
            route("b", { hostname: { exact: "b.example" } }),
        );
        assert.deepEqual(
            asked.map(({ path, host }) => ({ path, host })),
            [
                { path: "/a", host: undefined },
                { path: "/", host: "b.example" },
            ],
        );
    });
});

describe("what App Mesh's objects ask for and the lab does not do", () => {
    const said = (object: KubernetesObject) => appMesh.untranslated(world([object])).map(({ field }) => field);
    const action = { weightedTargets: [{ virtualNodeRef: { name: "a" }, weight: 1 }] };

    it("is nothing of what Flagger and the library write", () => {
        const http = {
            match: { prefix: "/", headers: [{ name: "x", match: { exact: "y" } }] },
            action,
            timeout: { perRequest: { unit: "s", value: 15 } },
            retryPolicy: { maxRetries: 3, httpRetryEvents: ["server-error"] },
        };
        const listeners = [{ portMapping: { port: 80, protocol: "http" } }];
        for (const known of [
            node,
            gateway,
            object("Mesh", "global", {
                namespaceSelector: { matchLabels: { a: "b" } },
                egressFilter: { type: "DROP_ALL" },
            }),
            object("VirtualRouter", "a", { listeners, routes: [{ name: "a", priority: 1, httpRoute: http }] }),
            object("VirtualRouter", "b", { listeners, routes: [{ name: "b", tcpRoute: { action } }] }),
            object("VirtualService", "a", { provider: { virtualRouter: { virtualRouterRef: { name: "a" } } } }),
            object("GatewayRoute", "a", {
                httpRoute: {
                    match: { prefix: "/a/" },
                    action: { target: { virtualService: { virtualServiceRef: { name: "a" } } } },
                },
            }),
        ]) {
            assert.deepEqual(said(known), []);
        }
    });

    it("is said of each object, field by field", () => {
        const odd = object("VirtualNode", "odd", {
            podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
            listeners: [
                { portMapping: { port: 80, protocol: "http" }, healthCheck: { path: "/" }, tls: { mode: "STRICT" } },
            ],
            serviceDiscovery: { awsCloudMap: { namespaceName: "a", serviceName: "b" } },
            backends: [{ virtualService: { virtualServiceRef: { name: "a" }, clientPolicy: {} } }],
        });
        assert.deepEqual(appMesh.untranslated(world([odd, node])), [
            { object: odd, field: "podSelector.matchExpressions[]" },
            { object: odd, field: "listeners[].healthCheck" },
            { object: odd, field: "listeners[].tls" },
            { object: odd, field: "serviceDiscovery.awsCloudMap" },
            { object: odd, field: "backends[].virtualService.clientPolicy" },
        ]);
        const router = {
            routes: [{ name: "a", grpcRoute: { action }, httpRoute: { match: { scheme: "https" }, action } }],
        };
        assert.deepEqual(said(object("VirtualRouter", "a", router)), [
            "routes[].grpcRoute",
            "routes[].httpRoute.match.scheme",
        ]);
        const route = {
            http2Route: {},
            httpRoute: { action: { rewrite: { hostname: { defaultTargetHostname: "DISABLED" } } } },
        };
        assert.deepEqual(said(object("GatewayRoute", "a", route)), ["http2Route", "httpRoute.action.rewrite.hostname"]);
    });
});
