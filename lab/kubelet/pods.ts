import { ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { KubeConfig, V1Container, V1Pod } from "@kubernetes/client-node";

import { Images } from "../images/images";
import { ip, network } from "../network";
import { Readiness } from "./readiness";
import { Services } from "./services";
import { environment, writeVolumes } from "./volumes";
import { Watched } from "./watch";

const script = path.join(__dirname, "container.sh");

/** How long a program that has ended waits for its restart, in milliseconds. */
const shortestPause = 1000;
const longestPause = 60_000;

/** A pod whose programs run. */
interface RunningPod {
    uid: string;
    folder: string;
    /** Holds the pod's network; its containers join it. */
    sandbox: ChildProcess;
    containers: Set<ChildProcess>;
    readiness: Readiness;
    stopping: boolean;
}

/**
 * Stands in for the kubelet. KWOK says of every pod that it runs; this makes it true for those whose images the lab knows: a
 * network namespace with the pod's own address, and in it each container's program with the arguments, environment, volumes
 * and service account that the pod asks for. What nothing is run for is called ready.
 */
export class Pods {
    private readonly running = new Map<string, RunningPod>();
    private readonly watched: Watched<V1Pod>;
    private links = 0;
    services!: Services;

    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly images: Images,
        private readonly folder: string,
        private readonly logs: string,
        private readonly warn: (text: string) => void,
    ) {
        this.watched = new Watched(kubeconfig, { group: "", version: "v1", plural: "pods" }, (change, pod) => {
            if (change === "gone" || pod.metadata?.deletionTimestamp !== undefined) {
                this.stopPod(pod.metadata!.uid!);
            } else if (pod.status?.phase === "Running" && pod.status.podIP !== undefined) {
                void this.startPod(pod);
            }
        });
    }

    all(): V1Pod[] {
        return this.watched.all();
    }

    at(address: string): V1Pod | undefined {
        return this.all().find((p) => p.status?.podIP === address && p.metadata?.deletionTimestamp === undefined);
    }

    stop(): void {
        this.watched.stop();
        for (const uid of [...this.running.keys()]) {
            this.stopPod(uid);
        }
    }

    private async startPod(pod: V1Pod): Promise<void> {
        const uid = pod.metadata!.uid!;
        const programs = (pod.spec?.containers ?? []).flatMap((container) => {
            const argv = this.images.program(container);
            return argv === undefined ? [] : [{ container, argv }];
        });
        const readiness =
            this.running.get(uid)?.readiness ??
            new Readiness(
                this.kubeconfig,
                () => this.all().find((seen) => seen.metadata?.uid === uid),
                programs.map(({ container }) => container),
            );
        readiness.settle();
        if (programs.length === 0 || this.running.has(uid)) {
            return;
        }
        const folder = path.join(this.folder, uid);
        const sandbox = spawn("unshare", ["-n", "--", "sh", "-c", "echo ready; exec sleep infinity"], {
            stdio: ["ignore", "pipe", "ignore"],
        });
        const running: RunningPod = { uid, folder, sandbox, containers: new Set(), readiness, stopping: false };
        this.running.set(uid, running);
        try {
            await new Promise((resolve, reject) => {
                sandbox.stdout.once("data", resolve);
                sandbox.once("error", reject);
            });
            this.connect(sandbox.pid!, pod.status!.podIP!);
            const volumes = await writeVolumes(this.kubeconfig, pod, path.join(folder, "volumes"));
            for (const { container, argv } of programs) {
                await this.startContainer(running, pod, container, argv, volumes);
            }
        } catch (error) {
            this.stopPod(uid);
            if (!running.stopping || this.watched.get(pod.metadata!.namespace, pod.metadata!.name!) !== undefined) {
                this.warn(`pod ${pod.metadata!.namespace}/${pod.metadata!.name}: ${(error as Error).message}`);
            }
        }
    }

    /** Gives the pod's network namespace a link to the bridge. */
    private connect(pid: number, address: string): void {
        const link = `pod${this.links++}`;
        ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
        ip("link", "set", link, "master", network.bridge, "up");
        const commands = [
            "ip link set lo up",
            `ip addr add ${address}/16 dev eth0`,
            "ip link set eth0 up",
            `ip route add default via ${network.node}`,
        ];
        // One process instead of four.
        execFileSync("nsenter", ["-t", String(pid), "-n", "sh", "-ec", commands.join("; ")], {
            stdio: ["ignore", "ignore", "pipe"],
        });
    }

    private async startContainer(
        running: RunningPod,
        pod: V1Pod,
        container: V1Container,
        argv: string[],
        volumes: Map<string, string>,
    ): Promise<void> {
        const { namespace, name } = pod.metadata!;
        const root = path.join(running.folder, container.name);
        fs.mkdirSync(root, { recursive: true });
        const mounts = path.join(running.folder, `${container.name}.mounts`);
        const lines = [...this.images.folders.map((f) => [f, f]), ...mountsOf(container, volumes)];
        fs.writeFileSync(mounts, lines.map((l) => `${l.join("\t")}\n`).join(""));
        const env = {
            PATH: `${this.images.path}:${process.env.PATH}`,
            HOME: "/tmp",
            HOSTNAME: name!,
            KUBERNETES_SERVICE_HOST: network.kubernetesService,
            KUBERNETES_SERVICE_PORT: "443",
            ...this.images.environment,
            ...(await environment(this.kubeconfig, pod, container)),
        };
        const hosts = this.services.hosts(namespace!);
        const log = path.join(this.logs, `${namespace}_${name}_${container.name}.log`);
        const start = (pause: number) => {
            const began = Date.now();
            const out = fs.openSync(log, "a");
            const child = spawn(
                "nsenter",
                [
                    ...["-t", String(running.sandbox.pid), "-n", "--"],
                    ...["unshare", "-m", "--propagation", "private", "--"],
                    ...["bash", script, root, hosts, mounts, ...argv],
                ],
                { stdio: ["ignore", out, out], env, cwd: "/" },
            );
            fs.closeSync(out);
            running.containers.add(child);
            running.readiness.started(container, { address: pod.status!.podIP!, pid: child.pid!, environment: env });
            child.on("exit", () => {
                running.containers.delete(child);
                if (running.stopping) {
                    return;
                }
                running.readiness.ended(container);
                // As a kubelet restarts it: what crashes again and again has to wait longer and longer.
                const wait = Date.now() - began > 10_000 ? shortestPause : pause;
                setTimeout(() => {
                    if (!running.stopping) {
                        start(Math.min(wait * 2, longestPause));
                    }
                }, wait);
            });
        };
        if (!running.stopping) {
            start(shortestPause);
        }
    }

    private stopPod(uid: string): void {
        const pod = this.running.get(uid);
        if (pod === undefined || pod.stopping) {
            return;
        }
        pod.stopping = true;
        pod.readiness.stop();
        this.running.delete(uid);
        const processes = [...pod.containers, pod.sandbox];
        for (const child of processes) {
            child.kill("SIGTERM");
        }
        setTimeout(() => {
            for (const child of processes) {
                child.kill("SIGKILL");
            }
            fs.rmSync(pod.folder, { recursive: true, force: true });
        }, 2000);
    }
}

function mountsOf(container: V1Container, volumes: Map<string, string>): string[][] {
    return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
        const folder = volumes.get(name);
        return folder === undefined ? [] : [[path.join(folder, subPath ?? ""), mountPath]];
    });
}
