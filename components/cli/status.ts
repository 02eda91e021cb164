import * as client from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { skippedSince } from "../delivery/fastRollback/analysisSkip";
import { duration } from "../units";
import { Cluster, Looked, look } from "../operate/look";
import { seconds } from "../validation";
import { Streams } from "./command";
import { exitCodes, timedOut, worst } from "./exitCodes";
import { load } from "./kubeconfig";
import { none } from "./none";
import { Values } from "./options";

/** How long it may fail to look before it gives up. */
const unreachable = 60_000;

/** Says where the Canaries stand, or one; with `--watch` until it stands. Answers with the exit code. */
export async function status(
    values: Values,
    [key]: string[],
    streams: Streams,
    ended: Promise<unknown>,
): Promise<number> {
    const cluster = { client, kubeconfig: load(values.kubeconfig, values.context) };
    if (values.watch === true) {
        return watched(cluster, values, key!, streams, ended);
    }
    const namespace = key?.split("/")[0] ?? values.namespace;
    const { looked, problems, others } = await look(cluster, namespace, key);
    if (key !== undefined && looked.length === 0) {
        streams.error(none(key, others));
        return 2;
    }
    problems.forEach((problem) => streams.error(`${problem}\n`));
    if (values.output === "json") {
        const all = looked.map(asJson);
        streams.out(`${JSON.stringify(key === undefined ? all : all[0], undefined, 2)}\n`);
    } else {
        streams.out(looked.length === 0 ? "There is no Canary.\n" : looked.map(asText).join(""));
    }
    return exitCodes[worst(looked.map(({ outcome }) => outcome))];
}

async function watched(
    cluster: Cluster,
    values: Values,
    key: string,
    { out, error }: Streams,
    ended: Promise<unknown>,
): Promise<number> {
    let stopped = false;
    void ended.then(() => (stopped = true));
    const patience = seconds(values.timeout ?? "30m");
    const end = performance.now() + patience * 1000;
    let answered = performance.now();
    let { revision } = values;
    let said = "";
    while (true) {
        let now: Looked | undefined;
        try {
            const { looked, others } = await look(cluster, key.split("/")[0], key);
            answered = performance.now();
            now = looked[0];
            if (now === undefined) {
                error(none(key, others));
                return 2;
            }
        } catch (failure) {
            // At the first look it is no outage but a wrong kubeconfig, or no right.
            if (said === "" || performance.now() - answered > unreachable) {
                throw failure;
            }
            error(`The cluster does not answer (${messageOf(failure)}); trying again.\n`);
        }
        if (now !== undefined) {
            revision ??= now.revision;
            if (now.revision !== revision) {
                error(
                    `${key} is at revision ${now.revision ?? "none"}, and not at ${revision}: somebody releases another.\n`,
                );
                return 2;
            }
            const text = values.output === "json" ? `${JSON.stringify(asJson(now))}\n` : asText(now);
            if (text !== said) {
                out(text);
                said = text;
            }
            if (now.outcome !== "running") {
                return exitCodes[now.outcome];
            }
        }
        if (stopped || performance.now() > end) {
            error(
                stopped
                    ? "Stopped; the rollout goes on.\n"
                    : `It is not at its end after ${duration(patience)}; the rollout goes on. \`explain ${key}\` says what it waits for.\n`,
            );
            return timedOut;
        }
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
    }
}

/** A Canary in a form for programs. */
export function asJson({ canary, outcome, revision, rollout }: Looked): object {
    const { key, phase, weight, failedChecks, threshold, images, wedge } = rollout;
    return {
        canary: key,
        outcome,
        revision,
        phase: phase.flagger,
        ...(phase.standing !== undefined && { standing: phase.standing }),
        weight,
        failedChecks,
        threshold,
        image: images.target,
        primaryImage: images.primary,
        says: wedge?.headline ?? phase.says,
        ...(wedge !== undefined && { wedge }),
        ...(skippedSince(canary) !== undefined && { analysisSkippedSince: skippedSince(canary) }),
    };
}

function asText({ outcome, revision, rollout }: Looked): string {
    const { key, phase, weight, failedChecks, threshold, images, skip, wedge } = rollout;
    const numbers = phase.active ? `, ${weight} %, ${failedChecks} of ${threshold} failed checks` : "";
    const lines = [
        `${key}  revision ${revision ?? "none"}  ${outcome}  ${images.target ?? ""}`.trimEnd(),
        `  ${phase.word}${numbers}: ${wedge?.headline ?? phase.says}`,
        ...(wedge === undefined
            ? []
            : [...wedge.evidence.map((one) => `  - ${one}`), `  ${wedge.left}`, `  To do: ${wedge.remedy}`]),
        ...(skip === undefined ? [] : [`  ${skip}`]),
    ];
    return `${lines.join("\n")}\n`;
}
