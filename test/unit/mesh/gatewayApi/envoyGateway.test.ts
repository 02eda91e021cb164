import assert from "node:assert/strict";

import { ProgressiveMeshClusterArgs } from "../../../../index";
import { at, plain, valueOf } from "../../graph";
import { Changes, platform, refused } from "./platform";

const minimal: ProgressiveMeshClusterArgs = { mesh: { provider: "envoy-gateway" } };
const made = (changes: Changes = {}) => platform({ ...minimal, ...changes });

describe("Envoy Gateway", () => {
    it("makes a class, a Gateway with its proxies and a policy, after the controller", async () => {
        const { nodes, node, before } = await made();
        const own = nodes.map(({ key }) => key).filter((key) => /gateway|envoy|cluster-per/i.test(key));
        assert.deepEqual(own, [
            "BackendTrafficPolicy dev-cluster-per-version",
            "EnvoyProxy dev-envoy-proxies",
            "Gateway dev-gateway",
            "GatewayClass dev-gateway-class",
            "Namespace dev-envoy-gateway-system",
            "Release dev-envoy-gateway",
        ]);
        // At destroy the other way round: a class stays for as long as it has a Gateway.
        assert.deepEqual(node("Gateway dev-gateway").dependsOn, [
            "EnvoyProxy dev-envoy-proxies",
            "GatewayClass dev-gateway-class",
        ]);
        assert.ok(before("BackendTrafficPolicy dev-cluster-per-version").has("Gateway dev-gateway"));
        assert.ok(before("GatewayClass dev-gateway-class").has("Release dev-envoy-gateway"));
    });

    it("has a Gateway that takes routes of every namespace, and waits until it is programmed", async () => {
        const { node } = await made();
        assert.deepEqual(node("Gateway dev-gateway").props, {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "Gateway",
            metadata: {
                name: "dev",
                namespace: "envoy-gateway-system",
                annotations: { "pulumi.com/waitFor": "condition=Programmed" },
            },
            spec: {
                gatewayClassName: "envoy",
                listeners: [
                    { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
                ],
                infrastructure: {
                    parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: "envoy-proxies" },
                },
            },
        });
    });

    it("tells applications the Gateway and its address", async () => {
        const { result } = await made();
        const { gateway, mesh } = result.connection;
        assert.deepEqual(mesh, { provider: "envoy-gateway" });
        assert.deepEqual(
            { ...gateway, address: await valueOf(gateway!.address) },
            { address: "gateway.example", objectName: "dev", objectNamespace: "envoy-gateway-system" },
        );
    });

    it("names the Gateway, and says what it listens for and who may join", async () => {
        const { node } = await made({
            mesh: {
                provider: "envoy-gateway",
                name: "public",
                gatewayApi: { hostname: "*.example.com", routesFrom: { team: "shop" } },
            },
        });
        const gateway = node("Gateway dev-gateway").props;
        assert.equal(at(gateway, "metadata", "name"), "public");
        assert.deepEqual(at(gateway, "spec", "listeners"), [
            {
                name: "http",
                port: 80,
                protocol: "HTTP",
                hostname: "*.example.com",
                allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { team: "shop" } } } },
            },
        ]);
    });

    it("tells the proxies what is asked of the gateway", async () => {
        const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/00000000-0000-0000-0000-000000000000";
        const { node, result } = await made({
            mirror: { imageRegistry: "registry.example" },
            addons: {
                gateway: {
                    internal: true,
                    tls: { certificateArn },
                    replicas: 2,
                    resources: { requests: { cpu: "1" } },
                    nodeSelector: { a: "b" },
                    tolerations: [{ operator: "Exists" }],
                    disruptionBudget: { maxUnavailable: "1" },
                },
            },
        });
        const prefix = "service.beta.kubernetes.io/aws-load-balancer";
        const kubernetes = at(plain(node("EnvoyProxy dev-envoy-proxies").props), "spec", "provider", "kubernetes");
        assert.deepEqual(kubernetes, {
            envoyDeployment: {
                name: "envoy-proxies",
                replicas: 2,
                pod: { nodeSelector: { a: "b" }, tolerations: [{ operator: "Exists" }] },
                container: {
                    resources: { requests: { cpu: "1" } },
                    image: "registry.example/envoyproxy/envoy:distroless-v1.35.0",
                },
                patch: { value: { spec: { template: { spec: { terminationGracePeriodSeconds: 45 } } } } },
            },
            envoyService: {
                name: "envoy-proxies",
                annotations: {
                    [`${prefix}-scheme`]: "internal",
                    [`${prefix}-internal`]: "true",
                    [`${prefix}-ssl-cert`]: certificateArn,
                    [`${prefix}-ssl-ports`]: "443",
                },
            },
        });
        assert.equal(at(node("Gateway dev-gateway").props, "spec", "listeners", 0, "port"), 443);
        assert.equal(result.connection.gateway?.scheme, "https");
        assert.deepEqual(
            at(node("PodDisruptionBudget dev-envoy-proxies-disruption-budget").props, "spec", "selector"),
            {
                matchLabels: {
                    "gateway.envoyproxy.io/owning-gateway-name": "dev",
                    "gateway.envoyproxy.io/owning-gateway-namespace": "envoy-gateway-system",
                },
            },
        );
    });

    it("is reached by the Service's name where that has no load balancer", async () => {
        const { node, result } = await made({ addons: { gateway: { type: "ClusterIP" } } });
        const { gateway } = result.connection;
        assert.equal(await valueOf(gateway!.address), "envoy-proxies.envoy-gateway-system");
        const service = at(
            node("EnvoyProxy dev-envoy-proxies").props,
            "spec",
            "provider",
            "kubernetes",
            "envoyService",
        );
        assert.deepEqual(service, { name: "envoy-proxies", type: "ClusterIP" });
    });

    it("follows the controller into another namespace", async () => {
        const { node } = await made({ addons: { meshController: { namespace: "edge" } } });
        for (const key of ["Release dev-envoy-gateway", "Namespace dev-edge"]) {
            assert.ok(node(key));
        }
        assert.equal(at(node("Gateway dev-gateway").props, "metadata", "namespace"), "edge");
        assert.equal(at(node("EnvoyProxy dev-envoy-proxies").props, "metadata", "namespace"), "edge");
    });

    it("joins a Gateway that exists, and asks it for its address", async () => {
        const gateway = { name: "public", namespace: "edge" };
        const { nodes, node, result } = await made({
            mesh: { provider: "envoy-gateway", gatewayApi: { gateway } },
        });
        assert.ok(node("Gateway dev-gateway").read);
        assert.equal(node("Gateway dev-gateway").props.id, "edge/public");
        assert.ok(!nodes.some(({ key }) => key.startsWith("EnvoyProxy ")));
        const policy = node("BackendTrafficPolicy dev-cluster-per-version").props;
        assert.equal(at(policy, "metadata", "namespace"), "edge");
        assert.equal(at(policy, "spec", "targetRefs", 0, "name"), "public");
        const { address, ...ref } = result.connection.gateway!;
        assert.deepEqual(ref, { objectName: "public", objectNamespace: "edge" });
        assert.equal(await valueOf(address), "gateway.example");
    });

    it("makes no Gateway where none is wanted", async () => {
        const { nodes, result } = await made({ addons: { gateway: { enabled: false } } });
        assert.equal(result.connection.gateway, undefined);
        assert.deepEqual(
            nodes.map(({ key }) => key).filter((key) => /^(Gateway|EnvoyProxy|BackendTrafficPolicy) /.test(key)),
            [],
        );
    });

    it("leaves the chart as it is", async () => {
        const { node } = await made();
        assert.deepEqual(node("Release dev-envoy-gateway").props.values, {});
        assert.equal(node("Release dev-envoy-gateway").props.chart, "oci://docker.io/envoyproxy/gateway-helm");
    });

    it("has its proxies send traces where it is told", async () => {
        const traced = async (tracing: object) =>
            at(
                (await made({ mesh: { provider: "envoy-gateway", tracing } as never })).node(
                    "EnvoyProxy dev-envoy-proxies",
                ).props,
                "spec",
                "telemetry",
            );
        assert.deepEqual(await traced({ provider: "opentelemetry", address: "collector.tracing" }), {
            tracing: {
                samplingFraction: { numerator: 10_000, denominator: 1_000_000 },
                provider: { type: "OpenTelemetry", host: "collector.tracing.svc.cluster.local", port: 4317 },
            },
        });
        const jaeger = { provider: "jaeger", address: "jaeger.example.com", port: 9412, samplingRate: 0.25 };
        assert.deepEqual(await traced(jaeger), {
            tracing: {
                samplingFraction: { numerator: 250_000, denominator: 1_000_000 },
                provider: { type: "Zipkin", host: "jaeger.example.com", port: 9412 },
            },
        });
        const { node } = await made();
        assert.equal("telemetry" in (node("EnvoyProxy dev-envoy-proxies").props.spec as object), false);
    });

    it("refuses tracing that it does not have, and that of proxies that are not its own", async () => {
        const gatewayApi = { gateway: { name: "public", namespace: "edge" } };
        const tracing = { provider: "x-ray", samplingRate: 2 };
        assert.deepEqual(
            (await refused({ mesh: { provider: "envoy-gateway", tracing, gatewayApi } })).map(
                (line) => line.split(":")[0],
            ),
            ["mesh.tracing.provider", "mesh.tracing.address", "mesh.tracing.samplingRate", "mesh.tracing"],
        );
    });

    it("refuses what belongs to another mesh, and what its gateway cannot be told", async () => {
        const mesh = { provider: "envoy-gateway", allowEgress: true, gatewayApi: { gatewayClass: "cilium" } };
        const addons = { gateway: { version: "1.0.0", namespace: "edge" }, meshController: { enabled: false } };
        const takes =
            "it takes type, internal, annotations, sourceRanges, tls, replicas, resources, nodeSelector, tolerations, " +
            "disruptionBudget.";
        assert.deepEqual(await refused({ mesh, addons }), [
            "mesh.allowEgress: true is nothing that Envoy Gateway reads. Leave it out, or choose the mesh that has it.",
            'mesh.gatewayApi.gatewayClass: "cilium" is another\'s: Envoy Gateway comes with its own, envoy. ' +
                'Leave it out, or choose the mesh "gateway-api".',
            'addons.gateway.version: "a string" is nothing that the gateway of Envoy Gateway can be told: it comes of no ' +
                `chart. Leave it out; ${takes}`,
            'addons.gateway.namespace: "a string" is nothing that the gateway of Envoy Gateway can be told: it comes of no ' +
                `chart. Leave it out; ${takes}`,
            "addons.meshController.enabled: false leaves Envoy Gateway without the controller that makes its objects real. " +
                'Leave it enabled, or choose the mesh "gateway-api" for a controller that exists.',
        ]);
    });

    it("refuses a gateway's options beside a Gateway that exists", async () => {
        const gatewayApi = { gateway: { name: "public", namespace: "edge" }, hostname: "a.example" };
        assert.deepEqual(
            await refused({ mesh: { provider: "envoy-gateway", gatewayApi }, addons: { gateway: { internal: true } } }),
            [
                'mesh.gatewayApi.hostname: "a.example" is for a Gateway that the platform makes, and `gateway` names one ' +
                    "that exists. Give one of the two.",
                'addons.gateway.internal: "a boolean" is nothing that the gateway of Envoy Gateway can be told: it comes ' +
                    "of no chart. Leave it out.",
            ],
        );
    });
});

describe("App Mesh", () => {
    it("refuses the Gateway API's blocks", async () => {
        const mesh = { provider: "appmesh", gatewayApi: { gatewayClass: "a" }, vpcLattice: { vpcId: "vpc-01234567" } };
        assert.deepEqual(await refused({ mesh }), [
            'mesh.gatewayApi: ["gatewayClass"] is nothing that AWS App Mesh reads. Leave it out, or choose the mesh that has it.',
            'mesh.vpcLattice: ["vpcId"] is nothing that AWS App Mesh reads. Leave it out, or choose the mesh that has it.',
        ]);
    });
});
