import * as client from "@kubernetes/client-node";

import { linesOf } from "../evidence/lines";
import { checkText } from "../page/checks";
import { Rollout } from "../page/rollout";
import { wholeRollout } from "../page/source";
import { Looked, look } from "../operate/look";
import { PodTrouble, podTroubles } from "../operate/pods";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { none } from "./none";
import { Values } from "./options";
import { asJson } from "./status";

/** How many of Flagger's last sentences are shown. */
const lastWords = 10;

/** Says why a rollout failed or stands still, and answers with the exit code. */
export async function explain(values: Values, [key]: string[], { out, error }: Streams): Promise<number> {
    const cluster = { client, kubeconfig: load(values.kubeconfig, values.context) };
    const [namespace] = key!.split("/");
    const { looked, problems, others, sight, source } = await look(cluster, namespace, key);
    const one = looked[0];
    if (one === undefined) {
        error(none(key!, others));
        return 2;
    }
    const [rollout, pods] = await Promise.all([
        wholeRollout(source, sight, key!, Date.now()),
        podTroubles(cluster, one.workloads.target, one.workloads.primary),
    ]);
    problems.forEach((problem) => error(`${problem}\n`));
    out(values.output === "json" ? json(one, rollout!, pods) : text(one, rollout!, pods));
    return 0;
}

function json(looked: Looked, rollout: Rollout, pods: PodTrouble[]): string {
    const { cause, checks, unmeasured, valuesKeptIn, moments, kept } = rollout;
    return `${JSON.stringify(
        {
            ...asJson(looked),
            cause,
            checks: checks.map(({ samples, ...check }) => ({ ...check, last: samples.at(-1)?.value })),
            unmeasured,
            valuesKeptIn,
            pods,
            said: moments.slice(-lastWords),
            kept: kept && { configMap: kept.configMap, problem: kept.problem, rollouts: kept.records },
        },
        undefined,
        2,
    )}\n`;
}

function text({ revision, outcome }: Looked, rollout: Rollout, pods: PodTrouble[]): string {
    const { key, phase, cause, checks, unmeasured, valuesKeptIn, moments, images, kept, skip } = rollout;
    const notes = [unmeasured, valuesKeptIn && `These values were kept in ConfigMap ${valuesKeptIn}.`];
    const part = (title: string, lines: string[]) =>
        lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
    return `${[
        `${key}  revision ${revision ?? "none"}  ${outcome}`,
        `  releases ${images.target ?? "what is not known"}; the primary runs ${images.primary ?? "what is not known"}`,
        "",
        cause?.headline ?? phase.says,
        ...(cause?.evidence ?? []).map((one) => `  - ${one}`),
        ...(cause === undefined ? [] : [`Now: ${cause.left}`, `To do: ${cause.remedy}`]),
        ...(skip === undefined ? [] : [skip]),
        ...part("Checks", [...checks.map(checkText), ...notes.filter((note) => note !== undefined)]),
        ...part(
            "Pods",
            pods.map(({ pod, says }) => `${pod}: ${says}`),
        ),
        ...part(
            "What Flagger said last",
            moments
                .slice(-lastWords)
                .map(
                    ({ last, text: said, times }) =>
                        `${new Date(last).toISOString()}  ${said}${times > 1 ? ` (${times} times)` : ""}`,
                ),
        ),
        ...(kept === undefined
            ? []
            : part(`The last rollouts, as ConfigMap ${kept.configMap} has them`, linesOf(kept))),
    ].join("\n")}\n`;
}
