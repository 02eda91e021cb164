/** A scrape job as Prometheus' configuration has it, without its name. */
export type ScrapeJob = Readonly<Record<string, unknown>>;

const runningOnly = { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Running", action: "keep" };

/** The labels by which Flagger and the dashboards know a pod. They come last, so that none of a pod's own takes their place. */
const podLabels = [
    { regex: "__meta_kubernetes_pod_label_(.+)", action: "labelmap" },
    { source_labels: ["__meta_kubernetes_namespace"], target_label: "kubernetes_namespace" },
    { source_labels: ["__meta_kubernetes_pod_name"], target_label: "kubernetes_pod_name" },
];

/**
 * Scrapes every pod that has a container of that name, at one port. Discovery offers a target for each port of a container.
 * With the address made of the pod's alone they are the same target, which is scraped once; otherwise every request would
 * count as often as the container has ports.
 */
export function podsWithContainer(container: string, port: number, path: string): ScrapeJob {
    return {
        metrics_path: path,
        kubernetes_sd_configs: [{ role: "pod" }],
        relabel_configs: [
            { source_labels: ["__meta_kubernetes_pod_container_name"], regex: container, action: "keep" },
            runningOnly,
            { source_labels: ["__meta_kubernetes_pod_ip"], regex: ".+", action: "keep" },
            {
                source_labels: ["__meta_kubernetes_pod_ip"],
                regex: "(.+)",
                target_label: "__address__",
                replacement: `$1:${port}`,
            },
            ...podLabels,
        ],
    };
}

/**
 * Scrapes every pod with the annotation `prometheus.io/scrape`, Flagger's among them, but not at a port that another job has, if
 * there is one.
 */
export function annotatedPods(exceptPort?: number): ScrapeJob {
    const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
    const address = ["__meta_kubernetes_pod_ip", annotation("port")];
    return {
        kubernetes_sd_configs: [{ role: "pod" }],
        relabel_configs: [
            { source_labels: [annotation("scrape")], regex: "true", action: "keep" },
            runningOnly,
            { source_labels: address, regex: ".+;\\d+", action: "keep" },
            { source_labels: [annotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
            { source_labels: address, regex: "(.+);(\\d+)", target_label: "__address__", replacement: "$1:$2" },
            ...(exceptPort === undefined
                ? []
                : [{ source_labels: ["__address__"], regex: `.+:${exceptPort}`, action: "drop" }]),
            ...podLabels,
        ],
    };
}
