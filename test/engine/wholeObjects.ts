import { KubeConfig, KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";

import { everyObject } from "../../components/destroy/everyObject";

/** An object of the cluster with all that is in it, and what its kind is called in addresses. */
export interface WholeObject {
    plural: string;
    object: KubernetesObject;
}

/** Every object of the cluster that can be listed, whole. */
export async function wholeObjects(kubeconfig: KubeConfig): Promise<WholeObject[]> {
    const { objects } = await everyObject(kubeconfig);
    const api = KubernetesObjectApi.makeApiClient(kubeconfig);
    const kinds = new Map(objects.map((found) => [`${found.apiVersion} ${found.kind}`, found]));
    const lists = await Promise.all(
        [...kinds.values()].map(async ({ apiVersion, kind, plural }) =>
            (await api.list(apiVersion, kind)).items.map((object) => ({ plural, object })),
        ),
    );
    return lists.flat();
}
