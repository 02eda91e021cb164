import { ScrapeJob, annotatedPods, podsWithContainer } from "../../observability/scrapeJobs";
import { trafficQueries } from "../../observability/trafficQueries";
import { BuiltinQueries } from "../mesh";

/** The port at which a proxy is looked at, its metrics among other things. */
const adminPort = 4191;

/** The series of Linkerd's proxies, as the Prometheus of its extension "viz" labels them and Flagger asks for them. */
export const linkerdQueries = trafficQueries({
    requests: "response_total",
    durations: "response_latency_ms_bucket",
    statusLabel: "status_code",
    // Linkerd itself says what an error is, by the routes' rules.
    noError: 'classification!="failure"',
    incoming: 'direction="inbound"',
    namespaceLabel: "namespace",
    workloadLabel: "deployment",
});

const rate = (series: string, more = "") =>
    `rate(${series}{namespace="{{ namespace }}",deployment="{{ target }}",direction="inbound"${more}}[{{ interval }}])`;

/** Flagger's built-in metrics for a Gateway API are an application's own; these are what Linkerd's proxies count. */
export const linkerdBuiltinQueries: BuiltinQueries = {
    "request-success-rate":
        `100 * sum(${rate("response_total", ',classification!="failure"')}) ` + `/ sum(${rate("response_total")})`,
    "request-duration": `histogram_quantile(0.99, sum by (le) (${rate("response_latency_ms_bucket")}))`,
};

/** A label of a pod, where it has one, as a label of what it exports. */
const ofPodLabel = (label: string, target_label: string) => ({
    source_labels: [`__meta_kubernetes_pod_label_${label}`],
    regex: "(.+)",
    target_label,
});

const proxies = podsWithContainer("linkerd-proxy", adminPort, "/metrics");

/** What has to be scraped, and labelled as Linkerd's own Prometheus would: a proxy does not say whose it is. */
export const linkerdScrapeJobs: Readonly<Record<string, ScrapeJob>> = {
    "linkerd-proxy": {
        ...proxies,
        relabel_configs: [
            ...(proxies.relabel_configs as object[]),
            { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
            { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
            ofPodLabel("linkerd_io_proxy_deployment", "deployment"),
            // Flagger's targets are of both kinds, and the queries know one.
            ofPodLabel("linkerd_io_proxy_daemonset", "deployment"),
        ],
    },
    "annotated-pods": annotatedPods(adminPort),
};
