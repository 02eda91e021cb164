import { trafficQueries } from "../observability/trafficQueries";

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
