import { trafficQueries } from "../observability/trafficQueries";

/** The series of Istio's proxies, as Flagger asks for them. */
export const istioQueries = trafficQueries({
    requests: "istio_requests_total",
    durations: "istio_request_duration_milliseconds_bucket",
    statusLabel: "response_code",
    noError: 'response_code!~"5.*"',
    // The caller's proxy counts each request as well.
    incoming: 'reporter="destination"',
    namespaceLabel: "destination_workload_namespace",
    workloadLabel: "destination_workload",
});
