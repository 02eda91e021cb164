import * as client from "@kubernetes/client-node";

import { keyOf } from "../operate/canary";
import { ClusterSource } from "../page/cluster";
import { planOf } from "../page/plan";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { none } from "./none";
import { Values } from "./options";

/** Says how the next rollout of a Canary will go, and answers with the exit code. */
export async function plan(values: Values, [key]: string[], { out, error }: Streams): Promise<number> {
    const [namespace] = key!.split("/");
    const { canaries } = await new ClusterSource(client, load(values.kubeconfig, values.context), namespace).look();
    const canary = canaries.find((one) => keyOf(one) === key);
    if (canary === undefined) {
        error(none(key!, canaries.map(keyOf).sort()));
        return 2;
    }
    const planned = planOf(canary);
    if (values.output === "json") {
        out(`${JSON.stringify({ canary: key, ...planned }, undefined, 2)}\n`);
    } else {
        const { plan: found, problems } = planned;
        out(
            `${[found?.summary ?? "Flagger would never finish it.", ...problems, ...(found?.warnings ?? [])].join("\n")}\n`,
        );
    }
    return planned.problems.length === 0 ? 0 : 1;
}
