import http from "node:http";
import https from "node:https";

import type { KubeConfig } from "@kubernetes/client-node";

const patience = 30_000;

/**
 * Asks the API server for a path, where its client has no method: another form of the answer, or what a service behind it says.
 *
 * @throws Error with the answer's `body`, which `messageOf` reads.
 */
export async function getJson<T>(kubeconfig: KubeConfig, path: string, accept = "application/json"): Promise<T> {
    const options: https.RequestOptions = { headers: { Accept: accept }, timeout: patience };
    await kubeconfig.applyToHTTPSOptions(options);
    const { server } = kubeconfig.getCurrentCluster()!;
    return new Promise((resolve, reject) => {
        const { get: ask } = server.startsWith("http:") ? http : https;
        const request = ask(`${server}/${path}`, options, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
                const body = Buffer.concat(chunks).toString();
                if (response.statusCode !== 200) {
                    reject(Object.assign(new Error(`the API server answered ${response.statusCode}`), { body }));
                    return;
                }
                try {
                    resolve(JSON.parse(body) as T);
                } catch {
                    reject(new Error(`${server} answered with something that is no JSON`));
                }
            });
        });
        request.on("timeout", () => request.destroy(new Error(`${server} did not answer within ${patience / 1000} s`)));
        request.on("error", reject);
    });
}
