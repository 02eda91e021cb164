import type { CoreV1Event, KubeConfig } from "@kubernetes/client-node";

import { messageOf, orMissing } from "../apiError";
import { oldestFirst } from "../delivery/promotion/canaryFeed";
import { EvidenceConfigMap, Kept } from "../evidence/configMap";
import { absentGates } from "../operate/absentGates";
import { CanaryObject, keyOf, targetOf } from "../operate/canary";
import { Phase } from "../operate/phases";
import { Workload, imagesOf } from "../operate/revision";
import { Surroundings } from "../operate/wedge";
import { MetricsServer } from "./metricsServer";
import { Images, Measured } from "./rollout";
import { Sight, Source } from "./source";

type Client = typeof import("@kubernetes/client-node");

/** For so long an answer is as good as a new one: however many look at the page, the cluster is asked no more often. */
const fresh = 2_000;

const canaryKind = { group: "flagger.app", version: "v1beta1", plural: "canaries" };

const notInstalled = "This cluster knows no Canaries: Flagger is not installed in it, or not yet.";

/** A cluster, as a kubeconfig leads to it. It is asked when somebody looks at the page, and not otherwise; for no Secret ever. */
export class ClusterSource implements Source {
    readonly cluster: string;
    private readonly metrics: MetricsServer;
    private last?: { at: number; sight: Promise<Sight> };

    constructor(
        readonly client: Client,
        readonly kubeconfig: KubeConfig,
        private readonly namespace: string | undefined,
    ) {
        const { name } = kubeconfig.getCurrentCluster()!;
        this.cluster = namespace === undefined ? name : `${name}, namespace ${namespace}`;
        this.metrics = new MetricsServer(client, kubeconfig);
    }

    look(): Promise<Sight> {
        const now = performance.now();
        if (this.last === undefined || now - this.last.at > fresh) {
            const sight = this.ask();
            this.last = { at: now, sight };
            // One that failed is no answer to keep.
            sight.catch(() => (this.last = undefined));
        }
        return this.last.sight;
    }

    async around(canary: CanaryObject, phase: Phase): Promise<{ images: Images; around: Surroundings }> {
        const name = targetOf(canary);
        const [target, primary, absent] = await Promise.all([
            this.workload(canary, name),
            this.workload(canary, `${name}-primary`),
            absentGates(this, canary, phase),
        ]);
        const workloads = { target: target?.found, primary: primary?.found };
        return {
            images: imagesOf(workloads),
            around: {
                ...(target !== undefined && primary !== undefined && { workloads }),
                absentGates: absent,
            },
        };
    }

    measured(canary: CanaryObject, from: number, to: number): Promise<Measured> {
        return this.metrics.measured(canary, from, to);
    }

    async kept(canary: CanaryObject): Promise<Kept | undefined> {
        return EvidenceConfigMap.of(this.client, this.kubeconfig, canary)?.kept(canary);
    }

    private async ask(): Promise<Sight> {
        const custom = this.kubeconfig.makeApiClient(this.client.CustomObjectsApi);
        const { namespace } = this;
        const list: Promise<unknown> =
            namespace === undefined
                ? custom.listClusterCustomObject(canaryKind)
                : custom.listNamespacedCustomObject({ ...canaryKind, namespace });
        const known = list.catch((error: { code?: unknown }) => {
            if (error.code === 404) {
                return undefined;
            }
            throw error;
        });
        const [canaries, { events, problems }] = await Promise.all([known, this.events()]);
        return canaries === undefined
            ? { canaries: [], events, problems: [notInstalled, ...problems] }
            : { canaries: (canaries as { items: CanaryObject[] }).items, events, problems };
    }

    /** Without the events the page still shows where every Canary stands. */
    private async events(): Promise<Omit<Sight, "canaries">> {
        const core = this.kubeconfig.makeApiClient(this.client.CoreV1Api);
        // What the API server has in memory is new enough, and spares its storage.
        const which = { fieldSelector: "involvedObject.kind=Canary", resourceVersion: "0" };
        try {
            const { items } =
                this.namespace === undefined
                    ? await core.listEventForAllNamespaces(which)
                    : await core.listNamespacedEvent({ ...which, namespace: this.namespace });
            return { events: byCanary(items), problems: [] };
        } catch (error) {
            const problem = `What Flagger said cannot be shown, so no cause either: ${messageOf(error)}. docs/watch.md has the role that is needed.`;
            return { events: new Map(), problems: [problem] };
        }
    }

    /** A workload, or that there is none of this name; undefined where that cannot be said. */
    private async workload(canary: CanaryObject, name: string): Promise<{ found?: Workload } | undefined> {
        const apps = this.kubeconfig.makeApiClient(this.client.AppsV1Api);
        const where = { name, namespace: canary.metadata?.namespace ?? "" };
        const kind = canary.spec?.targetRef?.kind;
        if (kind !== "Deployment" && kind !== "DaemonSet") {
            return undefined;
        }
        const read: Promise<Workload> =
            kind === "DaemonSet" ? apps.readNamespacedDaemonSet(where) : apps.readNamespacedDeployment(where);
        return orMissing(read).then(
            (found) => ({ found }),
            () => undefined,
        );
    }
}

function byCanary(items: CoreV1Event[]): Map<string, CoreV1Event[]> {
    const found = new Map<string, CoreV1Event[]>();
    for (const event of oldestFirst(items)) {
        const key = keyOf({ metadata: event.involvedObject });
        found.set(key, [...(found.get(key) ?? []), event]);
    }
    return found;
}
