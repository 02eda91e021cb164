import https from "node:https";

import { KubeConfig } from "@kubernetes/client-node";

/** Requests that the API server has let through so far. */
export interface ApiRequests {
    /** By service accounts: Flagger, but for the few of Prometheus. */
    pods: number;
    /** By everybody: Pulumi and the cluster's own controllers too. */
    all: number;
    /** Of all Canaries of a namespace: whoever waits for promotions, and may not watch, asks for them every two seconds. */
    canaryLists: number;
}

/** The sum of a counter's series that hold all of these labels. */
export function sumOf(metrics: string, name: string, labels: string[] = []): number {
    return metrics
        .split("\n")
        .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** Asks the API server how many requests it has let through. */
export async function apiRequests(kubeconfig: KubeConfig): Promise<ApiRequests> {
    const options: https.RequestOptions = {};
    await kubeconfig.applyToHTTPSOptions(options);
    const metrics = await new Promise<string>((resolve, reject) => {
        https
            .get(`${kubeconfig.getCurrentCluster()!.server}/metrics`, options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () => resolve(Buffer.concat(chunks).toString()));
            })
            .on("error", reject);
    });
    const counter = "apiserver_flowcontrol_dispatched_requests_total";
    return {
        pods: sumOf(metrics, counter, ['flow_schema="service-accounts"']),
        all: sumOf(metrics, counter),
        canaryLists: sumOf(metrics, "apiserver_request_total", ['resource="canaries"', 'verb="LIST"']),
    };
}
