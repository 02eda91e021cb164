import assert from "node:assert/strict";

import { KubernetesObject, V1Service } from "@kubernetes/client-node";

import { Json } from "../../../../../lab/mesh/envoy";
import { istio } from "../../../../../lab/mesh/istio/istio";
import { object } from "../meshWorld";
import { matchesOf, pod, routesOf, servedWorld } from "../servedWorld";

const http = ["http/1.0", "http/1.1", "h2c"];
const services: Record<string, Partial<V1Service["spec"]>> = {
    "web.apps": { ports: [{ port: 80, targetPort: "http" }], selector: { app: "web" } },
    "web-primary.apps": { ports: [{ port: 80, targetPort: "http" }] },
    "edge.ingress": {
        type: "LoadBalancer",
        ports: [{ port: 15021 }, { port: 80, targetPort: 8080 }],
        selector: { app: "edge", istio: "edge" },
    },
};
const edge = pod({
    name: "edge-1",
    namespace: "ingress",
    labels: { app: "edge", istio: "edge" },
    annotations: { "inject.istio.io/templates": "gateway" },
});
const gateway = (...hosts: string[]) =>
    object("Gateway", "public.ingress", {
        selector: { istio: "edge" },
        servers: [{ port: { number: 80, protocol: "HTTP", name: "http" }, hosts }],
    });
const route = [{ destination: { host: "web-primary" }, weight: 100 }];
const virtual = (spec: object) => object("VirtualService", "web", { hosts: ["web"], http: [{ route }], ...spec });

const translate = (objects: KubernetesObject[], of = pod()) => istio.translate(servedWorld(objects, services), of);

describe("a sidecar of Istio's", () => {
    it("takes what comes for its pod to the application, by the ports that services and containers name", () => {
        const config = translate([]);
        assert.deepEqual(matchesOf(config, "inbound"), [
            { destination_port: 9898, application_protocols: http },
            { destination_port: 9898 },
            {},
        ]);
        assert.ok(config.clusters.some(({ name }) => name === "inbound|9898||"));
    });

    it("sends by a virtual service what its pod asks of the service of that name, by all its names", () => {
        const config = translate([virtual({})]);
        assert.deepEqual(matchesOf(config, "outbound"), [{ destination_port: 80, application_protocols: http }, {}]);
        const [table] = config.routes as [{ virtual_hosts: { domains: string[] }[] }];
        assert.deepEqual(
            table.virtual_hosts.map(({ domains }) => domains),
            [["web.apps.svc.cluster.local", "web.apps.svc", "web.apps", "web", "10.96.0.1"], ["*"]],
        );
    });

    it("passes on what there is no virtual service for, and what there is one for only at a gateway", () => {
        for (const objects of [[], [virtual({ gateways: ["ingress/public"] })]]) {
            assert.deepEqual(matchesOf(translate(objects), "outbound"), [{}]);
        }
        assert.equal(matchesOf(translate([virtual({ gateways: ["ingress/public", "mesh"] })]), "outbound").length, 2);
    });

    it("goes by the older of two virtual services of one host", () => {
        const at = (name: string, time: string) => ({
            ...object("VirtualService", name, { hosts: ["web"], http: [{ name, route }] }),
            metadata: { name, namespace: "apps", creationTimestamp: new Date(time) },
        });
        const config = translate([at("young", "2026-02-01"), at("old", "2026-01-01")]);
        assert.deepEqual(
            routesOf(config)["web.apps:80"]!.map(({ name }) => name),
            ["old"],
        );
    });

    it("sends TCP by the address that is asked", () => {
        const config = translate([virtual({ http: undefined, tcp: [{ route }] })]);
        assert.deepEqual(matchesOf(config, "outbound")[0], {
            destination_port: 80,
            prefix_ranges: [{ address_prefix: "10.96.0.1", prefix_len: 32 }],
        });
    });

    it("stands before all ports of its pod but its own and those that the pod takes out", () => {
        const annotations = { "traffic.sidecar.istio.io/excludeInboundPorts": "9797,9999" };
        const redirected = [9898, 9797, 9999, 15020, 15021].filter((port) =>
            istio.redirects(pod({ annotations }), port),
        );
        assert.deepEqual(redirected, [9898]);
        assert.deepEqual([istio.redirects(edge, 80), istio.redirectsOutbound(edge)], [false, false]);
    });

    it("says under which names it counts, for its workload", () => {
        const pages = JSON.stringify(translate([]).listeners.find(({ name }) => name === "admin_15020"));
        for (const part of ["istio_requests_total", "istio_request_duration_milliseconds", "/stats/prometheus"]) {
            assert.ok(pages.includes(part), part);
        }
        assert.match(pages, /destination_workload=\\"web\\"/);
        assert.doesNotMatch(pages, /httpCall/);
    });

    it("answers for an application that was to be scraped itself, as its injector has noted", () => {
        const scraped = (own: object) => {
            const env = [{ name: "ISTIO_PROMETHEUS_ANNOTATIONS", value: JSON.stringify(own) }];
            const { metadata, spec } = pod();
            const containers = [...spec!.containers, { name: "istio-proxy", env }];
            const { listeners, clusters } = translate([], { metadata, spec: { containers } });
            const page = JSON.stringify(listeners.find(({ name }) => name === "admin_15020"));
            const [, path] = /\[\\":path\\"\] = \\"([^"\\]*)/.exec(page) ?? [];
            const cluster = clusters.find(({ name }) => name === "application_statistics");
            return { path, port: /"port_value":(\d+)/.exec(JSON.stringify(cluster) ?? "")?.[1] };
        };
        const nobody = { path: undefined, port: undefined };
        assert.deepEqual(scraped({ scrape: "true", port: "9797", path: "/own" }), { path: "/own", port: "9797" });
        assert.deepEqual(scraped({ scrape: "true", port: "9898" }), { path: "/metrics", port: "9898" });
        assert.deepEqual(scraped({ scrape: "false", port: "9898" }), nobody);
        assert.deepEqual(scraped({}), nobody);
    });
});

