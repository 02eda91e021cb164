import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";

import { virtualNodeProxy } from "../../../../../lab/mesh/appMesh/node";
import { MeshListener } from "../../../../../lab/mesh/appMesh/objects";
import { Json, ProxyConfig, cluster } from "../../../../../lab/mesh/envoy";
import { object, world } from "../meshWorld";

const services = { "podinfo.apps": "10.96.0.7", "one.apps": "10.96.0.8", "db.apps": "10.96.0.9" };
const http = { portMapping: { port: 9898, protocol: "http" as const } };
const tcp = { portMapping: { port: 3306, protocol: "tcp" as const } };

const node = (name: string, listener: MeshListener = http, hostname = `${name}.apps.svc.cluster.local`) =>
    object("VirtualNode", name, { listeners: [listener], serviceDiscovery: { dns: { hostname } } });

const router = (name: string, routes: object[], listener: MeshListener = http) =>
    object("VirtualRouter", name, { listeners: [listener], routes });

const byRouter = (name: string, more: object = {}) =>
    object("VirtualService", name, { provider: { virtualRouter: { virtualRouterRef: { name } } }, ...more });

const byNode = (name: string, to: string) =>
    object("VirtualService", name, { provider: { virtualNode: { virtualNodeRef: { name: to } } } });

const to = (...names: string[]) => ({
    action: { weightedTargets: names.map((name) => ({ virtualNodeRef: { name }, weight: 1 })) },
});

const refs = (...names: string[]) => names.map((name) => ({ virtualService: { virtualServiceRef: { name } } }));

/** The proxy of a virtual node `me` in the mesh `global`, among these objects. */
function proxy(spec: object, objects: KubernetesObject[] = []): ProxyConfig {
    const me = object("VirtualNode", "me", { listeners: [], ...spec });
    return virtualNodeProxy(world([me, ...objects], services), "global", me);
}

/** The proxy of a virtual node with these backends. */
const sending = (backends: object[], objects: KubernetesObject[]) => proxy({ backends }, objects);

function chainsOf(config: ProxyConfig, listener: string): Json[] {
    return config.listeners.find(({ name }) => name === listener)!.filter_chains as Json[];
}

const matchesOf = (config: ProxyConfig, listener: string) =>
    chainsOf(config, listener).map((chain) => chain.filter_chain_match);

/** The routes that a proxy has for what its pod sends, by host. */
function sentTo(config: ProxyConfig): Record<string, Json[]> {
    const outbound = config.routes.find(({ name }) => name === "cds_egress_global_me_apps")!;
    const hosts = outbound.virtual_hosts as { domains: string[]; routes: Json[] }[];
    return Object.fromEntries(hosts.map(({ domains, routes }) => [domains.join(), routes]));
}

/** The clusters that a route shares its requests among. */
const clustersOf = (route: Json | undefined) =>
    (route!.route as { weighted_clusters: { clusters: { name: string }[] } }).weighted_clusters.clusters.map(
        ({ name }) => name,
    );

const egress = (name: string, mapping = "http_9898") => `cds_egress_global_me_apps_${name}_apps_${mapping}`;
const plain = { application_protocols: ["http/1.0", "http/1.1", "h2c"] };

describe("what a virtual node's proxy takes", () => {
    it("goes to the application, by the port it was for", () => {
        const config = proxy({ listeners: [http, tcp] });
        const [web, raw] = ["cds_ingress_global_me_apps_http_9898", "cds_ingress_global_me_apps_tcp_3306"];
        assert.deepEqual(matchesOf(config, "inbound"), [{ destination_port: 9898 }, { destination_port: 3306 }]);
        assert.deepEqual(
            chainsOf(config, "inbound").map(({ name }) => name),
            [web, raw],
        );
        assert.deepEqual(config.clusters, [cluster(web, "127.0.0.1", 9898), cluster(raw, "127.0.0.1", 3306)]);
        assert.deepEqual(config.routes[0]!.virtual_hosts, [
            {
                name: web,
                domains: ["*"],
                routes: [{ match: { prefix: "/" }, route: { cluster: web, timeout: "15s" } }],
            },
        ]);
    });

    it("may take as long as the listener says, and come by HTTP/2", () => {
        const perRequest = { unit: "s" as const, value: 40 };
        const timeout = { http2: { perRequest }, http: { perRequest: { unit: "s" as const, value: 1 } } };
        const config = proxy({ listeners: [{ portMapping: { port: 80, protocol: "http2" }, timeout }] });
        const name = "cds_ingress_global_me_apps_http2_80";
        const hosts = config.routes[0]!.virtual_hosts as { routes: Json[] }[];
        assert.deepEqual(hosts[0]!.routes[0]!.route, { cluster: name, timeout: "40s" });
        assert.deepEqual(config.clusters, [cluster(name, "127.0.0.1", 80, true)]);
    });

    it("is logged, and what the pod sends too, where the node says so", () => {
        const paths = (spec: object) => {
            const config = proxy({ listeners: [http], ...spec });
            const chains = [...chainsOf(config, "inbound"), ...chainsOf(config, "outbound")];
            return chains.map(({ filters }) => {
                const [{ typed_config: manager }] = filters as [{ typed_config: Json }];
                const logs = manager.access_log as { filter?: Json; typed_config: Json }[];
                return logs.filter(({ filter }) => filter === undefined).map((log) => log.typed_config.path);
            });
        };
        const logging = { accessLog: { file: { path: "/dev/stdout" } } };
        assert.deepEqual(paths({ logging }), [["/dev/stdout"], ["/dev/stdout"]]);
        assert.deepEqual(paths({}), [[], []]);
    });

    it("is nothing where there is no listener: Envoy refuses one without chains, and all that comes with it", () => {
        assert.deepEqual(
            proxy({}).listeners.map(({ name }) => name),
            ["outbound"],
        );
    });
});

