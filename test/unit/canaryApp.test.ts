import assert from "node:assert/strict";

import { Provider as AwsProvider } from "@pulumi/aws/provider";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, PlatformConnection, ProgressiveMeshCluster } from "../../index";
import { app, canarySpec, devArgs, inCluster, keys, legible, places, top, withVersion } from "./devApp";
import { connection, devSettings, sharedProvider } from "./devStack";
import { Node, at, graph, kubeconfig, secret, valueOf } from "./graph";

describe("CanaryApp", () => {
    it("makes exactly these resources", async () => {
        const { nodes } = await app();
        assert.deepEqual(places(nodes), [
            ["kubernetes:flagger.app/v1beta1:Canary", "podinfo", top, inCluster],
            ["pulumi-progressive-mesh:index:CanaryApp", "podinfo", "", ""],
            ["kubernetes:apps/v1:Deployment", "podinfo", top, inCluster],
            ["kubernetes:appmesh.k8s.aws/v1beta2:GatewayRoute", "podinfo-gateway-route", top, inCluster],
            ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "podinfo", top, inCluster],
            ["kubernetes:core/v1:Namespace", "podinfo-apps", top, inCluster],
            ["pulumi:providers:kubernetes", sharedProvider, "", ""],
            ["kubernetes:helm.sh/v3:Release", "podinfo-loadtester", top, inCluster],
            ["aws:iam/role:Role", "podinfo-loadtester", top, ""],
            ["aws:iam/role:Role", "podinfo-proxies", top, ""],
            ["aws:iam/rolePolicy:RolePolicy", "podinfo-loadtester", top, ""],
            ["aws:iam/rolePolicy:RolePolicy", "podinfo-proxies", top, ""],
            ["kubernetes:core/v1:ServiceAccount", "podinfo", top, inCluster],
            ["kubernetes:core/v1:ServiceAccount", "podinfo-loadtester", top, inCluster],
        ]);
    });

    it("says how a rollout will go, and nothing else where there is nothing to say", async () => {
        assert.deepEqual((await app()).messages, [
            {
                severity: "info",
                about: top,
                text:
                    "podinfo: 5, 10, 15, ..., 50 % every 15 s; promoted after 3 min 15 s at the earliest; rolled back within " +
                    "1 min 30 s of turning bad; its metrics need about 33.4 requests a second in all",
            },
        ]);
    });

    it("gives every object a name of its own, never a random one", async () => {
        const { nodes } = await app();
        const names = nodes
            .filter((n) => n.provider === inCluster)
            .map((n) => [n.key, (n.props.metadata as { name?: string } | undefined)?.name ?? (n.props.name as string)]);
        assert.deepEqual(names, [
            ["Canary podinfo", "podinfo"],
            ["Deployment podinfo", "podinfo"],
            ["GatewayRoute podinfo-gateway-route", "podinfo"],
            ["HorizontalPodAutoscaler podinfo", "podinfo"],
            ["Namespace podinfo-apps", "apps"],
            ["Release podinfo-loadtester", "flagger-loadtester"],
            ["ServiceAccount podinfo", "podinfo"],
            ["ServiceAccount podinfo-loadtester", "flagger-loadtester"],
        ]);
    });

    it("puts every object into the application's namespace", async () => {
        const { nodes } = await app({ namespace: "shop" });
        const namespaces = nodes
            .filter((n) => n.provider === inCluster && !n.key.startsWith("Namespace "))
            .map(
                (n) =>
                    (n.props.metadata as { namespace?: string } | undefined)?.namespace ??
                    (n.props.namespace as string),
            );
        assert.deepEqual(namespaces, Array(7).fill("shop"));
    });

    describe("the Canary", () => {
        it("has exactly this spec", async () => {
            const { node } = await app();
            assert.deepEqual(node("Canary podinfo").props, {
                apiVersion: "flagger.app/v1beta1",
                kind: "Canary",
                metadata: {
                    name: "podinfo",
                    namespace: "apps",
                    annotations: { "pulumi.com/deletionPropagationPolicy": "background" },
                },
                spec: canarySpec,
            });
        });

        it("comes after all that it needs and goes before it", async () => {
            const { node } = await app();
            assert.deepEqual(node("Canary podinfo").dependsOn, [
                "Deployment podinfo",
                "HorizontalPodAutoscaler podinfo",
                "Namespace podinfo-apps",
                "Release podinfo-loadtester",
            ]);
        });

        it("has the least that Flagger needs when nothing else is given", async () => {
            const { node } = await app({
                workload: { image: "podinfo:1", port: 80 },
                service: undefined,
                analysis: { interval: "1m", threshold: 1, steps: { stepWeights: [1, 50] } },
                acceptanceTest: undefined,
                loadTest: undefined,
                progressDeadlineSeconds: undefined,
            });
            assert.deepEqual(node("Canary podinfo").props.spec, {
                provider: "appmesh:v1beta2",
                targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "podinfo" },
                service: { port: 80, targetPort: 80, portName: "http" },
                analysis: {
                    interval: "1m",
                    threshold: 1,
                    stepWeights: [1, 50],
                    metrics: canarySpec.analysis.metrics,
                },
            });
        });

        it("warns when the last weight is not the one that was asked for", async () => {
            const { messages } = await app({
                analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 20, maxWeight: 50 } },
            });
            assert.deepEqual(
                messages.filter((m) => m.severity === "warning"),
                [
                    {
                        severity: "warning",
                        about: top,
                        text:
                            "analysis.steps: steps of 20 do not meet 50: Flagger's last weight before promotion will be 60 " +
                            "percent, not 50.",
                    },
                ],
            );
        });

        it("has its switches and another metrics server when asked", async () => {
            const { node } = await app({
                skipAnalysis: true,
                suspend: false,
                revertOnDeletion: true,
                metricsServer: pulumi.output("http://prometheus.mine:9090"),
            });
            assert.deepEqual(node("Canary podinfo").props.spec, {
                ...canarySpec,
                skipAnalysis: true,
                suspend: false,
                revertOnDeletion: true,
                metricsServer: "http://prometheus.mine:9090",
            });
        });

        it("has annotations of one's own, but is always deleted in the background", async () => {
            const { node } = await app({
                canaryAnnotations: {
                    "appmesh.flagger.app/accesslog": "enabled",
                    "pulumi.com/deletionPropagationPolicy": "foreground",
                },
            });
            assert.deepEqual(at(node("Canary podinfo").props, "metadata", "annotations"), {
                "appmesh.flagger.app/accesslog": "enabled",
                "pulumi.com/deletionPropagationPolicy": "background",
            });
        });

        it("says where its evidence is, for whoever shows it", async () => {
            const annotation = async (evidence: object | undefined) => {
                const { node } = await app({ waitForPromotion: { evidence } });
                const annotations = at(node("Canary podinfo").props, "metadata", "annotations");
                return (annotations as Record<string, string>)["progressive-mesh/evidence"];
            };
            assert.equal(await annotation({}), "podinfo-evidence");
            assert.equal(await annotation({ configMap: "kept" }), "kept");
            assert.equal(await annotation(undefined), undefined);
        });

        it("lets fields of one's own win, key by key, and lists replace lists", async () => {
            const { node } = await app({
                suspend: true,
                canarySpec: {
                    suspend: false,
                    upstreamRef: { name: "up" },
                    service: { timeout: "20s" },
                    analysis: { threshold: 9, metrics: [{ name: "mine" }], primaryReadyThreshold: pulumi.output(50) },
                },
            });
            assert.deepEqual(node("Canary podinfo").props.spec, {
                ...canarySpec,
                suspend: false,
                upstreamRef: { name: "up" },
                service: { ...canarySpec.service, timeout: "20s" },
                analysis: {
                    ...canarySpec.analysis,
                    threshold: 9,
                    metrics: [{ name: "mine" }],
                    primaryReadyThreshold: 50,
                },
            });
        });
    });

    describe("the workload", () => {
        it("is a Deployment without replicas, which nobody waits for", async () => {
            const { node } = await app();
            assert.deepEqual(node("Deployment podinfo").props, {
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: {
                    name: "podinfo",
                    namespace: "apps",
                    labels: { app: "podinfo" },
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    progressDeadlineSeconds: 600,
                    selector: { matchLabels: { app: "podinfo" } },
                    template: {
                        metadata: { labels: { app: "podinfo" } },
                        spec: {
                            serviceAccountName: "podinfo",
                            automountServiceAccountToken: false,
                            terminationGracePeriodSeconds: 55,
                            containers: [
                                {
                                    name: "podinfo",
                                    image: "ghcr.io/stefanprodan/podinfo:6.0.0",
                                    ports: [{ name: "http", containerPort: 9898 }],
                                    env: [],
                                    resources: { requests: { cpu: "100m", memory: "64Mi" } },
                                    readinessProbe: { httpGet: { path: "/readyz", port: 9898 } },
                                    lifecycle: { preStop: { sleep: { seconds: 25 } } },
                                    securityContext: {
                                        allowPrivilegeEscalation: false,
                                        capabilities: { drop: ["ALL"] },
                                        runAsNonRoot: true,
                                        runAsUser: 65532,
                                        seccompProfile: { type: "RuntimeDefault" },
                                    },
                                },
                            ],
                        },
                    },
                },
            });
            assert.deepEqual(node("Deployment podinfo").dependsOn, [
                "Namespace podinfo-apps",
                "ServiceAccount podinfo",
            ]);
        });

        it("has an autoscaler when asked", async () => {
            const { node } = await app();
            assert.deepEqual(node("HorizontalPodAutoscaler podinfo").props, {
                apiVersion: "autoscaling/v2",
                kind: "HorizontalPodAutoscaler",
                metadata: { name: "podinfo", namespace: "apps", labels: { app: "podinfo" } },
                spec: {
                    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "podinfo" },
                    minReplicas: 2,
                    maxReplicas: 4,
                    metrics: [
                        {
                            type: "Resource",
                            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 99 } },
                        },
                    ],
                },
            });
            assert.deepEqual(node("HorizontalPodAutoscaler podinfo").dependsOn, ["Deployment podinfo"]);
        });

        it("has KEDA's when asked, which the Canary refers to with what is the primary's own", async () => {
            const { node, nodes } = await app({
                workload: {
                    image: "podinfo:1",
                    port: 80,
                    scaledObject: {
                        minReplicas: 1,
                        maxReplicas: 4,
                        triggers: [{ type: "prometheus", name: "load", metadata: { query: "sum(podinfo)" } }],
                        primaryQueries: { load: "sum(podinfo_primary)" },
                        primaryReplicas: { minReplicas: 2 },
                    },
                },
            });
            assert.deepEqual(keys(nodes, "HorizontalPodAutoscaler"), []);
            assert.deepEqual(node("ScaledObject podinfo").dependsOn, ["Deployment podinfo"]);
            assert.deepEqual(at(node("Canary podinfo").props, "spec", "autoscalerRef"), {
                apiVersion: "keda.sh/v1alpha1",
                kind: "ScaledObject",
                name: "podinfo",
                primaryScalerQueries: { load: "sum(podinfo_primary)" },
                primaryScalerReplicas: { minReplicas: 2 },
            });
            assert.deepEqual(node("Canary podinfo").dependsOn, [
                "Deployment podinfo",
                "Namespace podinfo-apps",
                "Release podinfo-loadtester",
                "ScaledObject podinfo",
            ]);
        });

        it("waits as long as the Canary", async () => {
            const { node } = await app({ progressDeadlineSeconds: 900 });
            assert.equal(at(node("Deployment podinfo").props, "spec", "progressDeadlineSeconds"), 900);
        });

        describe("with a configuration", () => {
            const configured = (config: object, version = "7") =>
                graph(
                    () =>
                        new CanaryApp("podinfo", {
                            ...devArgs,
                            workload: { image: "podinfo:1", port: 80, ...config },
                        }),
                    withVersion(version),
                );
            const config = { B: "2", A: "1" };
            const secrets = { PASSWORD: "hunter2" };
            const annotations = async (given: object, version?: string) =>
                at((await configured(given, version)).node("Deployment podinfo").props, "spec", "template", "metadata");

            it("has it before the Deployment, and the Canary after it", async () => {
                const { node, nodes } = await configured({ config, secrets });
                assert.deepEqual(keys(nodes, "ConfigMap"), ["ConfigMap podinfo-config"]);
                assert.deepEqual(keys(nodes, "Secret"), ["Secret podinfo-secrets"]);
                assert.deepEqual(node("Deployment podinfo").dependsOn, [
                    "ConfigMap podinfo-config",
                    "Namespace podinfo-apps",
                    "Secret podinfo-secrets",
                    "ServiceAccount podinfo",
                ]);
                assert.deepEqual(node("Canary podinfo").dependsOn, [
                    "ConfigMap podinfo-config",
                    "Deployment podinfo",
                    "Namespace podinfo-apps",
                    "Release podinfo-loadtester",
                    "Secret podinfo-secrets",
                ]);
                assert.deepEqual(secret(node("Secret podinfo-secrets").props.data), { PASSWORD: "aHVudGVyMg==" });
            });

            // The digests are those of `printf '[["A","1"],["B","2"]]' | sha256sum`, cut to 16, and so on.
            it("says in the pods which it is, so that another one makes them anew", async () => {
                const labels = { app: "podinfo" };
                assert.deepEqual(await annotations({}), { labels });
                assert.deepEqual(await annotations({ config, secrets }), {
                    labels,
                    annotations: { "pulumi-progressive-mesh/config": "34205cf11d4e5b17" },
                });
                assert.deepEqual(await annotations({ config, secrets }, "8"), {
                    labels,
                    annotations: { "pulumi-progressive-mesh/config": "9abb6c6ee554cdfe" },
                });
                assert.notDeepEqual(
                    await annotations({ config: { ...config, A: "0" } }),
                    await annotations({ config: { ...config } }),
                );
                assert.deepEqual(await annotations({ config }), await annotations({ config: { A: "1", B: "2" } }));
            });

            it("keeps its secrets", async () => {
                const { nodes } = await configured({ secrets });
                assert.equal(legible(nodes).includes("hunter2"), false);
                assert.equal(legible(nodes).includes("aHVudGVyMg=="), false);
            });
        });
    });

    describe("the service", () => {
        it("leads to the port of the workload, unless told", async () => {
            const service = async (given: object) =>
                at((await app({ service: given })).node("Canary podinfo").props, "spec", "service");
            assert.deepEqual(await service({}), { port: 9898, portName: "http", targetPort: 9898 });
            assert.deepEqual(await service({ port: 80, targetPort: 80 }), {
                port: 80,
                portName: "http",
                targetPort: 80,
            });
            assert.deepEqual(await service({ targetPortName: "web" }), {
                port: 9898,
                portName: "http",
                targetPort: "web",
            });
        });

        it("gives its name to all in the mesh, and to nothing else", async () => {
            const { node } = await app({ service: { name: "shop" } });
            const { props } = node("Canary podinfo");
            assert.deepEqual(at(props, "spec", "service"), {
                name: "shop",
                port: 9898,
                portName: "http",
                targetPort: 9898,
            });
            assert.equal(at(props, "metadata", "name"), "podinfo");
            assert.equal(at(props, "spec", "targetRef", "name"), "podinfo");
            assert.equal(at(node("Deployment podinfo").props, "metadata", "name"), "podinfo");
            assert.deepEqual(at(node("GatewayRoute podinfo-gateway-route").props, "metadata"), {
                name: "shop",
                namespace: "apps",
            });
            assert.deepEqual(at(node("GatewayRoute podinfo-gateway-route").props, "spec", "httpRoute", "action"), {
                target: { virtualService: { virtualServiceRef: { name: "shop" } } },
            });
            assert.deepEqual(at(node("Release podinfo-loadtester").props, "values", "appmesh", "backends"), [
                "shop",
                "shop-canary",
            ]);
            assert.deepEqual(policyOf(node("RolePolicy podinfo-proxies")).Statement[0]!.Resource, [
                "arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualNode/shop-primary_apps",
                "arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualNode/shop-canary_apps",
            ]);
        });
    });

    describe("the namespace", () => {
        it("joins the platform's mesh", async () => {
            const { node } = await app();
            assert.deepEqual(node("Namespace podinfo-apps").props.metadata, {
                name: "apps",
                labels: { mesh: "dev", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" },
            });
            assert.deepEqual(node("Namespace podinfo-apps").dependsOn, []);
        });

        it("gets a mesh of its own where the platform has none, and comes after it", async () => {
            const { node, nodes } = await app({
                platform: { ...connection, mesh: { provider: "appmesh" }, gateway: undefined },
                gateway: undefined,
            });
            const mesh = node("Mesh podinfo-mesh");
            assert.deepEqual([mesh.parent, mesh.provider], [top, inCluster]);
            assert.deepEqual(mesh.props, {
                apiVersion: "appmesh.k8s.aws/v1beta2",
                kind: "Mesh",
                metadata: { name: "apps" },
                spec: { namespaceSelector: { matchLabels: { mesh: "apps" } }, egressFilter: { type: "DROP_ALL" } },
            });
            assert.equal(at(node("Namespace podinfo-apps").props, "metadata", "labels", "mesh"), "apps");
            assert.deepEqual(node("Namespace podinfo-apps").dependsOn, ["Mesh podinfo-mesh"]);
            assert.ok(node("Canary podinfo").dependsOn.includes("Mesh podinfo-mesh"));
            assert.deepEqual(policyOf(node("RolePolicy podinfo-proxies")).Statement[0]!.Resource, [
                "arn:aws:appmesh:us-west-2:123456789012:mesh/apps/virtualNode/podinfo-primary_apps",
                "arn:aws:appmesh:us-west-2:123456789012:mesh/apps/virtualNode/podinfo-canary_apps",
            ]);
            assert.deepEqual(keys(nodes, "GatewayRoute"), []);
        });

        it("is left to another application when told so, with its mesh", async () => {
            const { node, nodes } = await app({
                createNamespace: false,
                platform: { ...connection, mesh: { provider: "appmesh" } },
            });
            assert.deepEqual(keys(nodes, "Namespace"), []);
            assert.deepEqual(keys(nodes, "Mesh"), []);
            assert.deepEqual(node("Deployment podinfo").dependsOn, ["ServiceAccount podinfo"]);
        });
    });

    describe("the load tester", () => {
        it("is a member of the mesh that reaches the application, and is not waited for", async () => {
            const { node } = await app();
            const release = node("Release podinfo-loadtester");
            assert.deepEqual(release.props, {
                name: "flagger-loadtester",
                namespace: "apps",
                chart: "loadtester",
                version: "0.38.0",
                repositoryOpts: { repo: "https://flagger.app" },
                values: {
                    fullnameOverride: "flagger-loadtester",
                    serviceAccountName: "flagger-loadtester",
                    appmesh: { enabled: true, backends: ["podinfo", "podinfo-canary"] },
                    securityContext: {
                        enabled: true,
                        context: {
                            allowPrivilegeEscalation: false,
                            capabilities: { drop: ["ALL"] },
                            runAsNonRoot: true,
                            seccompProfile: { type: "RuntimeDefault" },
                            runAsUser: 100,
                            runAsGroup: 101,
                            readOnlyRootFilesystem: false,
                        },
                    },
                },
                // The Helm provider refuses `atomic` without waiting.
                atomic: false,
                skipAwait: true,
                cleanupOnFail: true,
                timeout: 600,
                compat: "true",
            });
            assert.deepEqual(release.dependsOn, ["Namespace podinfo-apps", "ServiceAccount podinfo-loadtester"]);
        });

        it("comes from the platform's mirror, with the user's values on top", async () => {
            const { node } = await app({
                platform: { ...connection, mirror: { chartRepository: "http://charts", imageRegistry: "registry" } },
                loadTester: { values: { replicaCount: 2 } },
            });
            const { repositoryOpts, values } = node("Release podinfo-loadtester").props;
            const { securityContext: _, ...others } = values as Record<string, unknown>;
            assert.deepEqual(repositoryOpts, { repo: "http://charts" });
            assert.deepEqual(others, {
                image: { repository: "registry/fluxcd/flagger-loadtester" },
                fullnameOverride: "flagger-loadtester",
                serviceAccountName: "flagger-loadtester",
                appmesh: { enabled: true, backends: ["podinfo", "podinfo-canary"] },
                replicaCount: 2,
            });
        });

        it("leaves with its identity when switched off", async () => {
            const { node, nodes } = await app({ loadTester: { enabled: false } });
            assert.deepEqual(
                keys(nodes).filter((key) => key.includes("loadtester")),
                [],
            );
            assert.deepEqual(node("Canary podinfo").dependsOn, [
                "Deployment podinfo",
                "HorizontalPodAutoscaler podinfo",
                "Namespace podinfo-apps",
            ]);
        });
    });

    describe("identities", () => {
        const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

        it("are given to the pods by their service accounts", async () => {
            const { node } = await app();
            assert.deepEqual(node("ServiceAccount podinfo").props.metadata, {
                name: "podinfo",
                namespace: "apps",
                annotations: { "eks.amazonaws.com/role-arn": role("podinfo-proxies") },
            });
            assert.deepEqual(node("ServiceAccount podinfo-loadtester").props.metadata, {
                name: "flagger-loadtester",
                namespace: "apps",
                annotations: { "eks.amazonaws.com/role-arn": role("podinfo-loadtester") },
            });
        });

        it("can be taken by these service accounts alone", async () => {
            const { node } = await app();
            const subjects = ["podinfo-proxies", "podinfo-loadtester"].map((name) => {
                const { Statement } = JSON.parse(node(`Role ${name}`).props.assumeRolePolicy as string) as {
                    Statement: { Condition: { StringEquals: Record<string, unknown> } }[];
                };
                return Statement.map((s) => s.Condition.StringEquals);
            });
            const condition = (subject: string) => [
                {
                    "oidc.eks.us-west-2.amazonaws.com/id/0123:aud": "sts.amazonaws.com",
                    "oidc.eks.us-west-2.amazonaws.com/id/0123:sub": `system:serviceaccount:apps:${subject}`,
                },
            ];
            assert.deepEqual(subjects, [condition("podinfo"), condition("flagger-loadtester")]);
        });

        it("may read the configuration of their own virtual nodes and nothing else", async () => {
            const { node } = await app();
            const nodes = (...names: string[]) => ({
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "ReadOwnConfiguration",
                        Effect: "Allow",
                        Action: ["appmesh:StreamAggregatedResources"],
                        Resource: names.map(
                            (n) => `arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualNode/${n}_apps`,
                        ),
                    },
                ],
            });
            assert.deepEqual(policyOf(node("RolePolicy podinfo-proxies")), nodes("podinfo-primary", "podinfo-canary"));
            assert.deepEqual(policyOf(node("RolePolicy podinfo-loadtester")), nodes("flagger-loadtester"));
        });

        it("may send traces where the platform does", async () => {
            const { node } = await app({
                platform: { ...connection, mesh: { ...connection.mesh, xray: true } },
            });
            for (const name of ["podinfo-proxies", "podinfo-loadtester"]) {
                assert.deepEqual(
                    policyOf(node(`RolePolicy ${name}`)).Statement.map((s) => s.Sid),
                    ["ReadOwnConfiguration", "SendTraces"],
                );
            }
        });

        it("have their permissions from before the first pod until after the last", async () => {
            const { before } = await app();
            assert.ok(before("Deployment podinfo").has("RolePolicy podinfo-proxies"), "the proxies' policy");
            assert.ok(
                before("Release podinfo-loadtester").has("RolePolicy podinfo-loadtester"),
                "the load tester's policy",
            );
        });

        it("are tagged", async () => {
            const { node } = await app({ tags: { team: "web" } });
            assert.deepEqual(node("Role podinfo-proxies").props.tags, { team: "web" });
            assert.deepEqual(node("Role podinfo-loadtester").props.tags, { team: "web" });
        });

        it("are not made where the platform has none to give", async () => {
            const { node, nodes } = await app({ platform: { ...connection, identity: undefined } });
            assert.deepEqual(
                nodes.filter((n) => n.type.startsWith("aws:")),
                [],
            );
            assert.deepEqual(at(node("ServiceAccount podinfo").props, "metadata", "annotations"), {});
        });
    });

    describe("the gateway", () => {
        it("leads to the application, from the first version on and until the Canary goes", async () => {
            const { node } = await app({ gateway: { path: "/shop" } });
            const route = node("GatewayRoute podinfo-gateway-route");
            assert.deepEqual(route.props, {
                apiVersion: "appmesh.k8s.aws/v1beta2",
                kind: "GatewayRoute",
                metadata: { name: "podinfo", namespace: "apps" },
                spec: {
                    httpRoute: {
                        match: { prefix: "/shop" },
                        action: { target: { virtualService: { virtualServiceRef: { name: "podinfo" } } } },
                    },
                },
            });
            assert.deepEqual(route.dependsOn, ["Canary podinfo"]);
        });

        it("gives the application its address", async () => {
            assert.equal(
                await valueOf((await app({ gateway: { path: "/shop" } })).result.url),
                "http://gateway.example/shop",
            );
            const gateway = { address: "gateway.example", scheme: "https", port: 8443 };
            assert.equal(
                await valueOf(
                    (await app({ platform: { ...connection, gateway }, gateway: { path: "/shop" } })).result.url,
                ),
                "https://gateway.example:8443/shop",
            );
        });

        it("is left alone unless asked for", async () => {
            const { nodes, result } = await app({ gateway: undefined });
            assert.deepEqual(keys(nodes, "GatewayRoute"), []);
            assert.equal(await valueOf(result.url), "");
        });
    });

    describe("with a target", () => {
        it("brings no workload, and names everything after the target", async () => {
            const { node, nodes, result } = await app({
                workload: undefined,
                target: { name: "shop", autoscaler: { name: "shop-scaler" } },
                service: { port: 8080 },
            });
            assert.deepEqual(keys(nodes), [
                "Canary podinfo",
                "CanaryApp podinfo",
                "GatewayRoute podinfo-gateway-route",
                "Namespace podinfo-apps",
                inCluster,
                "Release podinfo-loadtester",
                "Role podinfo-loadtester",
                "Role podinfo-proxies",
                "RolePolicy podinfo-loadtester",
                "RolePolicy podinfo-proxies",
                "ServiceAccount podinfo-loadtester",
            ]);
            const { targetRef, autoscalerRef, service } = node("Canary podinfo").props.spec as Record<string, unknown>;
            assert.deepEqual(targetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "shop" });
            assert.deepEqual(autoscalerRef, {
                apiVersion: "autoscaling/v2",
                kind: "HorizontalPodAutoscaler",
                name: "shop-scaler",
            });
            assert.deepEqual(service, { port: 8080, targetPort: 8080, portName: "http" });
            assert.deepEqual(node("Canary podinfo").dependsOn, [
                "Namespace podinfo-apps",
                "Release podinfo-loadtester",
            ]);
            assert.deepEqual(at(node("Release podinfo-loadtester").props, "values", "appmesh", "backends"), [
                "shop",
                "shop-canary",
            ]);
            assert.equal(await valueOf(result.canaryName), "shop");
        });

        it("can be a DaemonSet", async () => {
            const { node } = await app({
                workload: undefined,
                target: { name: "shop", kind: "DaemonSet" },
                service: { port: 8080 },
            });
            const { targetRef, autoscalerRef } = node("Canary podinfo").props.spec as Record<string, unknown>;
            assert.deepEqual(targetRef, { apiVersion: "apps/v1", kind: "DaemonSet", name: "shop" });
            assert.equal(autoscalerRef, undefined);
        });

        for (const serviceAccount of [undefined, "shop-pods"]) {
            it(`makes a role for its service account, ${serviceAccount ?? "the default one"}, to be annotated with`, async () => {
                const { node, result } = await app({
                    workload: undefined,
                    target: { name: "shop", serviceAccount },
                    service: { port: 8080 },
                });
                const { props } = node("Role podinfo-proxies");
                const trust = JSON.parse(String(props.assumeRolePolicy)) as { Statement: { Condition: object }[] };
                const equal = at(trust.Statement[0], "Condition", "StringEquals") as Record<string, string>;
                assert.equal(Object.values(equal)[1], `system:serviceaccount:apps:${serviceAccount ?? "default"}`);
                const policy = JSON.parse(String(node("RolePolicy podinfo-proxies").props.policy)) as {
                    Statement: { Resource: string[] }[];
                };
                const mesh = "arn:aws:appmesh:us-west-2:123456789012:mesh/dev";
                assert.deepEqual(policy.Statement[0]!.Resource, [
                    `${mesh}/virtualNode/shop-primary_apps`,
                    `${mesh}/virtualNode/shop-canary_apps`,
                ]);
                assert.deepEqual(Object.keys((await valueOf(result.serviceAccountAnnotations)) ?? {}), [
                    "eks.amazonaws.com/role-arn",
                ]);
            });
        }
    });

    it("answers with its namespace and the name of its Canary", async () => {
        const { result, node } = await app({ appName: "web" });
        assert.equal(await valueOf(result.namespace), "apps");
        assert.equal(await valueOf(result.canaryName), "web");
        assert.deepEqual(at(node("Canary podinfo").props, "spec", "targetRef", "name"), "web");
    });

    describe("provider", () => {
        it("is made from the connection, with its kubeconfig a secret even where it came as plain text", async () => {
            const { node } = await app({ platform: { ...connection, kubeconfig } });
            const { props } = node(inCluster);
            assert.equal(secret(props.kubeconfig), kubeconfig);
            assert.equal(props.clusterIdentifier, "oidc.eks.us-west-2.amazonaws.com/id/0123");
        });

        // Their names are Flagger's, so replacing one would leave the pods without it for a moment.
        it("changes ConfigMaps and Secrets in place", async () => {
            const { enableConfigMapMutable, enableSecretMutable } = (await app()).node(inCluster).props;
            assert.deepEqual([enableConfigMapMutable, enableSecretMutable], ["true", "true"]);
        });

        it("is told apart by the cluster's name where there is no issuer", async () => {
            const { node } = await app({ platform: { ...connection, identity: undefined } });
            assert.equal(node("Provider podinfo").props.clusterIdentifier, "dev");
        });

        it("is the user's when one is passed, in any of the ways to pass it", async () => {
            for (const pass of [
                (k: k8s.Provider): pulumi.ComponentResourceOptions => ({ provider: k }),
                (k: k8s.Provider): pulumi.ComponentResourceOptions => ({ providers: [k] }),
                (k: k8s.Provider): pulumi.ComponentResourceOptions => ({ providers: { kubernetes: k } }),
            ]) {
                const { nodes } = await graph(
                    () => new CanaryApp("podinfo", devArgs, pass(new k8s.Provider("mine", { kubeconfig }))),
                );
                const used = nodes.filter((n) => n.type.startsWith("kubernetes:")).map((n) => n.provider);
                assert.deepEqual(used, Array(8).fill("Provider mine"));
                assert.deepEqual(keys(nodes, "Provider"), ["Provider mine"]);
            }
        });

        it("for AWS is handed down beside it", async () => {
            const { nodes } = await graph(
                () => new CanaryApp("podinfo", devArgs, { providers: [new AwsProvider("account-b", {})] }),
            );
            assert.deepEqual(
                nodes.filter((n) => n.type.startsWith("aws:")).map((n) => n.provider),
                Array(4).fill("Provider account-b"),
            );
            assert.ok(keys(nodes).includes(inCluster));
        });

        it("is shared by all on a platform of another stack, also where each has looked it up by itself", async () => {
            const { nodes } = await graph(() => {
                for (const [index, name] of ["one", "two", "three"].entries()) {
                    new CanaryApp(name, { ...devArgs, platform: { ...connection }, namespace: `apps-${index}` });
                }
            });
            assert.deepEqual(keys(nodes, "Provider"), [inCluster]);
            assert.deepEqual(
                keys(nodes, "Canary ").map((key) => nodes.find((n) => n.key === key)!.provider),
                Array(3).fill(inCluster),
            );
        });

        it("is made anew in each run of a program", async () => {
            for (const run of [await app(), await app()]) {
                assert.deepEqual(keys(run.nodes, "Provider"), [inCluster]);
            }
        });

        it("is an application's own with other credentials, and where the kubeconfig or the cluster is not plain", async () => {
            for (const platform of [
                { ...connection, kubeconfig: `${kubeconfig} ` },
                { ...connection, kubeconfig: pulumi.secret(kubeconfig) },
                { ...connection, clusterName: pulumi.output("dev") },
                { ...connection, clusterName: undefined },
                // No server is named in this kubeconfig.
                { ...connection, identity: undefined },
            ]) {
                const { nodes } = await graph(() => {
                    new CanaryApp("one", devArgs);
                    new CanaryApp("two", { ...devArgs, platform, namespace: "others" });
                });
                assert.deepEqual(keys(nodes, "Provider"), [inCluster, "Provider two"]);
            }
        });

        it("is told apart by the address of the cluster where there is no issuer, whatever else the kubeconfig says", async () => {
            const providerOf = async (text: string) => {
                const platform = { ...connection, identity: undefined, kubeconfig: text };
                return keys((await app({ platform })).nodes, "Provider")[0];
            };
            const yaml = (server: string, token: string) =>
                `clusters:\n- cluster:\n    server: ${server}\n  name: a\nusers:\n- user:\n    token: ${token}\n`;
            const name = await providerOf(yaml("https://one.example", "t"));
            assert.match(name!, /^Provider dev-apps-[0-9a-f]{8}$/);
            assert.equal(await providerOf(yaml("https://one.example", "u")), name);
            assert.notEqual(await providerOf(yaml("https://two.example", "t")), name);
            assert.match(
                (await providerOf('{"clusters":[{"cluster":{"server":"https://one.example"}}]}'))!,
                /dev-apps-/,
            );
        });

        it("asks the API server quickly enough for hundreds of applications, unless the environment says how quickly", async () => {
            const limits = async () => (await app()).node(inCluster).props.kubeClientSettings;
            assert.equal(await limits(), '{"qps":500,"burst":1000}');
            process.env.PULUMI_K8S_CLIENT_QPS = "7";
            try {
                assert.equal(await limits(), '{"burst":1000,"qps":7}');
            } finally {
                delete process.env.PULUMI_K8S_CLIENT_QPS;
            }
        });

        it("is shared by the applications of a platform in one program", async () => {
            const { nodes, before } = await graph(() => {
                const platform = new ProgressiveMeshCluster("dev", devSettings.platform).connection;
                new CanaryApp("one", { ...devArgs, platform });
                new CanaryApp("two", { ...devArgs, platform, namespace: "others" });
            });
            assert.deepEqual(keys(nodes, "Provider"), [
                "Provider dev",
                "Provider dev-apps",
                "Provider dev-definitions",
            ]);
            for (const canary of ["Canary one", "Canary two"]) {
                assert.equal(nodes.find((n) => n.key === canary)?.provider, "Provider dev-apps");
                // At destroy the platform stays until the application is gone.
                for (const outlasts of ["Release dev-flagger", "Release dev-appmesh-controller", "Mesh dev-mesh"]) {
                    assert.ok(before(canary).has(outlasts), `${canary} before ${outlasts}`);
                }
            }
        });
    });

    it("can be made twice in one program, also under one name in two namespaces", async () => {
        const { nodes } = await graph(() => {
            new CanaryApp("here", { ...devArgs, appName: "web", namespace: "here" });
            new CanaryApp("there", { ...devArgs, appName: "web", namespace: "there" });
        });
        assert.deepEqual(
            nodes
                .filter((n) => n.key.startsWith("Canary "))
                .map((n) => [at(n.props, "metadata", "name"), at(n.props, "metadata", "namespace")]),
            [
                ["web", "here"],
                ["web", "there"],
            ],
        );
    });

    it("can be made twice over one name in a namespace, in two clusters", async () => {
        const { nodes } = await graph(() => {
            new CanaryApp("blue", { ...devArgs, appName: "web" });
            new CanaryApp("green", {
                ...devArgs,
                appName: "web",
                platform: { ...connection, clusterName: "green" },
            });
        });
        const placesOf = (start: string) =>
            nodes
                .filter((n) => n.key.startsWith(start))
                .map((n) => [at(n.props, "metadata", "name"), n.parent, n.provider]);
        assert.deepEqual(placesOf("Namespace "), [
            ["apps", "CanaryApp blue", inCluster],
            ["apps", "CanaryApp green", "Provider green-apps-258b362f"],
        ]);
        assert.deepEqual(placesOf("Canary "), [
            ["web", "CanaryApp blue", inCluster],
            ["web", "CanaryApp green", "Provider green-apps-258b362f"],
        ]);
    });

    it("can share a namespace, its mesh and its load tester with another", async () => {
        const { nodes, node, before } = await graph(() => {
            const first = new CanaryApp("first", devArgs);
            new CanaryApp(
                "second",
                { ...devArgs, createNamespace: false, loadTester: { enabled: false }, gates: { promotion: {} } },
                { dependsOn: [first] },
            );
        });
        assert.deepEqual(keys(nodes, "Namespace "), ["Namespace first-apps"]);
        assert.deepEqual(keys(nodes, "Release "), ["Release first-loadtester"]);
        assert.deepEqual(keys(nodes, "Canary "), ["Canary first", "Canary second"]);
        for (const shared of ["Namespace first-apps", "Release first-loadtester"]) {
            assert.ok(before("CanaryApp second").has(shared), shared);
        }
        const webhooks = at(node("Canary second").props, "spec", "analysis", "webhooks") as Record<string, string>[];
        const gate = webhooks.find(({ name }) => name === "promotion-gate");
        assert.equal(gate!.url, "http://flagger-loadtester.apps/gate/check");
    });

    it("takes a connection as another stack gives it, through JSON", async () => {
        const copy = JSON.parse(JSON.stringify(connection)) as PlatformConnection;
        assert.deepEqual(places((await app({ platform: copy })).nodes), places((await app()).nodes));
    });
});

function policyOf(node: Node) {
    return JSON.parse(node.props.policy as string) as { Statement: { Sid: string; Resource: string[] }[] };
}