describe("a gateway of Istio's", () => {
    const bound = (hosts: string[], more: object = {}) => virtual({ hosts, gateways: ["ingress/public"], ...more });
    const hostsOf = (objects: KubernetesObject[]) => Object.keys(routesOf(translate(objects, edge)));

    it("takes the hosts that both the gateway and the virtual service name", () => {
        assert.deepEqual(hostsOf([gateway("*.example.com"), bound(["web.example.com", "web.other.com"])]), [
            "web.example.com:80",
        ]);
        assert.deepEqual(hostsOf([gateway("web.example.com"), bound(["*"])]), ["web.example.com:80"]);
        assert.deepEqual(hostsOf([gateway("*"), bound(["*"])]), ["*:80"]);
        assert.deepEqual(hostsOf([gateway("other/*"), bound(["*"])]), []);
        assert.deepEqual(hostsOf([gateway("apps/*"), bound(["*"])]), ["*:80"]);
    });

    it("asks one virtual service of a host after the other", () => {
        const named = (name: string) =>
            object("VirtualService", name, {
                hosts: ["web.example.com"],
                gateways: ["ingress/public"],
                http: [{ name, route }],
            });
        const config = translate([gateway("*"), named("one"), named("two")], edge);
        assert.deepEqual(
            routesOf(config)["web.example.com:80"]!.map(({ name }) => name),
            ["one", "two"],
        );
    });

    it("listens where the service before it leads to", () => {
        const config = translate([gateway("*"), bound(["*"])], edge);
        const { address } = config.listeners.find(({ name }) => name === "http.80") as { address: Json };
        assert.deepEqual(address, { socket_address: { address: "0.0.0.0", port_value: 8080 } });
    });

    it("lets users in at the load balancer's port, by the host and the path that are asked for", () => {
        const rule = { match: [{ uri: { prefix: "/web" } }], route };
        const objects = [gateway("*"), bound(["web.example.com", "web"], { http: [rule] })];
        assert.deepEqual(istio.entrances(servedWorld(objects, services)), [
            {
                namespace: "apps",
                name: "web",
                gateway: { namespace: "ingress", labels: { app: "edge", istio: "edge" }, port: 80 },
                path: "/web",
                host: "web.example.com",
            },
        ]);
    });
});

describe("what the lab's Istio does not translate", () => {
    const fieldsOf = (...objects: KubernetesObject[]) =>
        istio.untranslated(servedWorld(objects, services)).map(({ field }) => field);

    it("is nothing of what Flagger writes", () => {
        const analysis = {
            match: [{ headers: { a: { exact: "1" } } }],
            route,
            retries: { attempts: 1 },
            timeout: "1s",
        };
        const trafficPolicy = { tls: { mode: "ISTIO_MUTUAL" } };
        assert.deepEqual(
            fieldsOf(
                virtual({ gateways: ["mesh"], http: [analysis, { route }] }),
                object("DestinationRule", "web", { host: "web", trafficPolicy }),
                gateway("*"),
            ),
            [],
        );
    });

    it("is named where it stands", () => {
        const trafficPolicy = { tls: { mode: "SIMPLE" }, outlierDetection: { interval: "1s" } };
        assert.deepEqual(
            fieldsOf(
                virtual({ http: [{ route, redirect: { uri: "/" } }], exportTo: ["."] }),
                object("DestinationRule", "web", { host: "web", trafficPolicy }),
            ).sort(),
            ["exportTo[]", "http[].redirect", "trafficPolicy.outlierDetection", "trafficPolicy.tls"],
        );
    });
});
