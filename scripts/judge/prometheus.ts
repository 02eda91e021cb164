import fs from "node:fs";
import http from "node:http";
import { AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";

import { Daemon } from "../../lab/processes";
import { Samples, writeRequest } from "./remoteWrite";

const seriesPerRequest = 2000;

/** A port of loopback that nobody listens at. */
function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address() as AddressInfo;
            server.close(() => resolve(port));
        });
    });
}

/** The real Prometheus, empty, on loopback, with a folder of its own that goes with it. */
export class RecordingPrometheus {
    private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

    private constructor(
        private readonly daemon: Daemon,
        private readonly port: number,
        private readonly folder: string,
    ) {
        // Told to end, the program takes it along.
        for (const signal of ["SIGINT", "SIGTERM"] as const) {
            process.once(signal, () => void this.stop().finally(() => process.exit(1)));
        }
    }

    static async start(executable: string): Promise<RecordingPrometheus> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "judge-"));
        const port = await freePort();
        fs.writeFileSync(path.join(folder, "prometheus.yml"), "{}\n");
        const argv = [
            executable,
            `--config.file=${path.join(folder, "prometheus.yml")}`,
            `--storage.tsdb.path=${path.join(folder, "data")}`,
            `--web.listen-address=127.0.0.1:${port}`,
            "--web.enable-remote-write-receiver",
        ];
        const daemon = Daemon.start("prometheus", argv, folder);
        const prometheus = new RecordingPrometheus(daemon, port, folder);
        try {
            await daemon.until(async () => (await prometheus.get("/-/ready")).status === 200, 120);
        } catch (error) {
            await prometheus.stop();
            throw error;
        }
        return prometheus;
    }

    /** Writes samples, of each series in the order of their times. */
    async write(series: readonly Samples[]): Promise<void> {
        for (let at = 0; at < series.length; at += seriesPerRequest) {
            const body = writeRequest(series.slice(at, at + seriesPerRequest));
            const { status, text } = await this.request("POST", "/api/v1/write", body, {
                "content-type": "application/x-protobuf",
                "content-encoding": "snappy",
            });
            if (status >= 300) {
                throw new Error(`Prometheus did not take the series: ${status} ${text}`);
            }
        }
    }

    /** Asks a query as Flagger does, at a time in milliseconds: the value of the last element, if there is any. */
    async ask(query: string, time: number): Promise<number | undefined> {
        const { status, text } = await this.get(
            `/api/v1/query?time=${time / 1000}&query=${encodeURIComponent(query.replaceAll(/\s+/g, " "))}`,
        );
        if (status !== 200) {
            throw new Error(`Prometheus refused a query: ${status} ${text}\n${query}`);
        }
        const { data } = JSON.parse(text) as { data: { result: { value: [number, string] }[] } };
        const value = data.result.at(-1)?.value[1];
        return value === undefined ? undefined : Number(value.replace("Inf", "Infinity"));
    }

    async stop(): Promise<void> {
        await this.daemon.stop("SIGKILL");
        this.agent.destroy();
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    private get(address: string): Promise<{ status: number; text: string }> {
        return this.request("GET", address);
    }

    private request(
        method: string,
        address: string,
        body?: Buffer,
        headers: Record<string, string> = {},
    ): Promise<{ status: number; text: string }> {
        return new Promise((resolve, reject) => {
            const request = http.request(
                { host: "127.0.0.1", port: this.port, path: address, method, headers, agent: this.agent },
                (response) => {
                    const parts: Buffer[] = [];
                    response.on("data", (data: Buffer) => parts.push(data));
                    response.on("error", reject);
                    response.on("end", () =>
                        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
                    );
                },
            );
            request.on("error", reject);
            request.end(body);
        });
    }
}
