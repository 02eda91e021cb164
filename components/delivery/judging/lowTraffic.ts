import * as pulumi from "@pulumi/pulumi";

import { checkObject } from "../../shape";
import { Problems, checkDuration, isDuration } from "../../validation";
import { all } from "./promQl";

/** What becomes of a rollout whose canary gets too few requests for `minimumSamples`. Until they are there it waits. */
export interface LowTrafficArgs {
    /**
     * How long it waits at one weight; without weights, for the promotion: seconds or minutes.
     * @default - without end
     */
    limit?: string;
    /**
     * What is done after that: `fail` counts each further check as failed, `pass` goes on without having seen enough.
     * @default "fail"
     */
    then?: string;
}

/** The name of the webhooks by which a rollout waits, for events and whoever reads them. */
export const holdName = "minimum-samples";

const ends = ["fail", "pass"];

/** Checks what becomes of a rollout without traffic. `holds` says whether any metric has a minimum. */
export function checkLowTraffic(problems: Problems, path: string, lowTraffic: unknown, holds: boolean): void {
    if (
        lowTraffic === undefined ||
        !checkObject(problems, path, lowTraffic, 'Write it like { limit: "30m", then: "fail" }.')
    ) {
        return;
    }
    const { limit, then } = lowTraffic;
    checkDuration(problems, `${path}.limit`, limit);
    problems.require(then === undefined || ends.includes(then as string), {
        path: `${path}.then`,
        value: then,
        rule: "is nothing that a rollout can do",
        fix: `Use ${ends.join(" or ")}.`,
    });
    problems.require(then === undefined || limit !== undefined, {
        path: `${path}.limit`,
        rule: `is needed for then: without it the rollout waits without end`,
        fix: 'Give it, like "30m", or leave then out.',
    });
    problems.require(holds, {
        path,
        value: lowTraffic,
        rule: "is about metrics with minimumSamples, and none that is judged has it",
        fix: "Give a metric minimumSamples, or leave this out.",
    });
}

/** A rollout, by what Flagger counts of it. */
export interface HeldRollout {
    namespace: string;
    target: string;
    /** Whether it goes by weights. */
    weighted: boolean;
    lowTraffic?: LowTrafficArgs;
}

/**
 * Answers with something once the rollout waits longer than its limit; undefined without a limit. By weights, that is how long the
 * weight has been what it is. Otherwise it waits for the promotion, and Flagger counts that as a rollout that does not progress.
 */
function tooLong({ namespace, target, weighted, lowTraffic }: HeldRollout): string | undefined {
    const limit = lowTraffic?.limit;
    if (!isDuration(limit)) {
        return undefined;
    }
    const weight = weightOf(namespace, target);
    const status = `flagger_canary_status{namespace="${namespace}",name="${target}"}`;
    return weighted
        ? `max(${weight} offset ${limit}) > 0 and max(changes(${weight}[${limit}])) == 0 and max(${weight}) > 0`
        : `min(min_over_time(${status}[${limit}])) == 1 and max(${status} offset ${limit}) >= 0`;
}

const weightOf = (namespace: string, target: string) =>
    `flagger_canary_weight{namespace="${namespace}",workload="${target}"}`;

/** Answers with something once the limit is over and each check is to fail; undefined where none ever is. */
export function failsAfter(rollout: HeldRollout): string | undefined {
    return rollout.lowTraffic?.then === "pass" ? undefined : tooLong(rollout);
}

/** What lets a rollout go on: enough requests, or a limit after which it goes on without. */
function goesOn(rollout: HeldRollout, enough: readonly string[]): string {
    const anyway = rollout.lowTraffic?.then === "pass" ? tooLong(rollout) : undefined;
    return anyway === undefined ? all(enough) : `${all(enough)} or on() (${anyway})`;
}

/** What Prometheus is asked before a rollout goes on: it does where the answer is not empty. */
export interface HoldQueries {
    /** Before each weight, and before the promotion; undefined without weights. */
    step?: string;
    /** Before the promotion. */
    promotion: string;
}

/**
 * The questions by which a rollout waits. Before the first weight there is nothing to count. Where Prometheus does not know the
 * weight the steps are not held, and the promotion still is.
 */
export function holdQueries(rollout: HeldRollout, enough: readonly string[]): HoldQueries | undefined {
    if (enough.length === 0) {
        return undefined;
    }
    const promotion = goesOn(rollout, enough);
    const weight = weightOf(rollout.namespace, rollout.target);
    const atStart = `(max(${weight}) == 0) or on() absent(${weight})`;
    return { promotion, ...(rollout.weighted && { step: `(${promotion}) or on() ${atStart}` }) };
}

/**
 * The webhooks of a Canary by which it waits until enough was counted. Flagger knows one thing that keeps a rollout where it is
 * and counts as no failed check: a refused confirmation. The load tester asks Prometheus, and refuses where the answer is empty.
 */
export function holdWebhooks(
    queries: HoldQueries | undefined,
    loadTester: string,
    metricsServer: pulumi.Input<string>,
): Record<string, unknown>[] {
    const hook = (type: string, query: string) => ({
        name: holdName,
        type,
        url: loadTester,
        timeout: "10s",
        muteAlert: true,
        metadata: { type: "bash", cmd: pulumi.output(metricsServer).apply((server) => question(server, query)) },
    });
    return queries === undefined
        ? []
        : [
              ...(queries.step === undefined ? [] : [hook("confirm-traffic-increase", queries.step)]),
              hook("confirm-promotion", queries.promotion),
          ];
}

/** A shell command that succeeds where a Prometheus answers a query with something. */
function question(server: string, query: string): string {
    const address = `${server.replace(/\/$/, "")}/api/v1/query`;
    return (
        `curl -fsS --max-time 8 -G --data-urlencode ${quoted(`query=${query}`)} ${quoted(address)} | ` +
        `grep -q '"value":\\['`
    );
}

/** A text as one word of a shell. */
function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
