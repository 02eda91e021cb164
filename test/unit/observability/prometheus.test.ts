import assert from "node:assert/strict";

import fc from "fast-check";

import { checkPrometheus, durationSeconds } from "../../../components/observability/prometheusArgs";
import { ProgressiveMeshCluster, PrometheusAddonArgs } from "../../../index";
import { at, graph, valueOf } from "../graph";
import { linesOf } from "../problems";

interface Rule {
    source_labels?: string[];
    target_label?: string;
    replacement?: string;
    action?: string;
}

interface Job {
    enabled?: boolean;
    metrics_path?: string;
    relabel_configs: Rule[];
}

const platform = (prometheus: PrometheusAddonArgs, more: object = {}) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, addons: { prometheus }, ...more }));

describe("the mesh's own Prometheus", () => {
    it("takes retention and interval as its chart names them", async () => {
        const { node, nodes } = await platform({ retention: "2d", scrapeInterval: "10s" });
        assert.deepEqual(node("Release dev-appmesh-prometheus").props.values, {
            retention: "2d",
            scrapeInterval: "10s",
        });
        assert.deepEqual(
            nodes.filter((n) => n.key.startsWith("PersistentVolumeClaim")),
            [],
        );
    });

    it("gets a volume that the chart would not make, and nobody waits for before there is a pod", async () => {
        const { node } = await platform({ storage: { size: "20Gi", storageClass: "gp3" }, namespace: "metrics" });
        const claim = node("PersistentVolumeClaim dev-appmesh-prometheus");
        assert.deepEqual(claim.props.metadata, {
            name: "appmesh-prometheus",
            namespace: "metrics",
            annotations: { "pulumi.com/skipAwait": "true" },
        });
        assert.deepEqual(claim.props.spec, {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "20Gi" } },
            storageClassName: "gp3",
        });
        assert.deepEqual(claim.dependsOn, ["Namespace dev-metrics"]);
        const release = node("Release dev-appmesh-prometheus");
        assert.deepEqual(release.props.values, { persistentVolumeClaim: { claimName: "appmesh-prometheus" } });
        assert.deepEqual(release.dependsOn, ["Namespace dev-metrics", claim.key]);
    });

    it("leaves the storage class to the cluster", async () => {
        const { node } = await platform({ storage: { size: "1Gi" } });
        assert.deepEqual(Object.keys(node("PersistentVolumeClaim dev-appmesh-prometheus").props.spec as object), [
            "accessModes",
            "resources",
        ]);
    });
});

describe("the community's Prometheus", () => {
    it("takes the place of the mesh's, for everybody who asks", async () => {
        const { node, nodes, result } = await platform({ source: "community" });
        assert.deepEqual(
            nodes.filter((n) => n.key.includes("appmesh-prometheus")),
            [],
        );
        const address = "http://prometheus-server.flagger-system";
        assert.equal(at(node("Release dev-flagger").props, "values", "metricsServer"), address);
        assert.ok(node("Provider dev-apps").propDeps.kubeconfig!.includes("Release dev-prometheus"));
        assert.deepEqual(node("Release dev-prometheus").dependsOn, ["Namespace dev-flagger-system"]);
        assert.equal(await valueOf(result.connection.metricsServer), address);
    });

    it("is its server alone, scrapes what the mesh needs, and times out before it scrapes again", async () => {
        const { node } = await platform({ source: "community" });
        const { props } = node("Release dev-prometheus");
        const values = props.values as Record<string, unknown>;
        assert.deepEqual(
            [props.chart, props.version, props.name, props.namespace],
            ["prometheus", "29.48.0", "prometheus", "flagger-system"],
        );
        for (const companion of [
            "alertmanager",
            "kube-state-metrics",
            "prometheus-node-exporter",
            "prometheus-pushgateway",
        ]) {
            assert.deepEqual(values[companion], { enabled: false });
        }
        assert.deepEqual(values.server, {
            global: { scrape_interval: "5s", evaluation_interval: "5s", scrape_timeout: "5s" },
            persistentVolume: { enabled: false },
        });
        const jobs = Object.entries(values.scrapeConfigs as Record<string, Job>).filter(
            ([, job]) => job.enabled !== false,
        );
        assert.deepEqual(
            jobs.map(([name]) => name),
            ["annotated-pods", "appmesh-envoy"],
        );
    });

    it("labels what it scrapes as Flagger's queries for App Mesh ask for it, and no proxy twice", async () => {
        const { node } = await platform({ source: "community" });
        const jobs = at(node("Release dev-prometheus").props, "values", "scrapeConfigs") as Record<string, Job>;
        for (const job of ["appmesh-envoy", "annotated-pods"]) {
            assert.deepEqual(
                jobs[job]!.relabel_configs.slice(-2).map((rule) => [...rule.source_labels!, rule.target_label]),
                [
                    ["__meta_kubernetes_namespace", "kubernetes_namespace"],
                    ["__meta_kubernetes_pod_name", "kubernetes_pod_name"],
                ],
            );
        }
        assert.equal(jobs["appmesh-envoy"]!.metrics_path, "/stats/prometheus");
        const addressOf = (job: string) =>
            jobs[job]!.relabel_configs.find((rule) => rule.target_label === "__address__")!.replacement;
        assert.equal(addressOf("appmesh-envoy"), "$1:9901");
        assert.deepEqual(
            jobs["annotated-pods"]!.relabel_configs.filter((rule) => rule.action === "drop"),
            [{ source_labels: ["__address__"], regex: ".+:9901", action: "drop" }],
        );
    });

    it("takes retention, storage and interval as its chart names them", async () => {
        const { node } = await platform({
            source: "community",
            retention: "30d",
            storage: { size: "50Gi", storageClass: "gp3" },
            scrapeInterval: "30s",
            namespace: "metrics",
        });
        assert.deepEqual(at(node("Release dev-prometheus").props, "values", "server"), {
            global: { scrape_interval: "30s", evaluation_interval: "30s", scrape_timeout: "10s" },
            retention: "30d",
            persistentVolume: { enabled: true, size: "50Gi", storageClass: "gp3" },
        });
        assert.equal(
            at(node("Release dev-flagger").props, "values", "metricsServer"),
            "http://prometheus-server.metrics",
        );
    });

    it("takes its images from a mirror, and the user's values last", async () => {
        const { node } = await platform(
            { source: "community", values: { server: { retentionSize: "10GB" } } },
            { mirror: { imageRegistry: "registry.example" } },
        );
        const values = node("Release dev-prometheus").props.values;
        assert.equal(at(values, "server", "image", "repository"), "registry.example/prometheus/prometheus");
        assert.equal(
            at(values, "configmapReload", "prometheus", "image", "repository"),
            "registry.example/prometheus-operator/prometheus-config-reloader",
        );
        assert.equal(at(values, "server", "retentionSize"), "10GB");
    });
});

