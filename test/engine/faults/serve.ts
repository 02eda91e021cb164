import http from "node:http";
import { AddressInfo } from "node:net";

import { network } from "../../../lab/network";

/** Serves where pods reach it. */
export async function serve(
    answer: (request: http.IncomingMessage, response: http.ServerResponse) => void,
): Promise<{ url: string; close: () => void }> {
    const server = http.createServer((request, response) => {
        request.resume();
        answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, network.node, resolve));
    const url = `http://${network.node}:${(server.address() as AddressInfo).port}/`;
    return {
        url,
        close: () => {
            server.close();
            server.closeAllConnections();
        },
    };
}

/** What a Prometheus answers to `vector(1)`. */
const one = { status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [0, "1"] }] } };

/** A metrics server that answers every query by 1. */
export function serveMetrics(): Promise<{ url: string; close: () => void }> {
    return serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(one));
    });
}
