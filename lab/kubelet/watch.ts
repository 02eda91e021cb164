import { CoreV1Api, CustomObjectsApi, KubeConfig, KubernetesObject, Watch } from "@kubernetes/client-node";

import { pause } from "../poll";

/** A kind of object, as the API server serves it. */
export interface Kind {
    /** Empty for the core group. */
    group: string;
    version: string;
    plural: string;
}

/** What happened to an object. */
export type Change = "set" | "gone";

/**
 * Keeps up with every object of a kind: calls back for each that is there, each that changes and each that goes. A kind that
 * is not served yet is waited for.
 */
export class Watched<T extends KubernetesObject> {
    private readonly objects = new Map<string, T>();
    private stopped = false;
    private abort?: AbortController;

    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly kind: Kind,
        private readonly changed: (change: Change, object: T) => void = () => undefined,
    ) {
        void this.run();
    }

    all(): T[] {
        return [...this.objects.values()];
    }

    get(namespace: string | undefined, name: string): T | undefined {
        return this.objects.get(`${namespace ?? ""}/${name}`);
    }

    stop(): void {
        this.stopped = true;
        this.abort?.abort();
    }

    private get path(): string {
        const { group, version, plural } = this.kind;
        return group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
    }

    private async run(): Promise<void> {
        while (!this.stopped) {
            // A list and then a watch from there; when the watch ends, for whatever reason, the same again.
            const version = await this.list().catch(() => undefined);
            if (version !== undefined && !this.stopped) {
                await this.follow(version);
            }
            await pause(0.5);
        }
    }

    private async list(): Promise<string> {
        const { group, version, plural } = this.kind;
        const list: unknown =
            group === ""
                ? await listCore(this.kubeconfig, plural)
                : await this.kubeconfig
                      .makeApiClient(CustomObjectsApi)
                      .listClusterCustomObject({ group, version, plural });
        const { items, metadata } = list as { items: T[]; metadata: { resourceVersion: string } };
        const seen = new Set<string>();
        for (const item of items) {
            seen.add(this.set(item));
        }
        for (const [key, object] of this.objects) {
            if (!seen.has(key)) {
                this.objects.delete(key);
                this.changed("gone", object);
            }
        }
        return metadata.resourceVersion;
    }

    private async follow(resourceVersion: string): Promise<void> {
        await new Promise<void>((resolve) => {
            new Watch(this.kubeconfig)
                .watch(
                    this.path,
                    { resourceVersion, allowWatchBookmarks: true },
                    (event, object: T) => {
                        if (event === "ADDED" || event === "MODIFIED") {
                            this.set(object);
                        } else if (event === "DELETED") {
                            this.objects.delete(keyOf(object));
                            this.changed("gone", object);
                        }
                    },
                    () => resolve(),
                )
                .then(
                    (abort) => {
                        this.abort = abort;
                    },
                    () => resolve(),
                );
        });
    }

    private set(object: T): string {
        const key = keyOf(object);
        this.objects.set(key, object);
        this.changed("set", object);
        return key;
    }
}

function keyOf(object: KubernetesObject): string {
    return `${object.metadata?.namespace ?? ""}/${object.metadata?.name}`;
}

async function listCore(kubeconfig: KubeConfig, plural: string): Promise<unknown> {
    const api = kubeconfig.makeApiClient(CoreV1Api);
    switch (plural) {
        case "pods":
            return api.listPodForAllNamespaces();
        case "services":
            return api.listServiceForAllNamespaces();
        case "namespaces":
            return api.listNamespace();
        case "events":
            return api.listEventForAllNamespaces();
        default:
            throw new Error(`no list for ${plural}`);
    }
}
