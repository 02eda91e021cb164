import { messageOf } from "../apiError";
import { fieldManager } from "../fieldManager";
import { targetOf } from "./canary";
import { Done, Refusal, inTime } from "./deed";
import { Cluster, Looked, look } from "./look";

/** A JSON patch. */
export type Change = { op: "test" | "add" | "replace"; path: string; value: unknown }[];

/** Changes the target that was looked at, and none that was changed since; then waits for Flagger to begin. */
export async function changeTarget(
    cluster: Cluster,
    looked: Looked,
    ended: Promise<unknown>,
    change: Change,
    begins = true,
): Promise<Done> {
    const { canary, workloads } = looked;
    const namespace = canary.metadata?.namespace ?? "";
    const version = workloads.target?.metadata?.resourceVersion ?? "";
    await patch(cluster, canary.spec?.targetRef?.kind, { name: targetOf(canary), namespace, fieldManager }, [
        // Whatever came between is refused.
        { op: "test", path: "/metadata/resourceVersion", value: version },
        ...change,
    ]);
    if (!begins) {
        return { done: true, says: "It is the target's version now." };
    }
    const begun = await inTime(looked, ended, async () => {
        const now = (await look(cluster, namespace, looked.rollout.key)).looked[0];
        return now?.rollout.phase.active === true ? now : undefined;
    });
    return begun === undefined
        ? { done: false, says: "It is changed, and Flagger has not begun yet. See `status`." }
        : {
              done: true,
              says: `Flagger has begun; the revision is ${begun.revision} now. \`status ${looked.rollout.key} --watch\` waits for its end.`,
          };
}

async function patch(
    { client, kubeconfig }: Cluster,
    kind: string | undefined,
    args: { name: string; namespace: string; fieldManager: string },
    body: Change,
): Promise<void> {
    const apps = kubeconfig.makeApiClient(client.AppsV1Api);
    const asPatch = client.setHeaderOptions("Content-Type", client.PatchStrategy.JsonPatch);
    try {
        await (kind === "DaemonSet"
            ? apps.patchNamespacedDaemonSet({ ...args, body }, asPatch)
            : apps.patchNamespacedDeployment({ ...args, body }, asPatch));
    } catch (error) {
        throw [409, 422].includes((error as { code?: number }).code ?? 0)
            ? new Refusal(
                  `${kind} ${args.namespace}/${args.name} was changed meanwhile: ${messageOf(error)}. Nothing is done.`,
              )
            : error;
    }
}
