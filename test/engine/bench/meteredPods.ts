import http from "node:http";

/** What a pod's proxy would have measured: answers by code for each second, and how long they took. */
export interface Metered {
    namespace: string;
    /** The Deployment whose pods they are. */
    workload: string;
    requestsPerSecond: number;
    /** The share of answers with 500. */
    errors: number;
    milliseconds: number;
}

const bounds = [50, 100, 250, 500, 1000, 2500];

/**
 * Shows the series that App Mesh's proxies show, for pods that are none: counters that grow with time. Prometheus scrapes them
 * and Flagger's own queries read them.
 */
export function serveMetered(workloads: Metered[], port: number): http.Server {
    const began = Date.now();
    const server = http.createServer((_, response) => {
        const elapsed = (Date.now() - began) / 1000 + 60;
        const lines = workloads.flatMap(({ namespace, workload, requestsPerSecond, errors, milliseconds }) => {
            const pod = `kubernetes_namespace="${namespace}",kubernetes_pod_name="${workload}-5d5f9c7c4d-x7x7x"`;
            const total = elapsed * requestsPerSecond;
            const at = (bound: number) => (milliseconds <= bound ? total : 0);
            return [
                `envoy_cluster_upstream_rq{${pod},envoy_response_code="200"} ${total * (1 - errors)}`,
                `envoy_cluster_upstream_rq{${pod},envoy_response_code="500"} ${total * errors}`,
                ...bounds.map((b) => `envoy_cluster_upstream_rq_time_bucket{${pod},le="${b}"} ${at(b)}`),
                `envoy_cluster_upstream_rq_time_bucket{${pod},le="+Inf"} ${total}`,
            ];
        });
        response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(`${lines.join("\n")}\n`);
    });
    return server.listen(port, "127.0.0.1");
}
