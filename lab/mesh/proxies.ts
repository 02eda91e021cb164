import fs from "node:fs";
import path from "node:path";

import { KubeConfig, KubernetesObject, V1Pod, V1Service } from "@kubernetes/client-node";

import { Watched } from "../kubelet/watch";
import { network } from "../network";
import { Discovery } from "./discovery";
import { Json, ProxyConfig, bootstrap } from "./envoy";
import { Entrance, Mesh, World } from "./mesh";

/** How long a proxy keeps a cluster that it does not need any more, in milliseconds: a request may still be on its way to it. */
const clusterLinger = 5000;

/** A proxy that runs, and what it was told last. */
interface Proxy {
    pod: V1Pod;
    mesh: Mesh;
    folder: string;
    /** Clusters by name, and until when those are kept that are not needed any more. */
    clusters: Map<string, { cluster: Json; until?: number }>;
}

/** Keeps every proxy's configuration in step with the objects of its mesh. */
export class Proxies {
    private readonly proxies = new Map<string, Proxy>();
    private readonly watched = new Map<Mesh, Map<string, Watched<KubernetesObject>>>();
    private timer?: NodeJS.Timeout;
    private readonly complained = new Set<string>();
    private readonly discovery: Discovery;

    constructor(
        kubeconfig: KubeConfig,
        readonly meshes: Mesh[],
        private readonly folder: string,
        private readonly services: () => V1Service[],
        private readonly warn: (text: string) => void,
    ) {
        this.discovery = new Discovery(warn);
        for (const mesh of meshes) {
            const kinds = Object.entries(mesh.kinds).map(
                ([name, kind]) => [name, new Watched(kubeconfig, kind, () => this.changed())] as const,
            );
            this.watched.set(mesh, new Map(kinds));
        }
    }

    /** The mesh whose proxy runs in one of the pod's containers. */
    meshOf(pod: V1Pod | undefined): Mesh | undefined {
        return this.meshes.find((mesh) => pod?.spec?.containers.some(({ name }) => name === mesh.container));
    }

    /** The folder with what the pod's proxy is started with, for this container if that is the proxy. */
    configure(pod: V1Pod, container: string): string | undefined {
        const mesh = this.meshOf(pod);
        if (mesh === undefined || mesh.container !== container) {
            return undefined;
        }
        const { uid } = pod.metadata!;
        const folder = path.join(this.folder, uid!);
        fs.mkdirSync(folder, { recursive: true });
        const source = network.proxyAddress(pod.status!.podIP!);
        fs.writeFileSync(
            path.join(folder, "bootstrap.json"),
            JSON.stringify(bootstrap(idOf(pod), source, mesh.ports.admin)),
        );
        const proxy: Proxy = { pod, mesh, folder, clusters: new Map() };
        this.proxies.set(uid!, proxy);
        this.tell(proxy);
        return folder;
    }

    forget(uid: string): void {
        const proxy = this.proxies.get(uid);
        this.proxies.delete(uid);
        if (proxy !== undefined) {
            this.discovery.forget(idOf(proxy.pod));
            fs.rmSync(proxy.folder, { recursive: true, force: true });
        }
    }

    entrances(): Entrance[] {
        return this.meshes.flatMap((mesh) => mesh.entrances(this.world(mesh)));
    }

    /** Tells the proxies, once whatever changes right now has changed. */
    changed(): void {
        this.timer ??= setTimeout(() => {
            this.timer = undefined;
            this.proxies.forEach((proxy) => this.tell(proxy));
            this.complain();
        }, 100);
    }

    stop(): void {
        clearTimeout(this.timer);
        this.discovery.stop();
        this.watched.forEach((kinds) => kinds.forEach((kind) => kind.stop()));
    }

    private world(mesh: Mesh): World {
        return { objects: (kind) => this.watched.get(mesh)?.get(kind)?.all() ?? [], services: this.services };
    }

    private tell(proxy: Proxy): void {
        const config = proxy.mesh.translate(this.world(proxy.mesh), proxy.pod);
        this.discovery.set(idOf(proxy.pod), { ...config, clusters: this.kept(proxy, config) });
    }

    /** The clusters of a configuration, and for a while those of the one before. */
    private kept({ clusters }: Proxy, config: ProxyConfig): Json[] {
        const now = Date.now();
        const wanted = new Map(config.clusters.map((cluster) => [String(cluster.name), cluster]));
        for (const [name, kept] of clusters) {
            if (!wanted.has(name) && kept.until === undefined) {
                kept.until = now + clusterLinger;
                setTimeout(() => this.changed(), clusterLinger).unref();
            }
            if (kept.until !== undefined && kept.until <= now) {
                clusters.delete(name);
            }
        }
        wanted.forEach((cluster, name) => clusters.set(name, { cluster }));
        return [...clusters.values()].map(({ cluster }) => cluster);
    }

    /** Says once of each object what of it is not translated. */
    private complain(): void {
        for (const mesh of this.meshes) {
            for (const { object, field } of mesh.untranslated(this.world(mesh))) {
                const { namespace, name } = object.metadata!;
                const text = `${object.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}: the lab's mesh does not translate spec.${field}`;
                if (!this.complained.has(text)) {
                    this.complained.add(text);
                    this.warn(text);
                }
            }
        }
    }
}

/** By what a proxy calls itself. The name alone can come again. */
function idOf({ metadata }: V1Pod): string {
    return `${metadata!.namespace}/${metadata!.name}/${metadata!.uid}`;
}
