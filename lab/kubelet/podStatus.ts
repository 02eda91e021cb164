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

/** Whether a program that has ended with this code stays ended, by the pod's restart policy. */
export function staysEnded(pod: V1Pod, exitCode: number): boolean {
    const policy = pod.spec?.restartPolicy ?? "Always";
    return policy === "Never" || (policy === "OnFailure" && exitCode === 0);
}

/**
 * What has to change in the status of a pod whose containers have all ended for good; `undefined` while one has not.
 * `exitCodes` has an entry for each container with a program, which is a number once it has ended. A container without a
 * program ends at once and well, where the pod is to end at all.
 */
export function endPatch(
    pod: V1Pod,
    exitCodes: ReadonlyMap<string, number | undefined>,
    now: Date,
): object | undefined {
    const statuses = pod.status?.containerStatuses ?? [];
    const exitCode = (name: string) => (exitCodes.has(name) ? exitCodes.get(name) : 0);
    const codes = statuses.map(({ name }) => exitCode(name));
    if (codes.length === 0 || !codes.every((code) => code !== undefined && staysEnded(pod, code))) {
        return undefined;
    }
    const time = now.toISOString();
    const over = { status: "False", lastTransitionTime: time, reason: "PodCompleted" };
    return {
        status: {
            phase: codes.every((code) => code === 0) ? "Succeeded" : "Failed",
            conditions: ["Ready", "ContainersReady"].map((type) => ({ type, ...over })),
            containerStatuses: statuses.map((status) => {
                const code = exitCode(status.name);
                const reason = code === 0 ? "Completed" : "Error";
                const startedAt = status.state?.running?.startedAt ?? time;
                const state = { terminated: { exitCode: code, reason, startedAt, finishedAt: time } };
                return { ...status, ready: false, started: false, state };
            }),
        },
    };
}

function condition(pod: V1Pod, type: string): string | undefined {
    return pod.status?.conditions?.find((c) => c.type === type)?.status;
}