describe("what a virtual node's proxy sends", () => {
    it("goes to the nodes of the virtual service's routes, at the addresses of their services", () => {
        const route = { name: "all", httpRoute: { match: { prefix: "/" }, ...to("one", "two") } };
        const config = sending(refs("podinfo"), [
            byRouter("podinfo"),
            router("podinfo", [route]),
            node("one"),
            node("two"),
        ]);
        assert.deepEqual(Object.keys(sentTo(config)), ["podinfo.apps"]);
        assert.deepEqual(clustersOf(sentTo(config)["podinfo.apps"]![0]), [egress("one"), egress("two")]);
        // The second one has no service yet.
        assert.deepEqual(config.clusters, [
            cluster(egress("one"), "10.96.0.8", 9898),
            cluster(egress("two"), "two.apps.svc.cluster.local", 9898),
        ]);
    });

    it("goes straight to the node of a virtual service without a router", () => {
        const config = sending(refs("podinfo"), [byNode("podinfo", "one"), node("one")]);
        assert.deepEqual(clustersOf(sentTo(config)["podinfo.apps"]![0]), [egress("one")]);
        assert.deepEqual(matchesOf(config, "outbound"), [plain]);
    });

    it("finds what a backend names by its ARN, once", () => {
        const host = "shop.example.com";
        const arn = { virtualServiceARN: `arn:aws:appmesh:eu-central-1:1:mesh/global/virtualService/${host}` };
        const config = sending(
            [{ virtualService: arn }, ...refs("shop"), { virtualService: arn }],
            [byRouter("shop", { awsName: host }), router("shop", [{ name: "all", httpRoute: to("one") }]), node("one")],
        );
        const outbound = config.routes.at(-1)!.virtual_hosts as { domains: string[] }[];
        assert.deepEqual(
            outbound.map(({ domains }) => domains),
            [[host]],
        );
    });

    it("goes to the listener that a target asks for", () => {
        const two = object("VirtualNode", "one", {
            listeners: [http, { portMapping: { port: 9999, protocol: "grpc" } }],
            serviceDiscovery: { dns: { hostname: "one.apps" } },
        });
        const target = (port: number) => ({
            action: { weightedTargets: [{ virtualNodeRef: { name: "one" }, weight: 1, port }] },
        });
        const routes = [
            { name: "a", priority: 1, httpRoute: target(9999) },
            { name: "b", priority: 2, httpRoute: target(9898) },
            { name: "c", priority: 3, httpRoute: target(1) },
        ];
        const config = sending(refs("podinfo"), [byRouter("podinfo"), router("podinfo", routes), two]);
        const [a, b, c] = sentTo(config)["podinfo.apps"]!;
        assert.deepEqual([...clustersOf(a), ...clustersOf(b)], [egress("one", "grpc_9999"), egress("one")]);
        assert.equal((c!.direct_response as Json).status, 503);
        assert.deepEqual(config.clusters, [
            cluster(egress("one", "grpc_9999"), "10.96.0.8", 9999, true),
            cluster(egress("one"), "10.96.0.8", 9898),
        ]);
    });

    it("finds nodes from where the router is", () => {
        const reference = { virtualRouter: { virtualRouterRef: { name: "podinfo", namespace: "other" } } };
        const config = sending(refs("podinfo"), [
            object("VirtualService", "podinfo", { provider: reference }),
            router("podinfo.other", [{ name: "all", httpRoute: to("one") }]),
            node("one"),
            node("one.other"),
        ]);
        assert.deepEqual(clustersOf(sentTo(config)["podinfo.apps"]![0]), [
            "cds_egress_global_me_apps_one_other_http_9898",
        ]);
    });

    it("has no host for a backend that does not exist, and no route where nothing behind it does", () => {
        const config = sending(refs("gone", "routerless", "nodeless", "bare"), [
            byRouter("routerless"),
            byNode("nodeless", "gone"),
            object("VirtualService", "bare", {}),
        ]);
        assert.deepEqual(sentTo(config), { "routerless.apps": [], "nodeless.apps": [], "bare.apps": [] });
        assert.deepEqual(config.clusters, []);
    });

    it("answers 503 where a route's nodes do not exist or cannot be found", () => {
        const lost = object("VirtualNode", "lost", { listeners: [http] });
        const route = { name: "all", httpRoute: to("gone", "lost") };
        const config = sending(refs("podinfo"), [byRouter("podinfo"), router("podinfo", [route]), lost]);
        assert.equal((sentTo(config)["podinfo.apps"]![0]!.direct_response as Json).status, 503);
    });
});

