import { V1Pod } from "@kubernetes/client-node";

/** The name of the workload that made a pod: of its Deployment, if its ReplicaSet is one of a Deployment's. */
export function workloadOf({ metadata }: V1Pod): string {
    const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
    const hash = metadata?.labels?.["pod-template-hash"];
    const name = owner?.name ?? metadata?.name ?? "";
    return owner?.kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`)
        ? name.slice(0, -hash.length - 1)
        : name;
}
