import http from "node:http";
import https from "node:https";

import type { KubeConfig } from "@kubernetes/client-node";

const patience = 30_000;

/**
 * Asks the API server for a path, where its client has no method: another form of the answer, or what a service behind it says.
 *
 * @throws Error with the answer's `code`, and its `body`, which `messageOf` reads.
 */
export async function getJson<T>(kubeconfig: KubeConfig, path: string, accept = "application/json"): Promise<T> {
    const { code, body } = await ask(kubeconfig, path, { accept });
    if (code !== 200) {
        // A service behind it has words of its own, which are no JSON.
        const [said = ""] = body.trim().split("\n");
        throw Object.assign(new Error(`the API server answered ${code}${said && `: ${said.slice(0, 200)}`}`), {
            code,
            body,
        });
    }
    try {
        return JSON.parse(body) as T;
    } catch {
        throw new Error(`${kubeconfig.getCurrentCluster()!.server} answered with something that is no JSON`);
    }
}

/** What the API server, or a service behind it, answers to a body at a path, whatever it is. */
export function post(kubeconfig: KubeConfig, path: string, body: object): Promise<{ code: number; body: string }> {
    return ask(kubeconfig, path, { accept: "*/*", sent: JSON.stringify(body) });
}

async function ask(
    kubeconfig: KubeConfig,
    path: string,
    { accept, sent }: { accept: string; sent?: string },
): Promise<{ code: number; body: string }> {
    const options: https.RequestOptions = {
        method: sent === undefined ? "GET" : "POST",
        headers: {
            Accept: accept,
            ...(sent !== undefined && {
                "Content-Type": "application/json",
                "Content-Length": Buffer.byteLength(sent),
            }),
        },
        timeout: patience,
    };
    await kubeconfig.applyToHTTPSOptions(options);
    const { server } = kubeconfig.getCurrentCluster()!;
    return new Promise((resolve, reject) => {
        const { request: send } = server.startsWith("http:") ? http : https;
        const request = send(`${server}/${path}`, options, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () =>
                resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
            );
        });
        request.on("timeout", () => request.destroy(new Error(`${server} did not answer within ${patience / 1000} s`)));
        request.on("error", reject);
        request.end(sent);
    });
}