describe("what a virtual node's proxy sends by TCP", () => {
    const address = (ip: string) => ({ prefix_ranges: [{ address_prefix: ip, prefix_len: 32 }] });
    const tcpRouter = (name: string, more: object = {}) =>
        router(name, [{ name: "all", tcpRoute: { ...to("db"), ...more } }], tcp);

    it("is told by the service's address and the router's port, before it is taken for HTTP", () => {
        const config = sending(refs("db"), [byRouter("db"), tcpRouter("db"), node("db", tcp)]);
        assert.deepEqual(matchesOf(config, "outbound"), [{ ...address("10.96.0.9"), destination_port: 3306 }, plain]);
        assert.deepEqual(config.clusters, [cluster(egress("db", "tcp_3306"), "10.96.0.9", 3306)]);
        assert.deepEqual(sentTo(config), { "db.apps": [] });
    });

    it("is told by the route's own port where it has one", () => {
        const config = sending(refs("db"), [byRouter("db"), tcpRouter("db", { match: { port: 1 } }), node("db", tcp)]);
        assert.deepEqual(matchesOf(config, "outbound")[0], { ...address("10.96.0.9"), destination_port: 1 });
    });

    it("goes straight to a node that speaks TCP", () => {
        const config = sending(refs("db"), [byNode("db", "db"), node("db", tcp)]);
        assert.deepEqual(matchesOf(config, "outbound"), [{ ...address("10.96.0.9"), destination_port: 3306 }, plain]);
    });

    it("is told by the port alone outside the cluster, by the first that asks for it", () => {
        const outside = (name: string) => byRouter(name, { awsName: `${name}.example.com` });
        const config = sending(refs("db", "more"), [
            outside("db"),
            outside("more"),
            tcpRouter("db"),
            tcpRouter("more"),
            node("db", tcp, "db.example.com"),
        ]);
        assert.deepEqual(matchesOf(config, "outbound"), [{ destination_port: 3306 }, plain]);
        assert.equal(chainsOf(config, "outbound")[0]!.name, "db.example.com_all");
    });

    it("is told by the port alone where the service has no address", () => {
        const me = object("VirtualNode", "me", { backends: refs("db") });
        const objects = [me, byRouter("db"), tcpRouter("db"), node("db", tcp)];
        const config = virtualNodeProxy(world(objects, { "db.apps": "None" }), "global", me);
        assert.deepEqual(matchesOf(config, "outbound")[0], { destination_port: 3306 });
    });

    it("goes nowhere where no target has a weight", () => {
        const action = { weightedTargets: [{ virtualNodeRef: { name: "db" }, weight: 0 }] };
        const config = sending(refs("db"), [byRouter("db"), tcpRouter("db", { action }), node("db", tcp)]);
        assert.deepEqual(matchesOf(config, "outbound"), [plain]);
    });
});

describe("what a virtual node's proxy sends to strangers", () => {
    const mesh = (type: string, name = "global") => object("Mesh", name, { egressFilter: { type } });

    it("is let through, HTTP or not, where the mesh allows all", () => {
        const config = proxy({}, [mesh("ALLOW_ALL"), mesh("DROP_ALL", "another")]);
        assert.deepEqual(matchesOf(config, "outbound"), [plain, {}]);
        assert.deepEqual(sentTo(config), {
            "*": [{ match: { prefix: "/" }, route: { cluster: "passthrough", timeout: "0s" } }],
        });
        assert.deepEqual(
            config.clusters.map(({ name }) => name),
            ["passthrough"],
        );
    });

    it("is not let through where the mesh forbids it, says nothing, or is another one", () => {
        for (const meshes of [[mesh("DROP_ALL")], [object("Mesh", "global", {})], [mesh("ALLOW_ALL", "another")], []]) {
            const config = proxy({}, meshes);
            assert.deepEqual(matchesOf(config, "outbound"), [plain]);
            assert.deepEqual([sentTo(config), config.clusters], [{}, []]);
        }
    });
});
