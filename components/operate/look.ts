import type { CoreV1Event, KubeConfig } from "@kubernetes/client-node";

import { absentGates } from "./absentGates";
import { CanaryObject, keyOf, targetOf } from "./canary";
import { ClusterSource } from "../page/cluster";
import { Rollout, rolloutOf } from "../page/rollout";
import type { Sight } from "../page/source";
import { Outcome, outcomeOf } from "./outcome";
import { Workload, imagesOf, revisionOf } from "./revision";
import { Workloads } from "./pendingVersion";
import { Surroundings } from "./wedge";

export type Client = typeof import("@kubernetes/client-node");

/** A cluster, and the client to ask it by. */
export interface Cluster {
    client: Client;
    kubeconfig: KubeConfig;
}

/** A Canary with all that its commands go by. */
export interface Looked {
    canary: CanaryObject;
    events: readonly CoreV1Event[];
    rollout: Rollout;
    workloads: Workloads;
    revision?: string;
    outcome: Outcome;
}

/** What there was to see. */
export interface Look {
    looked: Looked[];
    problems: string[];
    /** The keys of all Canaries. */
    others: string[];
    /** Of all Canaries, and where more of one is asked for. */
    sight: Sight;
    source: ClusterSource;
}

/** Looks at the Canaries of a namespace, or of all; with a key at that one alone. Newest answers only. */
export async function look(cluster: Cluster, namespace: string | undefined, key?: string): Promise<Look> {
    const source = new ClusterSource(cluster.client, cluster.kubeconfig, namespace);
    const [sight, workloads] = await Promise.all([source.look(), everyWorkload(cluster, namespace)]);
    const now = Date.now();
    const wanted = sight.canaries.filter((canary) => key === undefined || keyOf(canary) === key);
    const looked = await Promise.all(
        wanted.map(async (canary) => {
            const events = sight.events.get(keyOf(canary)) ?? [];
            return whole(cluster, canary, events, workloads, sight.canaries, now);
        }),
    );
    return { looked, problems: sight.problems, others: sight.canaries.map(keyOf).sort(), sight, source };
}

async function whole(
    cluster: Cluster,
    canary: CanaryObject,
    events: readonly CoreV1Event[],
    all: ReadonlyMap<string, Workload>,
    neighbours: readonly CanaryObject[],
    now: number,
): Promise<Looked> {
    const at = (name: string) => all.get(`${canary.spec?.targetRef?.kind}/${canary.metadata?.namespace}/${name}`);
    const workloads = { target: at(targetOf(canary)), primary: at(`${targetOf(canary)}-primary`) };
    const { phase } = rolloutOf(canary, { events, now });
    const known = ["Deployment", "DaemonSet"].includes(canary.spec?.targetRef?.kind ?? "");
    const around: Surroundings = {
        ...(known && { workloads }),
        neighbours,
        absentGates: await absentGates(cluster, canary, phase),
    };
    const rollout = rolloutOf(canary, { events, images: imagesOf(workloads), now, around });
    return {
        canary,
        events,
        rollout,
        workloads,
        revision: revisionOf(canary, workloads.target),
        outcome: outcomeOf(canary, phase, known ? workloads : undefined, rollout.wedge),
    };
}

async function everyWorkload(
    { client, kubeconfig }: Cluster,
    namespace: string | undefined,
): Promise<Map<string, Workload>> {
    const apps = kubeconfig.makeApiClient(client.AppsV1Api);
    const [deployments, daemonSets] = await Promise.all(
        namespace === undefined
            ? [apps.listDeploymentForAllNamespaces(), apps.listDaemonSetForAllNamespaces()]
            : [apps.listNamespacedDeployment({ namespace }), apps.listNamespacedDaemonSet({ namespace })],
    );
    const named = (kind: string, items: Workload[]) =>
        items.map((one): [string, Workload] => [`${kind}/${keyOf(one)}`, one]);
    return new Map([...named("Deployment", deployments.items), ...named("DaemonSet", daemonSets.items)]);
}
