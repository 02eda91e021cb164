import { ChildProcess, spawn } from "node:child_process";
import http from "node:http";

import { KubeConfig, V1Pod } from "@kubernetes/client-node";

import { Watched } from "../kubelet/watch";

const port = 9898;
/** What each pod says that it answers. */
const requestsPerSecond = 20;
const bounds = [0.05, 0.1, 0.25, 0.5, 1];

/**
 * Stands in for the applications: one server that answers at the address of every pod of an image, with the counters that an
 * application without a mesh shows. So Prometheus finds and reads as many pods as there are, and Flagger asks it about each.
 */
export class CountedPods {
    private readonly began = Date.now();
    private readonly addresses = new Map<string, string>();
    private readonly routes: ChildProcess;
    private readonly server: http.Server;
    private readonly watched: Watched<V1Pod>;
    /** How often they have been read. */
    reads = 0;

    constructor(kubeconfig: KubeConfig, imagePrefix: string) {
        // One process for thousands of addresses; it takes a line as soon as it comes.
        this.routes = spawn("ip", ["-force", "-batch", "-"], { stdio: ["pipe", "ignore", "ignore"] });
        this.server = http.createServer((_, response) => {
            this.reads += 1;
            response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(this.counters());
        });
        this.server.listen(port, "0.0.0.0");
        this.watched = new Watched(kubeconfig, { group: "", version: "v1", plural: "pods" }, (change, pod) => {
            const { uid } = pod.metadata!;
            const address = pod.status?.podIP;
            if (change === "gone") {
                this.leave(uid!);
            } else if (address !== undefined && pod.spec?.containers[0]?.image?.startsWith(imagePrefix) === true) {
                this.answerAt(uid!, address);
            }
        });
    }

    stop(): void {
        this.watched.stop();
        this.server.close();
        this.routes.kill();
    }

    private answerAt(uid: string, address: string): void {
        if (!this.addresses.has(uid)) {
            this.addresses.set(uid, address);
            this.routes.stdin!.write(`route add local ${address} dev lo\n`);
        }
    }

    private leave(uid: string): void {
        const address = this.addresses.get(uid);
        this.addresses.delete(uid);
        // Another pod may have it already.
        if (address !== undefined && ![...this.addresses.values()].includes(address)) {
            this.routes.stdin!.write(`route del local ${address} dev lo\n`);
        }
    }

    private counters(): string {
        const total = Math.round(((Date.now() - this.began) / 1000) * requestsPerSecond);
        const series = "http_request_duration_seconds";
        const buckets = [...bounds, "+Inf"].map((le) => `${series}_bucket{status="200",le="${le}"} ${total}`);
        return [`# TYPE ${series} histogram`, ...buckets, `${series}_count{status="200"} ${total}`, ""].join("\n");
    }
}
