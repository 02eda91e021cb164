import { ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { CoreV1Api, KubeConfig, V1Container, V1Pod } from "@kubernetes/client-node";

import { messageOf } from "../../components/apiError";
import { Images } from "../images/images";
import { configFolder } from "../mesh/envoy";
import { Proxies } from "../mesh/proxies";
import { network } from "../network";
import { expanded } from "./expansion";
import { end } from "./lifecycle";
import { staysEnded } from "./podStatus";
import { Place } from "./probe";
import { Readiness } from "./readiness";
import { Services } from "./services";
import { environment, writeVolumes } from "./volumes";
import { Watched } from "./watch";

const script = path.join(__dirname, "container.sh");

const shell = (commands: string) => promisify(execFile)("sh", ["-ec", commands]);

/** How long a program that has ended, or a pod that could not be started, waits for its next start, in milliseconds. */
const shortestPause = 1000;
const longestPause = 60_000;

/** The exit code of a program that was ended from outside. */
const killed = 137;

/** A pod whose programs run. */
interface RunningPod {
    uid: string;
    folder: string;
    /** Holds the pod's network; its containers join it. */
    sandbox: ChildProcess;
    /** The programs that run now, by the names of their containers. */
    containers: Map<string, { container: V1Container; child: ChildProcess; place: Place }>;
    readiness: Readiness;
    stopping: boolean;
}

/**
 * Stands in for the kubelet. KWOK says of every pod that it runs; this makes it true for those whose images the lab knows: a
 * network namespace with the pod's own address, and in it each container's program with the arguments, environment, volumes
 * and service account that the pod asks for. What nothing is run for is called ready, or completed where the pod is to end.
 */
export class Pods {
    private readonly running = new Map<string, RunningPod>();
    private readonly watched: Watched<V1Pod>;
    private links = 0;
    services!: Services;
    proxies!: Proxies;

    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly images: Images,
        private readonly folder: string,
        private readonly logs: string,
        private readonly warn: (text: string) => void,
    ) {
        this.watched = new Watched(kubeconfig, { group: "", version: "v1", plural: "pods" }, (change, pod) => {
            if (change === "gone") {
                void this.stopPod(pod.metadata!.uid!, 0);
            } else if (pod.metadata?.deletionTimestamp !== undefined) {
                void this.endPod(pod);
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
            void this.stopPod(uid, 0);
        }
    }

    /** Starts a pod's programs; where that fails, once more after so many milliseconds. */
    private async startPod(pod: V1Pod, wait = shortestPause): Promise<void> {
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
        const running: RunningPod = { uid, folder, sandbox, containers: new Map(), readiness, stopping: false };
        this.running.set(uid, running);
        try {
            await new Promise((resolve, reject) => {
                sandbox.stdout.once("data", resolve);
                sandbox.once("error", reject);
            });
            await this.connect(sandbox.pid!, pod.status!.podIP!);
            const volumes = await writeVolumes(this.kubeconfig, pod, path.join(folder, "volumes"));
            for (const { container, argv } of programs) {
                await this.startContainer(running, pod, container, argv, volumes);
            }
        } catch (error) {
            // One that is to go already has lost its network under the hands of whoever starts it.
            const unexpected = !running.stopping;
            await this.stopPod(uid, 0);
            if (unexpected) {
                const { namespace, name } = pod.metadata!;
                this.warn(`pod ${namespace}/${name} (again in ${wait / 1000} s): ${messageOf(error)}`);
                // As a kubelet does: what a volume is made of may come later, or the API server may be away.
                setTimeout(() => {
                    const seen = this.watched.get(namespace, name!);
                    if (seen?.metadata?.uid === uid && seen.metadata.deletionTimestamp === undefined) {
                        void this.startPod(seen, Math.min(wait * 2, longestPause));
                    }
                }, wait).unref();
            }
        }
    }

    /** Gives the pod's network namespace a link to the bridge. */
    private async connect(pid: number, address: string): Promise<void> {
        const link = `pod${this.links++}`;
        const inside = [
            "ip link set lo up",
            `ip addr add ${address}/16 dev eth0`,
            `ip addr add ${network.proxyAddress(address)}/16 dev eth0`,
            "ip link set eth0 up",
            `ip route add default via ${network.node}`,
        ];
        // One process to wait for instead of seven: meanwhile nothing else would be served.
        await shell(
            [
                `ip link add ${link} type veth peer name eth0 netns ${pid}`,
                `ip link set ${link} master ${network.bridge} up`,
                `nsenter -t ${pid} -n sh -ec '${inside.join("; ")}'`,
            ].join("; "),
        );
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
        const proxy = this.proxies.configure(pod, container.name);
        const lines = [
            ...this.images.folders.map((f) => [f, f]),
            ...mountsOf(container, volumes),
            ...(proxy === undefined ? [] : [[proxy, configFolder]]),
        ];
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
                    ...["bash", script, root, hosts, mounts, ...argv.map((word) => expanded(word, env))],
                ],
                { stdio: ["ignore", out, out], env, cwd: "/" },
            );
            fs.closeSync(out);
            const place = { address: pod.status!.podIP!, pid: child.pid!, environment: env };
            running.containers.set(container.name, { container, child, place });
            running.readiness.started(container, place);
            child.on("exit", (code) => {
                running.containers.delete(container.name);
                if (running.stopping) {
                    return;
                }
                const exitCode = code ?? killed;
                if (staysEnded(pod, exitCode)) {
                    running.readiness.ended(container, exitCode);
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

    /** Ends every program of a node from one moment to the next, and tells nobody: so a machine is lost. */
    loseNode(node: string): void {
        for (const { metadata, spec } of this.all()) {
            const pod = spec?.nodeName === node && this.running.get(metadata!.uid!);
            if (pod) {
                // It stays among those that run, so that it is not started again.
                pod.stopping = true;
                pod.readiness.stop();
                this.kill(pod);
            }
        }
    }

    /** Ends a pod that is to go, and then takes it out of Kubernetes. */
    private async endPod({ metadata, spec }: V1Pod): Promise<void> {
        const { uid, namespace, name, deletionGracePeriodSeconds } = metadata!;
        if (this.running.get(uid!)?.stopping) {
            return;
        }
        await this.stopPod(uid!, deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30);
        await this.kubeconfig
            .makeApiClient(CoreV1Api)
            .deleteNamespacedPod({
                name: name!,
                namespace: namespace!,
                // Not one that has come in its place with the same name.
                body: { gracePeriodSeconds: 0, preconditions: { uid } },
            })
            .catch(() => undefined);
    }

    /** Ends a pod's programs within this time. */
    private async stopPod(uid: string, seconds: number): Promise<void> {
        const pod = this.running.get(uid);
        if (pod === undefined) {
            return;
        }
        pod.stopping = true;
        pod.readiness.stop();
        if (seconds > 0) {
            const ends = [...pod.containers.values()].map((c) => end(c.container, c.child, c.place, seconds));
            await Promise.all(ends);
        }
        this.kill(pod);
        this.running.delete(uid);
        this.proxies.forget(uid);
        fs.rmSync(pod.folder, { recursive: true, force: true });
    }

    /** What has not ended yet ends with the network it lives in, and at the latest with the lab. */
    private kill({ containers, sandbox }: RunningPod): void {
        for (const child of [...[...containers.values()].map((c) => c.child), sandbox]) {
            child.kill("SIGKILL");
        }
    }
}

function mountsOf(container: V1Container, volumes: Map<string, string>): string[][] {
    return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
        const folder = volumes.get(name);
        return folder === undefined ? [] : [[path.join(folder, subPath ?? ""), mountPath]];
    });
}
