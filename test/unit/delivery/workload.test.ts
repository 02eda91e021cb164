import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { WorkloadArgs, workload } from "../../../components/delivery/workload";
import { at, graph, secret } from "../graph";

describe("workload", () => {
    const made = (args: Partial<WorkloadArgs> = {}, progressDeadlineSeconds?: number) =>
        graph(() => {
            const provider = new k8s.Provider("cluster");
            const ground = new k8s.core.v1.Namespace("ground", {}, { provider });
            const result = workload(
                "app",
                {
                    name: "web",
                    namespace: "shop",
                    workload: { image: "podinfo:6", port: 80, ...args },
                    membership: [],
                    serviceAccount: "account",
                    progressDeadlineSeconds,
                },
                { provider, parent: ground, dependsOn: [ground] },
            );
            return {
                ref: result.autoscaler?.ref,
                made: [result.deployment, result.autoscaler?.resource, ...result.configs].map(
                    (r) => r?.constructor.name,
                ),
            };
        });
    const pods = async (args: Partial<WorkloadArgs>) => {
        const { node } = await made(args);
        return at(node("Deployment app").props, "spec", "template") as { metadata: object; spec: object };
    };
    const container = async (args: Partial<WorkloadArgs>) =>
        at((await pods(args)).spec, "containers", 0) as Record<string, unknown>;

    const restricted = {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: "RuntimeDefault" },
    };

    it("is a Deployment alone unless asked for more", async () => {
        const { nodes, node, result } = await made();
        assert.deepEqual(
            nodes.map((n) => n.key),
            ["Deployment app", "Namespace ground", "Provider cluster"],
        );
        assert.deepEqual(result, { ref: undefined, made: ["Deployment", undefined] });
        const { parent, provider, dependsOn, props } = node("Deployment app");
        assert.deepEqual(
            { parent, provider, dependsOn },
            { parent: "Namespace ground", provider: "Provider cluster", dependsOn: ["Namespace ground"] },
        );
        assert.deepEqual(props, {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: {
                name: "web",
                namespace: "shop",
                labels: { app: "web" },
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                progressDeadlineSeconds: 600,
                selector: { matchLabels: { app: "web" } },
                template: {
                    metadata: { labels: { app: "web" } },
                    spec: {
                        serviceAccountName: "account",
                        automountServiceAccountToken: false,
                        terminationGracePeriodSeconds: 55,
                        containers: [
                            {
                                name: "web",
                                image: "podinfo:6",
                                ports: [{ name: "http", containerPort: 80 }],
                                env: [],
                                resources: { requests: { cpu: "100m", memory: "64Mi" } },
                                readinessProbe: { tcpSocket: { port: 80 } },
                                lifecycle: { preStop: { sleep: { seconds: 25 } } },
                                securityContext: restricted,
                            },
                        ],
                    },
                },
            },
        });
    });

    it("gives up no sooner than the Canary, nor than Kubernetes would by itself", async () => {
        const deadline = async (seconds: number) =>
            at((await made({}, seconds)).node("Deployment app").props, "spec", "progressDeadlineSeconds");
        assert.equal(await deadline(601), 601);
        assert.equal(await deadline(599), 600);
    });

    it("lets the pods answer for as long as asked before they end", async () => {
        const spec = async (preStopSeconds: number) => {
            const { props } = (await made({ preStopSeconds })).node("Deployment app");
            const pod = at(props, "spec", "template", "spec") as Record<string, unknown>;
            const [container] = pod.containers as { lifecycle?: object }[];
            return [container!.lifecycle, pod.terminationGracePeriodSeconds];
        };
        assert.deepEqual(await spec(8), [{ preStop: { sleep: { seconds: 8 } } }, 38]);
        assert.deepEqual(await spec(0), [undefined, 30]);
    });

    it("passes on what the container is given, in the order given", async () => {
        assert.deepEqual(
            await container({
                command: ["./podinfo"],
                args: ["--port=80", pulumi.output("--level=info")],
                env: { B: "2", A: pulumi.output("1") },
                resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
                readinessPath: "/readyz",
            }),
            {
                name: "web",
                image: "podinfo:6",
                command: ["./podinfo"],
                args: ["--port=80", "--level=info"],
                ports: [{ name: "http", containerPort: 80 }],
                env: [
                    { name: "B", value: "2" },
                    { name: "A", value: "1" },
                ],
                resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
                readinessProbe: { httpGet: { path: "/readyz", port: 80 } },
                lifecycle: { preStop: { sleep: { seconds: 25 } } },
                securityContext: restricted,
            },
        );
    });

    it("gives the pods labels and annotations, but never another name", async () => {
        const { metadata } = await pods({ podLabels: { tier: "front", app: "x" }, podAnnotations: { note: "hello" } });
        assert.deepEqual(metadata, { labels: { app: "web", tier: "front" }, annotations: { note: "hello" } });
    });

    it("mounts the token when asked", async () => {
        assert.equal(at((await pods({ mountServiceAccountToken: true })).spec, "automountServiceAccountToken"), true);
    });

    describe("security", () => {
        it("keeps the rest when one thing is told", async () => {
            const { securityContext } = await container({
                securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true },
            });
            assert.deepEqual(securityContext, { ...restricted, runAsUser: 1000, readOnlyRootFilesystem: true });
        });

        it("leaves the user to the image where it may be root", async () => {
            const { runAsUser: _, ...rest } = restricted;
            const { securityContext } = await container({ securityContext: { runAsNonRoot: false } });
            assert.deepEqual(securityContext, { ...rest, runAsNonRoot: false });
        });

        it("takes root by number where it may be root", async () => {
            const { securityContext } = await container({ securityContext: { runAsNonRoot: false, runAsUser: 0 } });
            assert.deepEqual(securityContext, { ...restricted, runAsNonRoot: false, runAsUser: 0 });
        });
    });

    describe("podSpec", () => {
        it("wins, key by key, and replaces lists", async () => {
            const { spec } = await pods({
                podSpec: {
                    terminationGracePeriodSeconds: 5,
                    securityContext: { fsGroup: 1 },
                    serviceAccountName: "other",
                    containers: [{ name: "mine", image: "mine:1" }],
                },
            });
            assert.deepEqual(spec, {
                serviceAccountName: "other",
                automountServiceAccountToken: false,
                containers: [{ name: "mine", image: "mine:1" }],
                terminationGracePeriodSeconds: 5,
                securityContext: { fsGroup: 1 },
            });
        });
    });

    describe("probes", () => {
        it("ask in each of the four ways, at the workload's port unless told", async () => {
            const { readinessProbe, livenessProbe, startupProbe } = await container({
                probes: {
                    readiness: { path: "/readyz", port: 81, periodSeconds: 1, initialDelaySeconds: 0 },
                    liveness: { command: ["cat", "/ok"], timeoutSeconds: 2 },
                    startup: { grpc: true, failureThreshold: 30 },
                },
            });
            assert.deepEqual(
                { readinessProbe, livenessProbe, startupProbe },
                {
                    readinessProbe: {
                        httpGet: { path: "/readyz", port: 81 },
                        periodSeconds: 1,
                        initialDelaySeconds: 0,
                    },
                    livenessProbe: { exec: { command: ["cat", "/ok"] }, timeoutSeconds: 2 },
                    startupProbe: { grpc: { port: 80 }, failureThreshold: 30 },
                },
            );
        });

        it("ask for an open port where nothing else is told, of readiness even where nothing is", async () => {
            const { readinessProbe, livenessProbe, startupProbe } = await container({
                probes: { liveness: { periodSeconds: 3 }, startup: { tcp: true, port: 81 } },
            });
            assert.deepEqual(
                { readinessProbe, livenessProbe, startupProbe },
                {
                    readinessProbe: { tcpSocket: { port: 80 } },
                    livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
                    startupProbe: { tcpSocket: { port: 81 } },
                },
            );
        });

        it("leave readiness to the short form beside others", async () => {
            const { readinessProbe } = await container({ readinessPath: "/r", probes: { liveness: { path: "/l" } } });
            assert.deepEqual(readinessProbe, { httpGet: { path: "/r", port: 80 } });
        });
    });

    describe("configuration", () => {
        it("is a ConfigMap and a Secret with fixed names, there before the Deployment and in its environment", async () => {
            const { node, result } = await made({
                config: { B: "2", A: pulumi.output("1") },
                secrets: { PASSWORD: "hunter2", TOKEN: pulumi.output("ü") },
            });
            assert.deepEqual(result.made, ["Deployment", undefined, "ConfigMap", "Secret"]);
            const metadata = { namespace: "shop", labels: { app: "web" } };
            assert.deepEqual(node("ConfigMap app-config").props, {
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: "web-config", ...metadata },
                data: { B: "2", A: "1" },
            });
            const { data, ...rest } = node("Secret app-secrets").props;
            assert.deepEqual(rest, {
                apiVersion: "v1",
                kind: "Secret",
                type: "Opaque",
                metadata: { name: "web-secrets", ...metadata },
            });
            assert.deepEqual(secret(data), {
                PASSWORD: Buffer.from("hunter2").toString("base64"),
                TOKEN: "w7w=",
            });
            for (const key of ["ConfigMap app-config", "Secret app-secrets"]) {
                const { parent, provider, dependsOn } = node(key);
                assert.deepEqual(
                    { parent, provider, dependsOn },
                    { parent: "Namespace ground", provider: "Provider cluster", dependsOn: ["Namespace ground"] },
                );
            }
            assert.deepEqual(node("Deployment app").dependsOn, [
                "ConfigMap app-config",
                "Namespace ground",
                "Secret app-secrets",
            ]);
            assert.deepEqual(at(node("Deployment app").props, "spec", "template", "spec", "containers", 0, "envFrom"), [
                { configMapRef: { name: "web-config" } },
                { secretRef: { name: "web-secrets" } },
            ]);
        });

        it("is none where it is empty", async () => {
            const { nodes, node } = await made({ config: {}, secrets: {}, envFrom: [], files: [] });
            assert.deepEqual(
                nodes.map((n) => n.key),
                ["Deployment app", "Namespace ground", "Provider cluster"],
            );
            const spec = at(node("Deployment app").props, "spec", "template", "spec") as object;
            assert.deepEqual(Object.keys(spec).sort(), [
                "automountServiceAccountToken",
                "containers",
                "serviceAccountName",
                "terminationGracePeriodSeconds",
            ]);
            assert.equal("envFrom" in (at(spec, "containers", 0) as object), false);
            assert.equal("volumeMounts" in (at(spec, "containers", 0) as object), false);
        });

        it("lets what is the application's own win over what is shared", async () => {
            const { envFrom } = await container({
                config: { A: "1" },
                envFrom: [
                    { configMap: "shared", prefix: "S_" },
                    { secret: "keys", optional: true },
                ],
            });
            assert.deepEqual(envFrom, [
                { prefix: "S_", configMapRef: { name: "shared" } },
                { secretRef: { name: "keys", optional: true } },
                { configMapRef: { name: "web-config" } },
            ]);
        });

        it("can be files", async () => {
            const { spec } = await pods({
                files: [
                    { mountPath: "/etc/a", configMap: "a" },
                    { mountPath: "/etc/b", secret: "b" },
                ],
            });
            assert.deepEqual(at(spec, "volumes"), [
                { name: "files-0", configMap: { name: "a" } },
                { name: "files-1", secret: { secretName: "b" } },
            ]);
            assert.deepEqual(at(spec, "containers", 0, "volumeMounts"), [
                { name: "files-0", mountPath: "/etc/a", readOnly: true },
                { name: "files-1", mountPath: "/etc/b", readOnly: true },
            ]);
        });
    });

    describe("the autoscaler", () => {
        const metadata = { name: "web", namespace: "shop", labels: { app: "web" } };
        const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
        const cpu = (averageUtilization: number) => ({
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
        });

        it("aims at 80 percent CPU unless told", async () => {
            const { node, result } = await made({ autoscaling: { minReplicas: 1, maxReplicas: 2 } });
            assert.deepEqual(result, {
                ref: { kind: "HorizontalPodAutoscaler", name: "web" },
                made: ["Deployment", "HorizontalPodAutoscaler"],
            });
            const { parent, provider, dependsOn, props } = node("HorizontalPodAutoscaler app");
            assert.deepEqual(
                { parent, provider, dependsOn },
                { parent: "Namespace ground", provider: "Provider cluster", dependsOn: ["Deployment app"] },
            );
            assert.deepEqual(props, {
                apiVersion: "autoscaling/v2",
                kind: "HorizontalPodAutoscaler",
                metadata,
                spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 2, metrics: [cpu(80)] },
            });
        });

        it("takes memory, metrics and a behaviour of Kubernetes as they are", async () => {
            const metric = { type: "Pods", pods: { metric: { name: "rps" }, target: { type: "Value", value: "1" } } };
            const behavior = { scaleDown: { stabilizationWindowSeconds: 5 } };
            const { node } = await made({
                autoscaling: {
                    minReplicas: 1,
                    maxReplicas: 2,
                    cpuUtilization: 50,
                    memoryUtilization: 70,
                    metrics: [metric],
                    behavior,
                },
            });
            const { props } = node("HorizontalPodAutoscaler app");
            assert.deepEqual(at(props, "spec", "metrics"), [
                cpu(50),
                {
                    type: "Resource",
                    resource: { name: "memory", target: { type: "Utilization", averageUtilization: 70 } },
                },
                metric,
            ]);
            assert.deepEqual(at(props, "spec", "behavior"), behavior);
        });

        it("can be KEDA's, with the primary's own queries and bounds for the Canary", async () => {
            const { node, result } = await made({
                scaledObject: {
                    minReplicas: 1,
                    maxReplicas: 4,
                    triggers: [
                        {
                            type: "prometheus",
                            name: "load",
                            metadata: { query: "web", threshold: pulumi.output("5") },
                            metricType: "Value",
                            authenticationRef: "auth",
                        },
                        { type: "cron", metadata: { timezone: "UTC" } },
                    ],
                    primaryQueries: { load: "web-primary" },
                    primaryReplicas: { minReplicas: 2 },
                },
            });
            assert.deepEqual(result, {
                ref: {
                    kind: "ScaledObject",
                    name: "web",
                    primaryQueries: { load: "web-primary" },
                    primaryReplicas: { minReplicas: 2 },
                },
                made: ["Deployment", "CustomResource"],
            });
            const { parent, provider, dependsOn, props } = node("ScaledObject app");
            assert.deepEqual(
                { parent, provider, dependsOn },
                { parent: "Namespace ground", provider: "Provider cluster", dependsOn: ["Deployment app"] },
            );
            assert.deepEqual(props, {
                apiVersion: "keda.sh/v1alpha1",
                kind: "ScaledObject",
                metadata,
                spec: {
                    scaleTargetRef,
                    minReplicaCount: 1,
                    maxReplicaCount: 4,
                    triggers: [
                        {
                            type: "prometheus",
                            name: "load",
                            metadata: { query: "web", threshold: "5" },
                            metricType: "Value",
                            authenticationRef: { name: "auth" },
                        },
                        { type: "cron", metadata: { timezone: "UTC" } },
                    ],
                },
            });
        });
    });
});
