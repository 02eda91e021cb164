import { KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";

import { run } from "../../components/cli/command";
import { EveryObject, everyObject } from "../../components/destroy/everyObject";
import { Lab } from "../../lab/lab";
import { pause } from "../../lab/poll";

/** What `npx pulumi-progressive-mesh stuck` says of the lab's cluster, and how it ends. */
export async function stuck(lab: Lab): Promise<{ code: number; text: string }> {
    let text = "";
    const add = (more: string) => {
        text += more;
    };
    const code = await run(["stuck", "--kubeconfig", lab.controlPlane.kubeconfigFile], { out: add, error: add });
    return { code, text };
}

/** Takes finalizers off what is being deleted, as the commands do that `stuck` prints; answers with how many objects had one. */
export async function letGo(lab: Lab, finalizer: RegExp): Promise<number> {
    const { objects }: EveryObject = await everyObject(lab.controlPlane.kubeconfig);
    const held = objects.filter(
        ({ metadata: { deletionTimestamp, finalizers = [] } }) =>
            deletionTimestamp !== undefined && finalizers.some((name) => finalizer.test(name)),
    );
    await Promise.all(
        held.map(async ({ apiVersion, kind, metadata: { name, namespace, finalizers = [] } }) => {
            const rest = finalizers.filter((one) => !finalizer.test(one));
            await patch(lab, { apiVersion, kind, metadata: { name, namespace, finalizers: rest } }).catch(notIfGone);
        }),
    );
    return held.length;
}

/** Goes on letting go until something else has ended: what is let go makes others go, and those are held too. */
export async function lettingGo<T>(lab: Lab, finalizer: RegExp, other: Promise<T>): Promise<T> {
    let ended = false;
    const watched = other.finally(() => {
        ended = true;
    });
    while (!ended) {
        await letGo(lab, finalizer);
        await Promise.race([watched, pause(2)]);
    }
    return watched;
}

/** Changes an object's metadata by a merge patch. */
export async function patch(lab: Lab, object: KubernetesObject): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig);
    await api.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

function notIfGone(error: unknown): void {
    if ((error as { code?: number }).code !== 404) {
        throw error as Error;
    }
}
