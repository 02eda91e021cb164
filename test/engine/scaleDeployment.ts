import { AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";

/** Gives a Deployment so many pods, as `kubectl scale` does. */
export async function scaleDeployment(lab: Lab, namespace: string, name: string, replicas: number): Promise<void> {
    await lab.controlPlane.kubeconfig
        .makeApiClient(AppsV1Api)
        .patchNamespacedDeployment(
            { name, namespace, body: { spec: { replicas } } },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
}
