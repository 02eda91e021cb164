import fs from "node:fs/promises";

import * as client from "@kubernetes/client-node";

import { keyOf } from "../operate/canary";
import { ClusterSource } from "../page/cluster";
import { report as rendered } from "../page/render/document";
import { wholeRollout } from "../page/source";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { none } from "./none";
import { Values } from "./options";

/** Writes the report on a Canary's last rollout, and answers with the exit code. */
export async function report(values: Values, [key]: string[], { out, error }: Streams): Promise<number> {
    const [namespace] = key!.split("/");
    const source = new ClusterSource(client, load(values.kubeconfig, values.context), namespace);
    const sight = await source.look();
    const now = Date.now();
    const rollout = await wholeRollout(source, sight, key!, now);
    if (rollout === undefined) {
        error(sight.problems.map((problem) => `${problem}\n`).join("") + none(key!, sight.canaries.map(keyOf).sort()));
        return 2;
    }
    const text = rendered(rollout, { cluster: source.cluster, problems: sight.problems, now });
    if (values.out === undefined) {
        out(text);
        return 0;
    }
    try {
        await fs.writeFile(values.out, text);
    } catch (failure) {
        error(`The report could not be written: ${(failure as Error).message}. Give another file by --out.\n`);
        return 2;
    }
    const state = rollout.phase.active ? "; the rollout is still under way, and the report says how far" : "";
    out(`${values.out}: ${key}, ${rollout.phase.word.toLowerCase()}${state}\n`);
    return 0;
}
