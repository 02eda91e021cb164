import type { KubeConfig, V1Deployment, V1ReplicaSet } from "@kubernetes/client-node";

import { orMissing } from "../../apiError";
import { getJson } from "../../apiGet";
import { templateOf } from "../../operate/revision";
import { PodTemplate, released } from "../promotion/podTemplate";
import { ConfigsArgs, changedConfig } from "./configs";
import { Decision, analysed, decide } from "./decision";
import { FastRollbackBounds } from "./fastRollbackArgs";
import { imageText, promotedVersions } from "./promotedVersions";

/** Which application, and how far back. */
export interface LookBackArgs extends ConfigsArgs {
    bounds: FastRollbackBounds;
}

/**
 * Decides whether what the application releases is a version to go back to without an analysis, by what the cluster holds now.
 *
 * @param proposed What the target will be; left out, what it is.
 */
export async function lookBack(kubeconfig: KubeConfig, args: LookBackArgs, proposed?: PodTemplate): Promise<Decision> {
    const { namespace, name, bounds } = args;
    // As they are: the client's types would leave out what is newer than they are, and what the program proposes has it.
    const read = <T>(path: string) => getJson<T>(kubeconfig, `apis/apps/v1/namespaces/${namespace}/${path}`);
    const [target, primary] = await Promise.all([
        proposed ?? orMissing(read<V1Deployment>(`deployments/${name}`)).then(templateOf),
        orMissing(read<V1Deployment>(`deployments/${name}-primary`)),
    ]);
    const running = templateOf(primary);
    if (target === undefined || running === undefined) {
        return { way: "none" };
    }
    const { items } = await read<{ items: V1ReplicaSet[] }>("replicasets");
    const promoted = promotedVersions(primary?.metadata?.uid, items);
    const decision = decide({ target: released(target)!, primary: running, promoted, now: Date.now() }, bounds);
    if (decision.way !== "fast") {
        return decision;
    }
    const { to } = decision;
    const changed = await changedConfig(kubeconfig, args, target, {
        promotedAt: to.promotedAt,
        written: proposed === undefined,
    });
    return changed === undefined ? decision : analysed(imageText(to.template), changed);
}
