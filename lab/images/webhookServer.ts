import fs from "node:fs";
import https from "node:https";

import { V1Pod } from "@kubernetes/client-node";

/** What Kubernetes asks a webhook about. */
export interface Review {
    uid: string;
    operation: string;
    namespace?: string;
    object?: V1Pod;
}

/** What a webhook answers: yes, with changes in the form of a JSON patch, or no. */
export type Verdict = { allowed: true; patch?: unknown[] } | { allowed: false; message: string };

/** Answers Kubernetes' webhooks, with the certificate of a folder. `judge` is given the path that was asked. */
export function serveWebhooks(
    certificates: string,
    port: number,
    judge: (path: string, review: Review) => Verdict,
): void {
    const server = https.createServer(
        {
            cert: fs.readFileSync(`${certificates}/tls.crt`),
            key: fs.readFileSync(`${certificates}/tls.key`),
        },
        (request, response) => {
            const chunks: Buffer[] = [];
            request.on("data", (chunk: Buffer) => chunks.push(chunk));
            request.on("end", () => {
                const { request: review } = JSON.parse(Buffer.concat(chunks).toString()) as { request: Review };
                const verdict = judge(request.url?.split("?")[0] ?? "", review);
                const answer = {
                    apiVersion: "admission.k8s.io/v1",
                    kind: "AdmissionReview",
                    response: {
                        uid: review.uid,
                        allowed: verdict.allowed,
                        ...(verdict.allowed
                            ? verdict.patch !== undefined && {
                                  patchType: "JSONPatch",
                                  patch: Buffer.from(JSON.stringify(verdict.patch)).toString("base64"),
                              }
                            : { status: { code: 403, message: verdict.message } }),
                    },
                };
                response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
            });
        },
    );
    // The API server keeps its connections. Closed from here after Node.js' five seconds, one could be closed under a request.
    server.keepAliveTimeout = 600_000;
    server.listen(port, "0.0.0.0");
}
