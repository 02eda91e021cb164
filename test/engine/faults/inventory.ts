import { AppsV1Api, CustomObjectsApi, KubernetesObject } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { leftovers } from "../../../lab/leftovers";

/** What Kubernetes makes by itself of other objects, under names that it draws. */
const drawn = /^(pods|replicasets|endpointslices|endpoints|controllerrevisions) /;

/**
 * What somebody made, in one namespace or in all of the cluster: the same for the same program, whatever befell it. Of a Helm
 * release there is one secret for each revision; here they are one.
 */
export async function inventory(lab: Lab, namespace?: string): Promise<string[]> {
    const found = (await leftovers(lab))
        .filter((object) => !drawn.test(object))
        .filter((object) => namespace === undefined || object.split(/[ /]/)[1] === namespace)
        .map((object) => object.replace(/(sh\.helm\.release\.v1\..*)\.v\d+$/, "$1"));
    return [...new Set(found)].sort();
}

/** What a Canary and its primary have lived through. */
export interface History {
    canary?: string;
    primary?: string;
    promoted?: string;
    image?: string;
}

interface CanaryObject extends KubernetesObject {
    status?: { lastPromotedSpec?: string };
}

/** The objects themselves, by what no two of them share, the revision that Flagger promoted last, and what users get. */
export async function historyOf(lab: Lab, namespace: string, name: string): Promise<History> {
    const { kubeconfig } = lab.controlPlane;
    const kind = { group: "flagger.app", version: "v1beta1", plural: "canaries" };
    const answer: unknown = await kubeconfig
        .makeApiClient(CustomObjectsApi)
        .getNamespacedCustomObject({ ...kind, namespace, name });
    const canary = answer as CanaryObject;
    const primary = await kubeconfig
        .makeApiClient(AppsV1Api)
        .readNamespacedDeployment({ namespace, name: `${name}-primary` });
    return {
        canary: canary.metadata?.uid,
        primary: primary.metadata?.uid,
        promoted: canary.status?.lastPromotedSpec,
        image: primary.spec?.template.spec?.containers[0]?.image,
    };
}
