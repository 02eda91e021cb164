import { V1Pod } from "@kubernetes/client-node";

/** Whether Kubernetes takes the pod for ready. */
export function isReady(pod: V1Pod): boolean {
    return condition(pod, "Ready") === "True";
}

/**
 * What has to change in the status of a pod so that it says which of its containers are ready; `undefined` where it does
 * already. A container of which nothing is known is taken for ready.
 */
export function readinessPatch(pod: V1Pod, ready: ReadonlyMap<string, boolean>, now: Date): object | undefined {
    const statuses = pod.status?.containerStatuses ?? [];
    const isContainerReady = (name: string) => ready.get(name) ?? true;
    const all = statuses.every(({ name }) => isContainerReady(name)) ? "True" : "False";
    const wrong = ["Ready", "ContainersReady"].filter((type) => condition(pod, type) !== all);
    if (wrong.length === 0 && statuses.every((status) => status.ready === isContainerReady(status.name))) {
        return undefined;
    }
    const reason = all === "False" && { reason: "ContainersNotReady" };
    return {
        status: {
            // By type, so that the other conditions stay.
            conditions: wrong.map((type) => ({
                type,
                status: all,
                lastTransitionTime: now.toISOString(),
                reason: null,
                ...reason,
            })),
            containerStatuses: statuses.map((status) => ({ ...status, ready: isContainerReady(status.name) })),
        },
    };
}

function condition(pod: V1Pod, type: string): string | undefined {
    return pod.status?.conditions?.find((c) => c.type === type)?.status;
}
