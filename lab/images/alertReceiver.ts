import http from "node:http";

/** What has arrived. The body is JSON where it is. */
interface Alert {
    time: string;
    path: string;
    body: unknown;
}

/**
 * Stands in for Slack, Teams and all others that take alerts: keeps whatever is posted, to whatever path, and answers to
 * `GET /received` with all of it, the first first.
 */
const [port = "8080"] = process.argv.slice(2);
const received: Alert[] = [];

http.createServer((request, response) => {
    const path = request.url ?? "/";
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
        if (request.method === "POST") {
            received.push({ time: new Date().toISOString(), path, body: parsed(Buffer.concat(chunks).toString()) });
            response.end("ok");
        } else {
            response.setHeader("content-type", "application/json");
            response.end(JSON.stringify(path === "/received" ? received : {}));
        }
    });
}).listen(Number(port), "0.0.0.0");

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
