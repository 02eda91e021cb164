import type { V1Pod } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { Cluster } from "./look";
import { Workload } from "./revision";

/** Why a pod does not serve. */
export interface PodTrouble {
    pod: string;
    says: string;
}

/** What keeps the pods of these workloads from serving. */
export async function podTroubles(
    { client, kubeconfig }: Cluster,
    ...workloads: (Workload | undefined)[]
): Promise<PodTrouble[]> {
    const core = kubeconfig.makeApiClient(client.CoreV1Api);
    const lists = workloads.map(async (workload) => {
        const labels = workload?.spec?.selector.matchLabels;
        if (labels === undefined) {
            return [];
        }
        const labelSelector = Object.entries(labels)
            .map(([name, value]) => `${name}=${value}`)
            .join(",");
        try {
            const { items } = await core.listNamespacedPod({
                namespace: workload!.metadata!.namespace!,
                labelSelector,
            });
            return items.flatMap(troubleOf);
        } catch (error) {
            return [{ pod: workload!.metadata!.name!, says: `its pods could not be looked at: ${messageOf(error)}` }];
        }
    });
    return (await Promise.all(lists)).flat();
}

/** The first thing that keeps a pod from serving. */
function troubleOf({ metadata, status }: V1Pod): PodTrouble[] {
    const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = status ?? {};
    if (conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True")) {
        return [];
    }
    const container = [...initContainerStatuses, ...containerStatuses].find(
        ({ state }) => state?.waiting?.reason !== undefined && state.waiting.reason !== "PodInitializing",
    );
    const waiting = container?.state?.waiting;
    const unscheduled = conditions.find(({ type, status: holds }) => type === "PodScheduled" && holds === "False");
    const says =
        waiting !== undefined
            ? `${container!.name}: ${waiting.reason}${waiting.message === undefined ? "" : `, ${waiting.message}`}`
            : (unscheduled?.message ?? "it is not ready");
    return [{ pod: metadata?.name ?? "", says }];
}
