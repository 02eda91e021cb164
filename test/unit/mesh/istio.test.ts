import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AddonsArgs, CanaryApp, CanaryAppArgs, MeshArgs, MeshBackend, ProgressiveMeshCluster } from "../../../index";
import { PlatformConnection } from "../../../components/connection";
import { Graph, Node, at, graph, kubeconfig, plain, valueOf } from "../graph";
import { refusal } from "../problems";

const args = (mesh: Partial<MeshArgs> = {}, addons: AddonsArgs = {}) => ({
    mesh: { provider: "istio", ...mesh },
    existing: { kubeconfig },
    addons,
});
const platform = (mesh?: Partial<MeshArgs>, addons?: AddonsArgs) =>
    graph(() => new ProgressiveMeshCluster("dev", args(mesh, addons)));
const valuesOf = ({ node }: Graph<unknown>, release: string) =>
    plain(node(`Release ${release}`).props.values) as object;
const specOf = (node: Node) => plain(node.props.spec) as Record<string, unknown>;

const connection: PlatformConnection = {
    kubeconfig,
    mesh: { provider: "istio" },
    metricsServer: "http://prometheus-server.flagger-system",
    gateway: { address: "gateway.example", objectName: "public", objectNamespace: "istio-ingress" },
};
const appArgs: CanaryAppArgs = {
    platform: connection,
    namespace: "apps",
    workload: { image: "a/b:1", port: 9898 },
    analysis: { interval: "15s", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
    loadTest: { command: "hey http://podinfo-canary.apps:9898/" },
};
const app = (more: Partial<CanaryAppArgs> = {}) => graph(() => new CanaryApp("podinfo", { ...appArgs, ...more }));
const serviceIn = async (more: Partial<CanaryAppArgs>) =>
    at(specOf((await app(more)).node("Canary podinfo")), "service") as Record<string, unknown>;

describe("Istio", () => {
    describe("installs", () => {
        const releases = ["dev-istio-base", "dev-istiod", "dev-istio-ingressgateway"];

        it("definitions, istiod, the gateway's proxies and their Gateway, one after the other", async () => {
            const { node, before } = await platform();
            assert.deepEqual(
                releases.map((name) =>
                    ["chart", "version", "namespace"].map((key) => node(`Release ${name}`).props[key]),
                ),
                [
                    ["base", "1.30.5", "istio-system"],
                    ["istiod", "1.30.5", "istio-system"],
                    ["gateway", "1.30.5", "istio-ingress"],
                ],
            );
            assert.deepEqual(node("Release dev-istiod").dependsOn, [
                "Namespace dev-istio-system",
                "Release dev-istio-base",
            ]);
            assert.deepEqual(node("Release dev-istio-ingressgateway").dependsOn, [
                "Namespace dev-istio-ingress",
                "Release dev-istiod",
            ]);
            assert.deepEqual(node("Gateway dev-gateway").dependsOn, ["Release dev-istio-ingressgateway"]);
            assert.ok(before("Provider dev-apps").has("Gateway dev-gateway"), "applications come after the gateway");
        });

        it("the charts with these values", async () => {
            const made = await platform();
            assert.deepEqual(valuesOf(made, "dev-istio-base"), { global: { istioNamespace: "istio-system" } });
            assert.deepEqual(valuesOf(made, "dev-istiod"), {
                global: {
                    istioNamespace: "istio-system",
                    hub: "docker.io/istio",
                    defaultPodDisruptionBudget: { enabled: false },
                },
                env: { ENABLE_NATIVE_SIDECARS: "true" },
                meshConfig: {},
            });
            assert.deepEqual(valuesOf(made, "dev-istio-ingressgateway"), {
                service: {
                    annotations: {
                        "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
                        "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
                    },
                    ports: [{ name: "http2", port: 80, protocol: "TCP", targetPort: 80 }],
                },
            });
        });

        it("a Gateway that takes every host, at the pods of its chart", async () => {
            const gateway = (await platform()).node("Gateway dev-gateway");
            assert.equal(gateway.type, "kubernetes:networking.istio.io/v1:Gateway");
            assert.deepEqual(gateway.props.metadata, { name: "public", namespace: "istio-ingress" });
            assert.deepEqual(specOf(gateway), {
                selector: { istio: "ingressgateway" },
                servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
            });
        });

        it("the same before anything exists, and an application with it", async () => {
            const program = () => {
                const { connection: made } = new ProgressiveMeshCluster("dev", args());
                return new CanaryApp("podinfo", { ...appArgs, platform: made, gateway: { path: "/" } });
            };
            const [planned, done] = [await graph(program, () => ({})), await graph(program)];
            assert.deepEqual(
                planned.nodes.map((n) => n.key),
                done.nodes.map((n) => n.key),
            );
            // The host is the load balancer's, which nobody knows yet.
            const spec = specOf(planned.node("Canary podinfo"));
            assert.deepEqual(at(spec, "service", "hosts"), [pulumi.runtime.unknownValue]);
        });

        it("nothing in AWS, and no Prometheus of its own", async () => {
            const { nodes, node } = await platform();
            assert.deepEqual(
                nodes.filter((n) => /^(aws|eks):/.test(n.type)),
                [],
            );
            const jobs = at(node("Release dev-prometheus").props, "values", "scrapeConfigs") as Record<string, object>;
            const scraped = Object.keys(jobs).filter((name) => !("enabled" in jobs[name]!));
            assert.deepEqual(scraped, ["annotated-pods", "istio-proxies"]);
            assert.equal(at(jobs, "istio-proxies", "metrics_path"), "/stats/prometheus");
            // By the agents' port a pod is scraped once, whatever its annotations say.
            assert.match(JSON.stringify(jobs["istio-proxies"]), /"istio-proxy".*\$1:15020/);
            assert.match(JSON.stringify(jobs["annotated-pods"]), /"drop","regex":"\.\+:15020"/);
        });

        it("what Flagger, applications and repositories have to know", async () => {
            const { node, result } = await platform();
            assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "istio");
            assert.deepEqual(result.connection.mesh, { provider: "istio" });
            const { address, ...gateway } = result.connection.gateway!;
            assert.equal(await valueOf(address), "gateway.example");
            assert.deepEqual(gateway, { objectName: "public", objectNamespace: "istio-ingress" });
        });

        it("everything in the namespaces that are asked for", async () => {
            const made = await platform(
                {},
                {
                    meshDefinitions: { namespace: "definitions" },
                    meshController: { namespace: "mesh" },
                    gateway: { namespace: "edge" },
                },
            );
            const global = { istioNamespace: "mesh" };
            assert.deepEqual(valuesOf(made, "dev-istio-base"), { global });
            assert.equal(at(valuesOf(made, "dev-istiod"), "global", "istioNamespace"), "mesh");
            assert.deepEqual(made.node("Gateway dev-gateway").props.metadata, { name: "public", namespace: "edge" });
            assert.equal(made.result.connection.gateway!.objectNamespace, "edge");
        });

        it("no definitions and no gateway where they are switched off", async () => {
            const { nodes, result } = await platform(
                {},
                { meshDefinitions: { enabled: false }, gateway: { enabled: false } },
            );
            assert.deepEqual(
                nodes.map((n) => n.key).filter((key) => /istio|Gateway/.test(key)),
                ["Namespace dev-istio-system", "Release dev-istiod"],
            );
            assert.equal(result.connection.gateway, undefined);
        });

        it("as many pods as are asked for, where no autoscaler counts them again, and with a budget of their own", async () => {
            const pods = { replicas: 3, disruptionBudget: { maxUnavailable: "1" } };
            const made = await platform(
                {},
                { meshController: { ...pods, resources: { requests: { cpu: "10m" } } }, gateway: pods },
            );
            const istiod = valuesOf(made, "dev-istiod");
            assert.deepEqual(
                ["autoscaleEnabled", "replicaCount", "resources"].map((key) => at(istiod, key)),
                [false, 3, { requests: { cpu: "10m" } }],
            );
            const gateway = valuesOf(made, "dev-istio-ingressgateway");
            assert.deepEqual(
                ["autoscaling", "replicaCount"].map((key) => at(gateway, key)),
                [{ enabled: false }, 3],
            );
            for (const name of ["istiod", "istio-ingressgateway"]) {
                const budget = made.node(`PodDisruptionBudget dev-${name}-disruption-budget`);
                assert.deepEqual(at(specOf(budget), "selector", "matchLabels"), { "app.kubernetes.io/name": name });
            }
        });

        it("its images from a mirror", async () => {
            const made = await graph(
                () => new ProgressiveMeshCluster("dev", { ...args(), mirror: { imageRegistry: "registry.example" } }),
            );
            assert.equal(at(valuesOf(made, "dev-istiod"), "global", "hub"), "registry.example/istio");
        });

        for (const [allowEgress, meshConfig] of [
            [true, { outboundTrafficPolicy: { mode: "ALLOW_ANY" } }],
            [false, { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } }],
        ] as const) {
            it(`proxies that ${allowEgress ? "let all calls out" : "know where calls may go"}`, async () => {
                assert.deepEqual(at(valuesOf(await platform({ allowEgress }), "dev-istiod"), "meshConfig"), meshConfig);
            });
        }
    });

    describe("has a gateway", () => {
        const serviceOf = async (gateway: AddonsArgs["gateway"]) =>
            at(valuesOf(await platform({}, { gateway }), "dev-istio-ingressgateway"), "service");
        const key = "service.beta.kubernetes.io/aws-load-balancer";

        it("whose load balancer ends TLS and hands plain HTTP on", async () => {
            const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/0a1b";
            const made = await platform({}, { gateway: { tls: { certificateArn, port: 8443 }, internal: true } });
            assert.deepEqual(at(valuesOf(made, "dev-istio-ingressgateway"), "service"), {
                annotations: {
                    [`${key}-type`]: "nlb",
                    [`${key}-scheme`]: "internal",
                    [`${key}-internal`]: "true",
                    [`${key}-ssl-cert`]: certificateArn,
                    [`${key}-ssl-ports`]: "8443",
                },
                ports: [{ name: "https", port: 8443, protocol: "TCP", targetPort: 80 }],
            });
            assert.deepEqual(at(specOf(made.node("Gateway dev-gateway")), "servers", 0, "port"), {
                number: 8443,
                name: "http",
                protocol: "HTTP",
            });
            assert.deepEqual(
                [made.result.connection.gateway!.scheme, made.result.connection.gateway!.port],
                ["https", 8443],
            );
        });

        it("without a load balancer, known by its Service's name", async () => {
            assert.deepEqual(await serviceOf({ type: "NodePort" }), {
                type: "NodePort",
                ports: [{ name: "http2", port: 80, protocol: "TCP", targetPort: 80 }],
            });
            const { result, nodes } = await platform({}, { gateway: { type: "ClusterIP" } });
            assert.equal(await valueOf(result.gatewayAddress), "istio-ingressgateway.istio-ingress");
            assert.deepEqual(
                nodes.filter((n) => n.read),
                [],
            );
        });
    });

    describe("traces", () => {
        const service = "collector.tracing.svc.cluster.local";
        for (const [provider, name, port] of [
            ["opentelemetry", "opentelemetry", 4317],
            ["zipkin", "zipkin", 9411],
            ["jaeger", "zipkin", 9411],
            ["datadog", "datadog", 8126],
        ] as const) {
            it(`to ${provider}, one request in a hundred`, async () => {
                const made = await platform({ tracing: { provider, address: "collector.tracing" } });
                assert.deepEqual(at(valuesOf(made, "dev-istiod"), "meshConfig"), {
                    extensionProviders: [{ name: "progressive-mesh-tracing", [name]: { service, port } }],
                });
                const telemetry = made.node("Telemetry dev-tracing");
                assert.deepEqual(telemetry.dependsOn, ["Release dev-istiod"]);
                assert.deepEqual(telemetry.props.metadata, {
                    name: "progressive-mesh-tracing",
                    namespace: "istio-system",
                });
                assert.deepEqual(specOf(telemetry), {
                    tracing: [{ providers: [{ name: "progressive-mesh-tracing" }], randomSamplingPercentage: 1 }],
                });
            });
        }

        it("to a host by its name, at the port and as often as is said", async () => {
            for (const [address, full] of [
                ["collector.tracing.svc", service],
                [service, service],
                ["traces.example.com", "traces.example.com"],
            ] as const) {
                const tracing = { provider: "zipkin", address, port: 80, samplingRate: 0.07 };
                const made = await platform({ tracing });
                assert.deepEqual(at(valuesOf(made, "dev-istiod"), "meshConfig", "extensionProviders", 0, "zipkin"), {
                    service: full,
                    port: 80,
                });
                assert.equal(
                    at(specOf(made.node("Telemetry dev-tracing")), "tracing", 0, "randomSamplingPercentage"),
                    7,
                );
            }
        });
    });

    it("refuses what it does not have", async () => {
        const refused = (mesh: Partial<MeshArgs>, addons?: AddonsArgs) =>
            refusal(() => new ProgressiveMeshCluster("dev", args(mesh, addons)));
        assert.deepEqual(await refused({ name: "shop", allowEgress: "no" as never }), [
            'mesh.name: "shop" is nothing that Istio has: istiod stands for one mesh, without a name. Leave it out.',
            'mesh.allowEgress: "no" is neither true nor false. Give one of the two, without quotes.',
        ]);
        assert.deepEqual(await refused({ tracing: { provider: "x-ray", samplingRate: 5 } }), [
            'mesh.tracing.provider: "x-ray" is not a tracing provider of Istio. ' +
                "Use one of opentelemetry, zipkin, jaeger, datadog. A collector of OpenTelemetry can send on to X-Ray.",
            "mesh.tracing.address: nothing given, but it is required: Istio's proxies have to know where to send to. " +
                'Give the name and namespace of a Service, like "collector.tracing".',
            "mesh.tracing.samplingRate: 5 is not a share of the requests. Give a number from 0 to 1, like 0.05 for one in twenty.",
        ]);
        assert.deepEqual(await refused({ tracing: { provider: "zipkin", address: "collector", port: 0 } }), [
            'mesh.tracing.address: "collector" is not the name of a Service with its namespace, or of a host: Istio would find ' +
                'no such service and trace nothing. Write it like "collector.tracing": no scheme, port or path.',
            "mesh.tracing.port: 0 is not a whole number from 1 to 65535 (a port). Give a number in that range.",
        ]);
        assert.deepEqual(await refused({}, { meshController: { enabled: false } }), [
            "addons.meshController.enabled: false leaves Istio without istiod, which makes its objects real and gives pods " +
                "their proxies. Leave it enabled.",
        ]);
    });

    describe("takes an application in", () => {
        it("by its namespace and by its pods", async () => {
            const { node, nodes } = await app();
            assert.deepEqual(at(node("Namespace podinfo-apps").props, "metadata", "labels"), {
                "istio-injection": "enabled",
            });
            const injected = { "sidecar.istio.io/inject": "true" };
            assert.deepEqual(at(specOf(node("Deployment podinfo")), "template", "metadata", "labels"), {
                ...injected,
                app: "podinfo",
            });
            assert.deepEqual(at(node("Release podinfo-loadtester").props, "values", "podLabels"), injected);
            assert.deepEqual(
                nodes.filter((n) => n.type.startsWith("aws:")),
                [],
            );
        });

        it("without a word about gateways where it is not exposed", async () => {
            assert.deepEqual(await serviceIn({}), { port: 9898, portName: "http", targetPort: 9898 });
        });

        it("at the gateway, under its address, and in the mesh", async () => {
            const { gateways, hosts, match } = await serviceIn({ gateway: { path: "/" } });
            assert.deepEqual(
                { gateways, hosts, match },
                {
                    gateways: ["istio-ingress/public", "mesh"],
                    hosts: ["gateway.example"],
                    match: undefined,
                },
            );
        });

        it("under a path at the gateway, and whole in the mesh", async () => {
            const { match } = await serviceIn({ gateway: { path: "/shop" } });
            assert.deepEqual(match, [
                { uri: { prefix: "/shop" }, gateways: ["istio-ingress/public"] },
                { gateways: ["mesh"] },
            ]);
        });

        it("with hosts, matches and gateways of the user's own", async () => {
            const service = await serviceIn({
                gateway: { path: "/shop" },
                service: {
                    hosts: ["shop.example.com"],
                    match: [{ prefix: "/v2" }],
                    gateways: ["other/gateway", "istio-ingress/public", pulumi.output("third/gateway")],
                },
            });
            assert.deepEqual(service.hosts, ["shop.example.com"]);
            assert.deepEqual(service.match, [{ uri: { prefix: "/v2" } }]);
            assert.deepEqual(service.gateways, ["istio-ingress/public", "other/gateway", "third/gateway"]);
        });

        it("for its A/B test, session affinity, mirroring and retries", async () => {
            const { interval, threshold } = appArgs.analysis;
            const analysisOf = async (analysis: object) =>
                at(
                    specOf((await app({ analysis: { interval, threshold, ...analysis } })).node("Canary podinfo")),
                    "analysis",
                ) as Record<string, unknown>;
            const match = [{ headers: { "user-agent": { regex: ".*Firefox.*" } } }, { cookies: { type: "insider" } }];
            assert.deepEqual((await analysisOf({ abTest: { iterations: 12, match } })).match, [
                { headers: { "user-agent": { regex: ".*Firefox.*" } } },
                { headers: { cookie: { regex: "^(.*;\\s*)?type=insider(;.*)?$" } } },
            ]);
            const steps = { stepWeight: 10, maxWeight: 50, mirror: true, mirrorWeight: 50 };
            assert.equal((await analysisOf({ steps })).mirrorWeight, 50);
            assert.equal((await analysisOf({ blueGreen: { iterations: 5, mirror: true } })).mirror, true);
            const sessionAffinity = { cookieName: "canary" };
            assert.deepEqual(
                (await analysisOf({ steps: { stepWeight: 10, maxWeight: 50 }, sessionAffinity })).sessionAffinity,
                sessionAffinity,
            );
            const retries = { attempts: 3, retryOn: ["5xx", "503"] };
            assert.equal(at(await serviceIn({ service: { retries } }), "retries", "retryOn"), "5xx,503");
        });

        it("leaves pods of another mesh alone", async () => {
            const { node } = await app({
                mesh: "appmesh",
                platform: { ...connection, secondMesh: { mesh: { provider: "appmesh", name: "dev" } } },
            });
            assert.deepEqual(at(specOf(node("Deployment podinfo")), "template", "metadata", "labels"), {
                "sidecar.istio.io/inject": "false",
                app: "podinfo",
            });
        });
    });

    it("makes a service outside it known to the proxies of a namespace", async () => {
        const { node, result } = await graph(
            () =>
                new MeshBackend("db", {
                    platform: connection,
                    namespace: "apps",
                    hostname: "db.example.com",
                    port: 3306,
                }),
        );
        assert.deepEqual(node("ServiceEntry db").props.metadata, { name: "db", namespace: "apps" });
        assert.deepEqual(specOf(node("ServiceEntry db")), {
            hosts: ["db.example.com"],
            location: "MESH_EXTERNAL",
            resolution: "NONE",
            ports: [{ number: 3306, name: "tcp", protocol: "TCP" }],
            exportTo: ["."],
        });
        assert.equal(await valueOf(result.backendName), "db");
        assert.equal(await valueOf(result.arn), "");
    });

    it("scrapes each pod once beside App Mesh, by the rules of both", async () => {
        const made = await graph(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "appmesh" },
                    secondMesh: { provider: "istio" },
                }),
        );
        const jobs = at(made.node("Release dev-prometheus").props, "values", "scrapeConfigs");
        const rules = at(jobs, "annotated-pods", "relabel_configs") as { action?: string; regex?: string }[];
        assert.deepEqual(
            rules.filter(({ action }) => action === "drop").map(({ regex }) => regex),
            [".+:9901", ".+:15020"],
        );
    });
});
