import fs from "node:fs";
import http from "node:http";
import { AddressInfo } from "node:net";

/** A repository of charts that can be slow, serve half of each archive, or be down. */
export class FaultyCharts {
    state: "well" | "slow" | "broken" = "well";
    private server?: http.Server;
    private port = 0;

    constructor(private readonly behind: string) {}

    get address(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    async start(): Promise<void> {
        this.server = http.createServer((request, response) => {
            const { state } = this;
            setTimeout(() => void this.answer(request.url!, state === "broken", response), state === "slow" ? 3000 : 0);
        });
        await new Promise<void>((resolve) => this.server!.listen(this.port, "127.0.0.1", resolve));
        this.port = (this.server.address() as AddressInfo).port;
    }

    stop(): void {
        this.server?.close();
        this.server?.closeAllConnections();
    }

    private async answer(file: string, broken: boolean, response: http.ServerResponse): Promise<void> {
        const answer = await fetch(`${this.behind}${file}`);
        const body = Buffer.from(await answer.arrayBuffer());
        const half = broken && file.endsWith(".tgz");
        response.writeHead(answer.status).end(half ? body.subarray(0, body.length / 2) : body);
    }
}

/** Helm must not find what it has downloaded before. */
export function forgetCharts(helmCache: string): void {
    fs.rmSync(helmCache, { recursive: true, force: true });
}
