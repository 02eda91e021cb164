import http from "node:http";

import { adminPort, appPortsVariable, ingressPort } from "./ports";

/**
 * Stands in for the Envoy that App Mesh puts beside an application: passes requests on to it and counts the answers in the
 * series that Envoy shows and Flagger asks for.
 */
const appPort = Number(process.env[appPortsVariable]?.split(",")[0] ?? 0);
const bounds = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000];
const byCode = new Map<number, number>();
const buckets = bounds.map(() => 0);
let count = 0;
let sum = 0;

function counted(code: number, milliseconds: number): void {
    byCode.set(code, (byCode.get(code) ?? 0) + 1);
    bounds.forEach((bound, i) => {
        if (milliseconds <= bound) {
            buckets[i]! += 1;
        }
    });
    count += 1;
    sum += milliseconds;
}

http.createServer((request, response) => {
    const began = performance.now();
    const upstream = http.request(
        { host: "127.0.0.1", port: appPort, method: request.method, path: request.url, headers: request.headers },
        (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
            answer.on("end", () => counted(answer.statusCode ?? 502, performance.now() - began));
        },
    );
    upstream.on("error", () => {
        counted(503, performance.now() - began);
        if (!response.headersSent) {
            response.writeHead(503);
        }
        response.end();
    });
    request.pipe(upstream);
}).listen(ingressPort, "0.0.0.0");

function statistics(): string {
    const cluster = `envoy_cluster_name="cds_ingress_${process.env.HOSTNAME ?? "pod"}_http_${appPort}"`;
    const lines = ["# TYPE envoy_cluster_upstream_rq counter"];
    for (const [code, n] of byCode) {
        lines.push(`envoy_cluster_upstream_rq{envoy_response_code="${code}",${cluster}} ${n}`);
    }
    lines.push("# TYPE envoy_cluster_upstream_rq_time histogram");
    bounds.forEach((bound, i) => {
        lines.push(`envoy_cluster_upstream_rq_time_bucket{${cluster},le="${bound}"} ${buckets[i]}`);
    });
    lines.push(`envoy_cluster_upstream_rq_time_bucket{${cluster},le="+Inf"} ${count}`);
    lines.push(`envoy_cluster_upstream_rq_time_sum{${cluster}} ${sum}`);
    lines.push(`envoy_cluster_upstream_rq_time_count{${cluster}} ${count}`);
    return `${lines.join("\n")}\n`;
}

http.createServer((request, response) => {
    if (request.url === "/stats/prometheus") {
        response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(statistics());
    } else {
        response.writeHead(404).end();
    }
}).listen(adminPort, "0.0.0.0");
