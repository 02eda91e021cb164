import type { V1ReplicaSet } from "@kubernetes/client-node";

import { imageText, templateIn, versionsOf } from "../delivery/fastRollback/promotedVersions";
import { isCopy } from "../delivery/promotion/podTemplate";
import { keyOf } from "./canary";
import { Command, Refusal } from "./deed";
import { Cluster, Looked } from "./look";
import { Workload, templateOf } from "./revision";
import { changeTarget } from "./target";

/**
 * Gives the target the version back that was promoted before. Which those are, the primary's ReplicaSets say: only what was promoted is
 * there, while the target's hold what failed too.
 */
export const rollback: Command = async (cluster, looked) => {
    const { canary, rollout, workloads } = looked;
    const key = keyOf(canary);
    if (canary.spec?.targetRef?.kind !== "Deployment") {
        throw new Refusal(
            `${key} releases no Deployment: of others Kubernetes keeps no versions that can be told apart.`,
        );
    }
    if (rollout.phase.active) {
        throw new Refusal(
            `${key} is under way, and to go back now would not abort it: Flagger would go on, with the version that is promoted already. Use \`abort\`.`,
        );
    }
    const [targets, primaries] = await Promise.all([
        replicaSets(cluster, looked, workloads.target),
        replicaSets(cluster, looked, workloads.primary),
    ]);
    const now = templateOf(workloads.target);
    const promoted = primaries.map(templateIn).find((primary) => !isCopy(now, primary));
    const template = targets.map(templateIn).find((target) => promoted !== undefined && isCopy(target, promoted));
    if (template === undefined) {
        throw new Refusal(
            `Kubernetes does not hold a version of ${key} any more that was promoted before: release it where it came from.`,
        );
    }
    const toPrimary = isCopy(template, templateOf(workloads.primary));
    return {
        says: [
            `Gives the target of ${key} the version that was promoted before: ${imageText(template)} instead of ${rollout.images.target ?? "its own"}.`,
            toPrimary
                ? "The primary runs it already, so Flagger releases nothing."
                : "Flagger releases it like any other: by all its checks and gates.",
            "ConfigMaps and Secrets stay as they are. What made the target, Pulumi or Flux, still says the other version, and Pulumi " +
                "will not take these fields back without being told to (see docs/operating.md): change it there too.",
        ],
        run: (ended) =>
            changeTarget(
                cluster,
                looked,
                ended,
                [{ op: "replace", path: "/spec/template", value: template }],
                !toPrimary,
            ),
    };
};

/** The ReplicaSets of a Deployment, the newest version first. */
async function replicaSets(
    { client, kubeconfig }: Cluster,
    { canary }: Looked,
    of: Workload | undefined,
): Promise<V1ReplicaSet[]> {
    const namespace = canary.metadata?.namespace ?? "";
    const { items } = await kubeconfig.makeApiClient(client.AppsV1Api).listNamespacedReplicaSet({ namespace });
    return versionsOf(of?.metadata?.uid, items);
}
