import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { CoreV1Api, PatchStrategy, V1Service, setHeaderOptions } from "@kubernetes/client-node";

import { serveCharts } from "./chartRepository";
import { ControlPlane, aliveLabel, startControlPlane } from "./controlPlane";
import { Images } from "./images/images";
import { Pods } from "./kubelet/pods";
import { Services } from "./kubelet/services";
import { LabError } from "./labError";
import { appMesh } from "./mesh/appMesh/appMesh";
import { meshStacks } from "./meshStacks";
import { istio } from "./mesh/istio/istio";
import { linkerd } from "./mesh/linkerd/linkerd";
import { Proxies } from "./mesh/proxies";
import { setUpNetwork } from "./network";
import { cache, root } from "./paths";
import { poll } from "./poll";
import { Project, Pulumi } from "./pulumi";
import { Toolchain } from "./toolchain/ensure";
import { Traffic } from "./traffic";

/** App Mesh comes last: others, too, call a container `envoy`. */
const meshes = [istio, linkerd, appMesh];

export interface LabOptions {
    /** What the lab's users send to each application. @default 20 */
    requestsPerSecond?: number;
    /** How many seconds a pod takes to start. @default 0 */
    podSeconds?: number;
}

/** A whole rehearsal stage: a Kubernetes, a Pulumi, charts, and programs behind pods. Only ever inside a sandbox. */
export class Lab {
    private constructor(
        readonly folder: string,
        readonly logs: string,
        readonly controlPlane: ControlPlane,
        readonly pulumi: Pulumi,
        readonly charts: string,
        readonly pods: Pods,
        readonly traffic: Traffic,
        private readonly services: Services,
        private readonly proxies: Proxies,
    ) {}

    static async start(
        tools: Toolchain,
        warn: (text: string) => void,
        { requestsPerSecond = 20, podSeconds = 0 }: LabOptions = {},
    ): Promise<Lab> {
        // In memory, in a mount namespace of its own: whatever is written here goes when the lab goes.
        const folder = path.join(cache, "lab");
        fs.mkdirSync(folder, { recursive: true });
        execFileSync("mount", ["-t", "tmpfs", "-o", "mode=700", "tmpfs", folder]);
        const logs = path.join(folder, "logs");
        fs.mkdirSync(logs);

        setUpNetwork();
        const [controlPlane, images, charts] = await Promise.all([
            startControlPlane(tools, path.join(folder, "control-plane"), logs, podSeconds),
            Images.prepare(tools, folder),
            serveCharts(path.join(folder, "charts"), tools),
        ]);
        const { kubeconfig } = controlPlane;
        const pulumi = await Pulumi.prepare(tools, path.join(folder, "pulumi"), controlPlane.kubeconfigFile);
        const pods = new Pods(kubeconfig, images, path.join(folder, "pods"), logs, warn);
        const services = new Services(kubeconfig, path.join(folder, "hosts"), (address) => pods.at(address));
        pods.services = services;
        const all = () => services.all();
        const proxies = new Proxies(kubeconfig, meshes, path.join(folder, "proxies"), all, warn);
        pods.proxies = proxies;
        services.proxies = proxies;
        const traffic = new Traffic(() => proxies.entrances(), all, requestsPerSecond);
        return new Lab(folder, logs, controlPlane, pulumi, charts.address, pods, traffic, services, proxies);
    }

    /** The settings by which a stack uses the lab's charts. */
    get settings(): Record<string, string> {
        return { "platform.mirror.chartRepository": this.charts };
    }

    /** The repository's own program, with its stack for development. */
    devStack(name: string, config: Record<string, string> = {}): Promise<Project> {
        return this.pulumi.project(name, root, "dev", { ...this.settings, ...config });
    }

    /** The repository's own program as a mesh is rehearsed with it. */
    async meshStack(mesh: string, config: Record<string, string> = {}, name?: string): Promise<Project> {
        const { stack, settings, texts = {}, without } = meshStacks[mesh]!;
        const all = { ...this.settings, ...settings, ...config };
        if (stack === "dev") {
            return this.devStack(name ?? stack, all);
        }
        const project = await this.pulumi.project(name ?? stack, root, stack, {});
        await project.must([
            "config",
            "set",
            "--secret",
            "kubeconfig",
            fs.readFileSync(this.controlPlane.kubeconfigFile, "utf8"),
        ]);
        for (const key of without) {
            await project.must(["config", "rm", "--path", key]);
        }
        await project.configure(all);
        for (const [key, text] of Object.entries(texts)) {
            await project.must(["config", "set", "--path", "--type", "string", key, text]);
        }
        return project;
    }

    /**
     * The address of a load balancer, once it has one: that of a service, or without a name that of the one in the namespace.
     *
     * @throws LabError when there is none within a minute.
     */
    async loadBalancer(namespace: string, name?: string): Promise<string> {
        const isIt = ({ metadata, spec }: V1Service) =>
            metadata?.namespace === namespace &&
            spec?.type === "LoadBalancer" &&
            (name ?? metadata.name) === metadata.name;
        const address = await poll(() => this.services.all().find(isIt)?.status?.loadBalancer?.ingress?.[0]?.ip, 60);
        if (address === undefined) {
            throw new LabError(`${namespace}/${name ?? "*"} has no load balancer.`, "Look at the services there.");
        }
        return address;
    }

    /**
     * Where an application answers: at the gateway, `url`, or where it has none at its service's own address.
     *
     * @throws LabError when it has no service within a minute.
     */
    async addressOf(namespace: string, name: string, url: string): Promise<string> {
        if (url !== "") {
            return url;
        }
        const isIt = ({ metadata }: V1Service) => metadata?.namespace === namespace && metadata.name === name;
        const spec = await poll(() => this.services.all().find(isIt)?.spec, 60);
        if (spec === undefined) {
            throw new LabError(`${namespace}/${name} has no service.`, "Look at what Flagger says of its Canary.");
        }
        return `http://${spec.clusterIP}:${spec.ports![0]!.port}/`;
    }

    /**
     * Loses a node as a cloud does: its programs and its network are gone at once, its kubelet says nothing any more, and
     * Kubernetes finds out when its lease is over.
     */
    async loseNode(name: string): Promise<void> {
        this.pods.loseNode(name);
        const api = this.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const body = { metadata: { labels: { [aliveLabel]: null } } };
        await api.patchNode({ name, body }, setHeaderOptions("Content-Type", PatchStrategy.MergePatch));
    }

    /** Ends everything. The logs of all programs are kept if `PROGRESSIVE_MESH_LOGS` names a folder for them. */
    async stop(): Promise<void> {
        const keep = process.env.PROGRESSIVE_MESH_LOGS;
        if (keep !== undefined) {
            fs.cpSync(this.logs, keep, { recursive: true });
        }
        this.traffic.stop();
        this.pods.stop();
        this.services.stop();
        this.proxies.stop();
        for (const daemon of this.controlPlane.daemons) {
            // What it holds is in memory and goes with it: there is nothing to end in good order.
            await daemon.stop("SIGKILL");
        }
    }
}