describe("checkPrometheus", () => {
    const mesh = { title: "Some Mesh", ownPrometheus: false };
    const lines = (addon: unknown, of: typeof mesh | undefined = undefined) =>
        linesOf((problems) => checkPrometheus(problems, "prometheus", addon as never, of));

    it("refuses a source that is none, or that the mesh does not have", () => {
        assert.deepEqual(lines({ source: "operator" }), [
            'prometheus.source: "operator" is not where a Prometheus comes from. Use one of mesh, community; for one that ' +
                "you have, give its address as `metricsServer`.",
        ]);
        assert.deepEqual(lines({ source: "mesh" }, mesh), [
            'prometheus.source: "mesh" asks for a chart that Some Mesh does not have. Use "community".',
        ]);
        assert.deepEqual(lines({ source: "mesh" }), []);
    });

    it("refuses durations that one of the charts would not read, and readings too far apart", () => {
        for (const value of ["1h30m", "0s", "6", "6 h", 6, ""]) {
            assert.deepEqual(lines({ retention: value }), [
                `prometheus.retention: ${JSON.stringify(value)} is not a duration as Prometheus writes them: a whole number ` +
                    'and one unit. Write it like "30s", "6h" or "15d".',
            ]);
        }
        assert.deepEqual(lines({ scrapeInterval: "1m" }), [
            'prometheus.scrapeInterval: "1m" is too long: Flagger and the dashboards ask how many requests there were in a ' +
                'minute, which takes two readings. Give at most "30s".',
        ]);
        assert.deepEqual(lines({ retention: "1y", scrapeInterval: "30s" }), []);
    });

    it("refuses storage without a sound size and class", () => {
        assert.deepEqual(lines({ storage: {} }), [
            'prometheus.storage.size: nothing given, but it is required. Write it like "20Gi".',
        ]);
        assert.deepEqual(lines({ storage: { size: "20GB", storageClass: "Fast" } }), [
            'prometheus.storage.size: "20GB" is not a size as Kubernetes writes them. Write it like "20Gi".',
            'prometheus.storage.storageClass: "Fast" is not a Kubernetes name of at most 253 characters. ' +
                "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
        ]);
        assert.deepEqual(lines({ storage: "20Gi" }), [
            'prometheus.storage: "a string" is not an object. Write it like { size: "20Gi" }.',
        ]);
    });

    it("knows how long a duration is", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 1000 }), (n) => {
                assert.equal(durationSeconds(`${n}m`), 60 * durationSeconds(`${n}s`));
                assert.equal(durationSeconds(`${n}w`), 7 * 24 * durationSeconds(`${n}h`));
            }),
        );
    });
});
