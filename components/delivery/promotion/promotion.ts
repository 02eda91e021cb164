import type { CoreV1Event } from "@kubernetes/client-node";

import { messageOf } from "../../apiError";
import { marks } from "../../marks";
import { runError } from "../../runError";
import { clusterOf } from "../../sharedConnections";
import { duration } from "../../units";
import { within } from "../../within";
import type { EvidenceArgs } from "../../evidence/evidenceArgs";
import type { Wedge } from "../../operate/wedge";
import { Canary, CanaryFeed } from "./canaryFeed";
import { Evidence, KeptLines, keepEvidence } from "./evidence";
import { reasonsAmong, withReason, without } from "./flaggerWords";
import { isDecided, rollbackOf } from "./rollback";
import { Standstill } from "./standstill";
import { lineOf } from "./state";
import { Course, Sight, Verdict, isActive, judge, remedyUnmeasured, safe } from "./verdict";
import { Workloads, WorkloadsArgs } from "./workloads";

/** What a wait for a promotion has to know. */
export interface PromotionArgs extends WorkloadsArgs {
    /** How the component is called, for messages. */
    subject: string;
    kubeconfig: string;
    canaryName: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    /** What Flagger may say and this must not: addresses that were given as secrets. */
    hidden?: readonly string[];
    /** Where what every check saw is kept, if that is asked for. */
    evidence?: Required<EvidenceArgs>;
    /** Where Flagger asks for its metrics. */
    metricsServer?: string;
    /**
     * What is told of each look.
     * @default - nobody
     */
    follow?: (canary: Canary | undefined, sight: Sight) => Promise<void>;
}

/** A request that hangs for so long counts as one that failed. */
export const patience = 30_000;

/** For so long an API server that starts again may refuse what it has allowed before, until it knows its roles and users. */
const startOfAnApiServer = 60_000;

/**
 * Waits until Flagger has promoted what the target says now.
 *
 * Flagger names no revision in its status, and its condition `Promoted` is that of the last rollout until it sees the change.
 * So what is compared is the target with the primary: their templates, and the contents of the ConfigMaps and Secrets that
 * they use. Where they are the same and nothing is under way there is nothing to wait for, and this ends after one look.
 *
 * @throws pulumi.RunError when the version is rolled back, cannot be promoted or is not promoted in time. It says what Flagger
 *   said, what state that leaves, and what to do.
 */
export async function awaitPromotion(
    args: PromotionArgs,
    say: (line: string) => void,
    warn: (line: string) => void = say,
): Promise<void> {
    // Loaded only here: no preview, and no program that does not wait, pays for the client.
    const client = await import("@kubernetes/client-node");
    const kubeconfig = clusterOf(client, args.kubeconfig);
    const feed = CanaryFeed.of(client, kubeconfig, args.namespace);
    const workloads = new Workloads(client, kubeconfig, args);
    const evidence = await keepEvidence(args, { client, kubeconfig, feed, workloads, warn });
    const standstill = new Standstill({ client, kubeconfig }, feed, workloads, args.intervalSeconds);
    await feed.whileWaiting(() => untilPromoted(args, { feed, workloads, evidence, standstill, say }));
}

/** What a wait looks with, and whom it tells. */
interface Means {
    feed: CanaryFeed;
    workloads: Workloads;
    evidence?: Evidence;
    standstill: Standstill;
    say: (line: string) => void;
}

