import type { CoreV1Event } from "@kubernetes/client-node";

import { Failure } from "../delivery/promotion/failure";
import { Moment } from "../delivery/promotion/moments";
import { failedChecksIn, rollbackOf } from "../delivery/promotion/rollback";
import { again, remedyRolledBack, remedyUnmeasured, safe } from "../delivery/promotion/verdict";
import { Phase } from "../operate/phases";
import { CanaryObject, keyOf, thresholdOf } from "../operate/canary";

/** Why a rollout is not simply going on or done, for whoever is called at night. */
export interface Cause {
    /** What happened, in one sentence. */
    headline: string;
    /** What stands behind it. */
    evidence: string[];
    /** In which state it is now. */
    left: string;
    /** What to do. */
    remedy: string;
}

/** What a cause is read from. */
export interface CauseArgs {
    canary: CanaryObject;
    phase: Phase;
    moments: Moment[];
    failures: Failure[];
    events: readonly CoreV1Event[];
    /** What Flagger would never finish of its settings. */
    problems: readonly string[];
}

/** The cause of a state that asks for somebody though Flagger goes on by itself; undefined for all others. */
export function causeOf(args: CauseArgs): Cause | undefined {
    const { canary, phase, failures, problems } = args;
    if (phase.flagger === "Failed") {
        return rolledBack(args);
    }
    switch (phase.standing) {
        case "approval":
            return {
                headline: phase.says,
                evidence: failures
                    .filter(({ kind }) => kind === "gate")
                    .map(({ says }) => sentence(says))
                    .slice(-1),
                left:
                    phase.flagger === "Waiting"
                        ? "The version before has all the traffic; the new one gets none yet."
                        : "Nothing changes while it waits: each version keeps the traffic that it has.",
                remedy:
                    "See the values below, then approve or reject it. A gate in the load tester is passed by " +
                    `\`npx pulumi-progressive-mesh approve ${keyOf(canary)}\`; one of your own is opened by its owner.`,
            };
        case "halted":
            return {
                headline: phase.says,
                evidence: [countText(canary.status?.failedChecks ?? 0, thresholdOf(canary)), ...repeated(failures)],
                left: "The canary keeps the traffic that it has and gets no more.",
                remedy: "Nothing has to be done: Flagger looks again, and goes on or takes the version back.",
            };
        case "suspended":
            return {
                headline: phase.says,
                evidence: [],
                left: "Each version keeps the traffic that it has.",
                remedy: "Take `suspend` out of the Canary to go on.",
            };
        default:
            return problems.length > 0
                ? {
                      headline: "Flagger would never finish a rollout with these settings.",
                      evidence: [...problems],
                      left: "Nothing is under way yet that could hang.",
                      remedy: "Correct them before the next release.",
                  }
                : undefined;
    }
}

function rolledBack({ canary, moments, events }: CauseArgs): Cause {
    const { by, says, pods, failures } = rollbackOf(events);
    const reached = failedChecksIn(moments);
    const count = reached === undefined ? [] : [countText(reached, thresholdOf(canary))];
    const kinds = new Set(failures.map(({ name }) => name)).size;
    // What alone failed is the headline.
    const evidence = [...count, ...(by === "checks" && kinds === 1 ? [] : repeated(failures))];
    const found = { headline: sentence(says), left: safe };
    switch (by) {
        case "hand":
            return {
                ...found,
                evidence: repeated(failures),
                remedy: `Ask who rejected it, and why. To release it all the same, ${again}`,
            };
        case "deadline":
            return {
                ...found,
                evidence: [...(pods === undefined ? [] : [sentence(pods)]), ...repeated(failures)],
                remedy: `See the events and logs of the canary's pods. Repair the version or its configuration, and ${again}`,
            };
        case "unmeasured":
            return { ...found, evidence, remedy: remedyUnmeasured };
        default:
            return { ...found, evidence, remedy: remedyRolledBack };
    }
}

/** Each thing that failed, once, with how often and what was said of it last. */
function repeated(failures: Failure[]): string[] {
    return [...new Set(failures.map(({ name }) => name))].map((name) => {
        const same = failures.filter((failure) => failure.name === name);
        const times = same.reduce((sum, failure) => sum + failure.times, 0);
        return `${times === 1 ? "Once" : `${times} times`}: ${same.at(-1)!.says}.`;
    });
}

function countText(failed: number, threshold: number): string {
    return `${failed} ${failed === 1 ? "check has" : "checks have"} failed; ${threshold} ${threshold === 1 ? "rolls" : "roll"} it back.`;
}

function sentence(text: string): string {
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
