import { TrafficQueries } from "../observability/canaryDashboard";

const selector = (namespace: string, pods: string, more = "") =>
    `{kubernetes_namespace="${namespace}",kubernetes_pod_name=~"${pods}"${more}}`;

/** The series of App Mesh's proxies, as appmesh-prometheus labels them and Flagger asks for them. */
export const appMeshQueries: TrafficQueries = {
    requests: (namespace, pods) =>
        `label_replace(sum by (envoy_response_code) (rate(envoy_cluster_upstream_rq${selector(namespace, pods)}[1m])), ` +
        `"status", "$1", "envoy_response_code", "(.*)")`,
    successRate: (namespace, pods) =>
        `100 * sum(rate(envoy_cluster_upstream_rq${selector(namespace, pods, ',envoy_response_code!~"5.*"')}[1m])) ` +
        `/ sum(rate(envoy_cluster_upstream_rq${selector(namespace, pods)}[1m]))`,
    duration: (namespace, pods, quantile) =>
        `histogram_quantile(${quantile}, sum by (le) ` +
        `(rate(envoy_cluster_upstream_rq_time_bucket${selector(namespace, pods)}[1m])))`,
};