async function untilPromoted(args: PromotionArgs, means: Means): Promise<void> {
    const { feed, workloads, evidence, standstill, say } = means;
    const course: Course = {
        now: performance.now(),
        began: performance.now(),
        intervalSeconds: args.intervalSeconds,
        timeoutSeconds: args.timeoutSeconds,
    };
    let known = "";
    let unreachable: string | undefined;
    let answeredAt: number | undefined;
    for (let first = true; ; first = false) {
        let sight: Sight;
        let canary: Canary | undefined;
        let all: ReadonlyMap<string, Canary> = new Map();
        try {
            sight = await within(
                patience,
                feed.next(first).then((canaries) => {
                    all = canaries;
                    canary = canaries.get(args.canaryName);
                    evidence?.saw(canary);
                    return workloads.look(canary);
                }),
            );
            unreachable = undefined;
            answeredAt = performance.now();
        } catch (error) {
            giveUpOn(error, args, course, { now: performance.now(), answeredAt });
            // Flagger sees no more than this does: what it has not done meanwhile is nothing to hold against it.
            course.failedSince = undefined;
            course.restingSince = undefined;
            if (unreachable === undefined) {
                unreachable = messageOf(error);
                say(`${marks.warning}: the cluster does not answer (${unreachable}); trying again`);
            }
            continue;
        }
        await args.follow?.(canary, sight);
        course.now = performance.now();
        course.failedSince = sight.phase === "Failed" ? (course.failedSince ?? course.now) : undefined;
        course.restingSince =
            sight.phase === "Failed" || isActive(sight.phase) ? undefined : (course.restingSince ?? course.now);
        course.intakeMovedAt = feed.intakeMovedAt;
        const verdict = judge(sight, course);
        if (verdict.state === "promoted") {
            await evidence?.end(verdict, sight);
            if (known !== "") {
                say(`${marks.ok} promoted`);
            }
            return;
        }
        const state = lineOf(sight);
        if (state !== known) {
            known = state;
            say(without(args.hidden ?? [], await withReason(feed, args.canaryName, state)));
        }
        if (verdict.state === "failed") {
            const said = verdict.explained === true ? await whySaid(feed, args.canaryName, verdict) : [];
            const wedge = verdict.timedOut === true ? await standstill.of(canary, all) : undefined;
            throw runError(failureText(args, verdict, { said, wedge, kept: await evidence?.end(verdict, sight) }));
        }
        const wedge = await standstill.saw(canary, all, course.now);
        if (wedge !== undefined) {
            say(without(args.hidden ?? [], `${marks.warning}: ${[...reasons(wedge), wedge.remedy].join(" ")}`));
        }
    }
}

/** How often Flagger's decision is looked for: Kubernetes may get to know of the new phase first. */
const looksForDecision = 3;
/** How long it waits between them, in milliseconds. */
const pause = 1_000;

async function whySaid(feed: CanaryFeed, name: string, { rolledBack }: Verdict): Promise<CoreV1Event[]> {
    const said = () => feed.said(name).catch(() => []);
    let events = await said();
    for (let look = 1; look < looksForDecision && rolledBack === true && !isDecided(events); look++) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        events = await said();
    }
    return events;
}

/** Why Flagger does not go on, in sentences. */
function reasons({ headline, evidence }: Wedge): string[] {
    return [headline, ...evidence];
}

/** What the wait fails with: what happened and why, what Flagger said, and what to do. */
function failureText(
    args: PromotionArgs,
    verdict: Verdict,
    { said, wedge, kept = { checks: [] } }: { said: CoreV1Event[]; wedge?: Wedge; kept?: KeptLines },
): string {
    const { checks, where } = kept;
    const { subject, namespace, target, hidden = [] } = args;
    const what = `${subject}: ${namespace}/${target.name} is not promoted: ${verdict.what}`;
    const rollback = verdict.rolledBack === true ? rollbackOf(said) : undefined;
    const why = rollback === undefined || rollback.by === "unknown" ? "" : `: ${without(hidden, rollback.says)}`;
    const remedy = rollback?.by === "unmeasured" ? `${safe} ${remedyUnmeasured}` : verdict.remedy;
    return [
        `${what}${why}`,
        ...reasonsAmong(said).map((reason) => `  Flagger: ${without(hidden, reason)}`),
        ...checks.map((line) => `  ${line}`),
        ...(wedge === undefined
            ? [remedy]
            : [
                  `${without(hidden, reasons(wedge).join(" "))} ${wedge.left}`,
                  `${wedge.remedy} Then run \`pulumi up\` again to go on waiting.`,
              ]),
        ...(where === undefined ? [] : [where]),
    ].join("\n");
}

/** Throws where trying again cannot help, or the time is over. */
function giveUpOn(
    error: unknown,
    args: PromotionArgs,
    course: Course,
    { now, answeredAt }: { now: number; answeredAt?: number },
): void {
    const { code } = error as { code?: unknown };
    const mayPass = answeredAt !== undefined && now - answeredAt < startOfAnApiServer;
    const { namespace, subject, timeoutSeconds } = args;
    const known = `${subject}: cannot tell whether ${namespace}/${args.target.name} is promoted: ${messageOf(error)}`;
    if ((code === 401 || code === 403) && !mayPass) {
        throw runError(
            `${known}\nWaiting needs the rights to list canaries and events and to get deployments, daemonsets, configmaps ` +
                `and secrets in the namespace ${namespace}. The change itself is made.`,
        );
    }
    if (now - course.began > timeoutSeconds * 1000) {
        throw runError(
            `${known}\nIt has been tried for ${duration(timeoutSeconds)}. The change itself is made and its rollout goes on; run ` +
                "`pulumi up` again once the cluster answers.",
        );
    }
}
