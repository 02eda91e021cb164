import { TrafficQueries, trafficQueries } from "../../observability/trafficQueries";

const inSeconds = trafficQueries({
    requests: "http_request_duration_seconds_count",
    durations: "http_request_duration_seconds_bucket",
    statusLabel: "status",
    noError: 'status!~"5.*"',
    namespaceLabel: "kubernetes_namespace",
    workloadLabel: "kubernetes_pod_name",
    // A pod's name ends in the hashes of its ReplicaSet and of its own.
    suffix: "-[0-9a-zA-Z]+-[0-9a-zA-Z]+",
});

/** The series that an application counts itself, as Flagger asks for them where no mesh counts. They hold seconds. */
export const appQueries: TrafficQueries = {
    ...inSeconds,
    duration: (namespace, workload, quantile) => `1000 * ${inSeconds.duration(namespace, workload, quantile)}`,
    counters: (of) => ({ ...inSeconds.counters(of), toMilliseconds: 1000 }),
};
