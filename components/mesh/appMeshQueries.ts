import { TrafficQueries } from "../observability/trafficQueries";

// A pod's name ends in the hashes of its ReplicaSet and of its own.
const hashes = "-[0-9a-zA-Z]+-[0-9a-zA-Z]+";
const noError = 'envoy_response_code!~"5.*"';

const selector = (namespace: string, workload: string, more = "") =>
    `{kubernetes_namespace="${namespace}",kubernetes_pod_name=~"${workload}${hashes}"${more}}`;
const requests = (labels: string) => `rate(envoy_cluster_upstream_rq${labels}[1m])`;

/** Adds up the requests of each application, by the labels that Flagger's own series have for it. */
const byApplication = (rate: string) =>
    "sum by (namespace, name) (label_replace(label_replace(" +
    `${rate}, "name", "$1", "kubernetes_pod_name", "(.+?)(-primary)?${hashes}"), ` +
    '"namespace", "$1", "kubernetes_namespace", "(.+)"))';

/** The series of App Mesh's proxies, as appmesh-prometheus labels them and Flagger asks for them. */
export const appMeshQueries: TrafficQueries = {
    requests: (namespace, workload) =>
        `label_replace(sum by (envoy_response_code) (${requests(selector(namespace, workload))}), ` +
        `"status", "$1", "envoy_response_code", "(.*)")`,
    total: (namespace, workload) => `sum(${requests(selector(namespace, workload))})`,
    successRate: (namespace, workload) =>
        `100 * sum(${requests(selector(namespace, workload, `,${noError}`))}) ` +
        `/ sum(${requests(selector(namespace, workload))})`,
    duration: (namespace, workload, quantile) =>
        `histogram_quantile(${quantile}, sum by (le) ` +
        `(rate(envoy_cluster_upstream_rq_time_bucket${selector(namespace, workload)}[1m])))`,
    successRates: () => `100 * ${byApplication(requests(`{${noError}}`))} / ${byApplication(requests(""))}`,
};
