import type { V1DaemonSet, V1Deployment } from "@kubernetes/client-node";

/** What is read of a Deployment or a DaemonSet to see how far it is. */
interface Progress {
    metadata?: { generation?: number };
    spec?: { replicas?: number; template?: unknown };
    status?: {
        observedGeneration?: number;
        replicas?: number;
        updatedReplicas?: number;
        availableReplicas?: number;
        desiredNumberScheduled?: number;
        updatedNumberScheduled?: number;
        numberAvailable?: number;
    };
}

/** Whether all pods run the newest template and are available, as `kubectl rollout status` sees it. */
export function rolledOut({ metadata, spec, status = {} }: Progress, percent = 100): boolean {
    if ((status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) {
        return false;
    }
    const { desiredNumberScheduled: nodes, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    if (nodes !== undefined) {
        return updatedNumberScheduled >= nodes && numberAvailable >= Math.floor((nodes * percent) / 100);
    }
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
    const wanted = spec?.replicas ?? 1;
    return (
        updatedReplicas >= wanted &&
        replicas <= updatedReplicas &&
        availableReplicas >= Math.floor((updatedReplicas * percent) / 100)
    );
}

/** Why the workload will not come up any more, as Kubernetes says it; undefined while it may. */
export function stuck(workload: V1Deployment | V1DaemonSet): string | undefined {
    const conditions = workload.status?.conditions ?? [];
    return conditions.find((c) => c.reason === "ProgressDeadlineExceeded")?.message;
}
