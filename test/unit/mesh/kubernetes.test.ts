import assert from "node:assert/strict";

import {
    CanaryApp,
    CanaryAppArgs,
    PlatformConnection,
    ProgressiveMeshCluster,
    ProgressiveMeshClusterArgs,
} from "../../../index";
import { kubernetes } from "../../../components/mesh/kubernetes";
import { at, graph, kubeconfig, plain, valueOf } from "../graph";
import { refusal } from "../problems";

const platform = (more: Partial<ProgressiveMeshClusterArgs> = {}) =>
    graph(
        () =>
            new ProgressiveMeshCluster("dev", { mesh: { provider: "kubernetes" }, existing: { kubeconfig }, ...more }),
    );

const connection: PlatformConnection = {
    kubeconfig,
    mesh: { provider: "kubernetes" },
    metricsServer: "http://prometheus-server.flagger-system",
};

const annotations = { "prometheus.io/scrape": "true", "prometheus.io/port": "9797" };

const args = (more: Partial<CanaryAppArgs> = {}): CanaryAppArgs => ({
    platform: connection,
    namespace: "apps",
    workload: { image: "a/b:1", port: 9898, podAnnotations: annotations },
    analysis: { interval: "30s", threshold: 3, blueGreen: { iterations: 5 } },
    loadTest: { command: "hey -z 1m http://podinfo-canary.apps:9898/" },
    ...more,
});

const app = (more: Partial<CanaryAppArgs> = {}) => graph(() => new CanaryApp("podinfo", args(more)));

describe("plain Kubernetes on a platform", () => {
    it("installs nothing of a mesh, and a Prometheus that reads the applications themselves", async () => {
        const { nodes, node, messages, result } = await platform();
        assert.deepEqual(
            nodes.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release").map(({ name }) => name),
            ["dev-flagger", "dev-grafana", "dev-prometheus"],
        );
        assert.deepEqual(messages, []);
        assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "kubernetes");
        const jobs = at(node("Release dev-prometheus").props, "values", "scrapeConfigs") as object;
        const address = ["__meta_kubernetes_pod_ip", "__meta_kubernetes_pod_annotation_prometheus_io_port"];
        assert.deepEqual(at(jobs, "annotated-pods"), {
            kubernetes_sd_configs: [{ role: "pod" }],
            relabel_configs: [
                {
                    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_scrape"],
                    regex: "true",
                    action: "keep",
                },
                { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Running", action: "keep" },
                { source_labels: address, regex: ".+;\\d+", action: "keep" },
                {
                    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_path"],
                    regex: "(.+)",
                    target_label: "__metrics_path__",
                },
                { source_labels: address, regex: "(.+);(\\d+)", target_label: "__address__", replacement: "$1:$2" },
                { regex: "__meta_kubernetes_pod_label_(.+)", action: "labelmap" },
                // By these two Flagger's own query knows a pod.
                { source_labels: ["__meta_kubernetes_namespace"], target_label: "kubernetes_namespace" },
                { source_labels: ["__meta_kubernetes_pod_name"], target_label: "kubernetes_pod_name" },
            ],
        });
        assert.deepEqual(await valueOf(result.connection.mesh), { provider: "kubernetes" });
        assert.equal(result.connection.gateway, undefined);
    });

    it("refuses what a mesh would have to read or to bring", async () => {
        const lines = await refusal(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "kubernetes", name: "m", allowEgress: true },
                    existing: { kubeconfig },
                    addons: { gateway: {}, meshController: {}, meshDefinitions: {} },
                }),
        );
        assert.deepEqual(lines, [
            'mesh.name: "m" is nothing that plain Kubernetes reads. Leave it out, or choose the mesh that has it.',
            "mesh.allowEgress: true is nothing that plain Kubernetes reads. Leave it out, or choose the mesh that has it.",
            "addons.gateway: [] is nothing that plain Kubernetes has. Leave it out.",
            "addons.meshController: [] is nothing that plain Kubernetes has. Leave it out.",
            "addons.meshDefinitions: [] is nothing that plain Kubernetes has. Leave it out.",
        ]);
    });
});

