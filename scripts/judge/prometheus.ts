import { ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";

import { poll } from "../../lab/poll";
import { Samples, writeRequest } from "./remoteWrite";

const port = 9290;
const seriesPerRequest = 2000;

/** The real Prometheus, empty, on loopback, with a folder of its own that goes with it. */
export class RecordingPrometheus {
    private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

    private constructor(
        private readonly child: ChildProcess,
        private readonly folder: string,
    ) {}

    static async start(executable: string): Promise<RecordingPrometheus> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "judge-"));
        fs.writeFileSync(path.join(folder, "prometheus.yml"), "{}\n");
        const child = spawn(
            executable,
            [
                `--config.file=${path.join(folder, "prometheus.yml")}`,
                `--storage.tsdb.path=${path.join(folder, "data")}`,
                `--web.listen-address=127.0.0.1:${port}`,
                "--web.enable-remote-write-receiver",
                "--log.level=warn",
            ],
            { stdio: ["ignore", "inherit", "inherit"] },
        );
        const prometheus = new RecordingPrometheus(child, folder);
        try {
            await prometheus.untilReady();
        } catch (error) {
            await prometheus.stop();
            throw error;
        }
        return prometheus;
    }

    private async untilReady(): Promise<void> {
        const ready = await poll(async () => {
            const answer = await this.get("/-/ready").catch(() => undefined);
            return answer?.status === 200 ? true : undefined;
        }, 120);
        if (ready === undefined) {
            throw new Error("Prometheus was not ready within two minutes");
        }
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
        const ended = new Promise((resolve) => this.child.once("exit", resolve));
        if (this.child.exitCode === null && this.child.kill("SIGKILL")) {
            await ended;
        }
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
                { host: "127.0.0.1", port, path: address, method, headers, agent: this.agent },
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
