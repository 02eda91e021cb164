import { trafficQueries } from "../observability/trafficQueries";

/** The series of App Mesh's proxies, as appmesh-prometheus labels them and Flagger asks for them. */
export const appMeshQueries = trafficQueries({
    requests: "envoy_cluster_upstream_rq",
    durations: "envoy_cluster_upstream_rq_time_bucket",
    statusLabel: "envoy_response_code",
    noError: 'envoy_response_code!~"5.*"',
    namespaceLabel: "kubernetes_namespace",
    workloadLabel: "kubernetes_pod_name",
    // A pod's name ends in the hashes of its ReplicaSet and of its own.
    suffix: "-[0-9a-zA-Z]+-[0-9a-zA-Z]+",
});