describe("an application on plain Kubernetes", () => {
    it("is released by blue/green, in a namespace without any mark", async () => {
        const { node, messages } = await app();
        assert.deepEqual(node("Namespace podinfo-apps").props.metadata, { name: "apps" });
        const { spec } = plain(node("Canary podinfo").props) as { spec: Record<string, unknown> };
        assert.equal(spec.provider, "kubernetes");
        assert.deepEqual(spec.service, { port: 9898, portName: "http", targetPort: 9898 });
        assert.deepEqual(at(spec, "analysis", "iterations"), 5);
        assert.deepEqual(at(spec, "analysis", "metrics"), [
            { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
            { name: "request-duration", interval: "1m", thresholdRange: { max: 500 } },
        ]);
        assert.deepEqual(
            messages.filter(({ severity }) => severity === "warning"),
            [],
        );
    });

    it("cannot have weights, chosen users, copies, cookies or a gateway", async () => {
        const analysis = { interval: "30s", threshold: 3 };
        const refused = (more: Partial<CanaryAppArgs>) => refusal(() => new CanaryApp("podinfo", args(more)));
        assert.deepEqual(await refused({ analysis: { ...analysis, steps: { stepWeight: 10, maxWeight: 50 } } }), [
            'analysis.steps: {"stepWeight":10,"maxWeight":50} is more than plain Kubernetes can do. ' +
                "Use blueGreen, or choose a mesh that can.",
        ]);
        const match = [{ headers: { "x-canary": { exact: "insider" } } }];
        const [abTest] = await refused({ analysis: { ...analysis, abTest: { iterations: 5, match } } });
        assert.match(abTest!, /^analysis\.abTest: .* is more than plain Kubernetes can do\. Use blueGreen, /);
        const [mirror, affinity, ...more] = await refused({
            analysis: {
                ...analysis,
                blueGreen: { iterations: 5, mirror: true },
                sessionAffinity: { cookieName: "canary" },
            },
            gateway: { path: "/" },
        });
        assert.match(mirror!, /^analysis\.blueGreen\.mirror: true is more than plain Kubernetes can do/);
        assert.match(affinity!, /^analysis\.sessionAffinity: .* is more than plain Kubernetes can do/);
        assert.deepEqual(more, [
            'gateway: {"path":"/"} asks for a place at a gateway that the platform does not have. ' +
                "Enable the platform's gateway, or leave this out.",
        ]);
    });

    it("is warned of everything that nothing reads", async () => {
        const { messages } = await app({
            service: { timeout: "10s", match: [{ prefix: "/" }], retries: { attempts: 3, retryOn: ["5xx"] } },
            analysis: { interval: "30s", threshold: 3, blueGreen: { iterations: 5, stepWeightPromotion: 20 } },
        });
        const unrouted = "without a mesh nothing routes requests: Kubernetes leads each to any pod of the service";
        assert.deepEqual(
            messages.filter(({ severity }) => severity === "warning").map(({ text }) => text),
            [
                "analysis.blueGreen.stepWeightPromotion: ignored on plain Kubernetes: it cannot split traffic, and all of it " +
                    "moves at once.",
                `service.timeout: ignored on plain Kubernetes: ${unrouted}.`,
                `service.retries: ignored on plain Kubernetes: ${unrouted}.`,
                `service.match: ignored on plain Kubernetes: ${unrouted}.`,
            ],
        );
    });

    it("is warned when its own metrics are asked for and nobody reads them", async () => {
        const warned = async (more: Partial<CanaryAppArgs>) =>
            (await app(more)).messages.filter(({ text }) => text.startsWith("workload.podAnnotations: ")).length;
        const workload = { image: "a/b:1", port: 9898 };
        const query = { name: "mine", max: 1, query: "up" };
        const analysis = { interval: "30s", threshold: 3, blueGreen: { iterations: 5 } };
        assert.equal(await warned({ workload }), 1);
        assert.equal(await warned({ workload, analysis: { ...analysis, metrics: [query] } }), 0);
        assert.equal(await warned({ workload: undefined, target: { name: "podinfo" }, service: { port: 80 } }), 0);
    });
});

describe("plain Kubernetes's queries", () => {
    const selected = 'kubernetes_namespace="apps",kubernetes_pod_name=~"podinfo-[0-9a-zA-Z]+-[0-9a-zA-Z]+"';

    it("ask as Flagger does for what the application exports", () => {
        const counted = (more = "") => `sum(rate(http_request_duration_seconds_count{${selected}${more}}[1m]))`;
        assert.equal(
            kubernetes.queries.successRate("apps", "podinfo"),
            `100 * ${counted(',status!~"5.*"')} / ${counted()}`,
        );
    });

    it("answer in milliseconds, although the application counts by seconds", () => {
        assert.equal(
            kubernetes.queries.duration("apps", "podinfo", 0.99),
            "1000 * histogram_quantile(0.99, sum by (le) " +
                `(rate(http_request_duration_seconds_bucket{${selected}}[1m])))`,
        );
    });
});
