import { phaseTitle } from "../delivery/phaseWords";
import { isActive } from "../delivery/promotion/verdict";
import { duration } from "../units";
import { CanaryObject, deadlineOf, intervalOf, thresholdOf } from "./canary";
import { Failure } from "../delivery/promotion/failure";
import { Moment } from "../delivery/promotion/moments";

/** How a state is to be taken. */
export type Tone = "bad" | "attention" | "busy" | "good" | "calm";

/** Where a Canary stands, in words. */
export interface Phase {
    word: string;
    tone: Tone;
    /** Flagger's own word. */
    flagger: string;
    /** Whether a rollout is under way. */
    active: boolean;
    /** Why it is not simply going on. */
    standing?: "approval" | "halted" | "stuck" | "silent" | "suspended" | "promotion";
    /** One sentence about it. */
    says: string;
}

/**
 * For so long, in seconds, the next of Flagger's events about a Canary may be held back: the client that it reports by lets 25 of them
 * through, and then one in this time.
 *
 * Source: `defaultSpamBurst` and `defaultSpamQPS` in tools/record/events_cache.go of k8s.io/client-go.
 */
const heldBack = 300;

/** After how long without a sign of Flagger something is wrong, in seconds: five of its looks and a minute. */
export function quietSeconds(interval: number): number {
    return 5 * interval + 60;
}

/** What Flagger says on its way to what holds a rollout up, at each look. */
const onTheWay =
    /^(Starting canary analysis|Pre-rollout check \S+ passed|Confirm-rollout check \S+ passed|Rollback hook \S+ not signaling)/;

/** What Flagger said last of what it came to. Kubernetes may let through one of its sentences alone, and not each time the same. */
export function lastWord(moments: readonly Moment[]): Moment | undefined {
    return moments.findLast(({ text }) => !onTheWay.test(text)) ?? moments.at(-1);
}

/** What Flagger does at rest and in passing, by its own word. */
const plainPhases: Record<string, [tone: Tone, says: string]> = {
    "": ["attention", "Flagger has not seen this Canary. See that it runs and watches this namespace."],
    Initializing: ["busy", "Flagger makes the primary, the services and the routes."],
    Initialized: ["calm", "No release so far; the primary has all the traffic."],
    Waiting: ["attention", "A new version is there, and a gate holds it before its first request."],
    Progressing: ["busy", "The new version is being checked."],
    WaitingPromotion: ["attention", "The new version passed its checks, and a gate holds its promotion."],
    Promoting: ["busy", "The primary gets the new version, then the traffic goes back to it."],
    Finalising: ["busy", "The primary has the new version and all the traffic; the canary is scaled down."],
    Succeeded: ["good", "The last release passed; the primary runs it and has all the traffic."],
    Failed: ["bad", "The last release was taken back; the primary runs the version before."],
    Terminating: ["attention", "Flagger gives the workload back before the Canary goes."],
    Terminated: ["calm", "Flagger has given the workload back."],
};

/** Judges where a Canary stands from its status and from what Flagger said in this rollout. */
export function phaseOf(canary: CanaryObject, moments: Moment[], failures: Failure[], now: number): Phase {
    const flagger = canary.status?.phase ?? "";
    const [tone, says] = plainPhases[flagger] ?? ["attention", "A phase that is not known here."];
    const phase: Phase = { word: phaseTitle(flagger), tone, says, flagger, active: isActive(flagger) };
    if (flagger === "Waiting" || flagger === "WaitingPromotion") {
        return { ...phase, standing: "approval" };
    }
    if (canary.spec?.suspend === true) {
        return {
            ...phase,
            word: "Suspended",
            tone: "attention",
            standing: "suspended",
            says: "It is suspended: Flagger leaves it as it is, and releases nothing.",
        };
    }
    if (flagger === "Failed" && (canary.status?.canaryWeight ?? 0) > 0) {
        return {
            ...phase,
            word: "Promotion failed",
            standing: "promotion",
            says: "The new version passed its checks, but the primary did not come up with it. All the traffic is on the canary.",
        };
    }
    return phase.active && flagger !== "Initializing" ? underWay(canary, phase, moments, failures, now) : phase;
}

function underWay(canary: CanaryObject, phase: Phase, moments: Moment[], failures: Failure[], now: number): Phase {
    const interval = intervalOf(canary);
    const written = Number(new Date(canary.status?.lastTransitionTime ?? 0));
    const heard = Math.max(moments.at(-1)?.last ?? 0, written);
    const silent = (now - heard) / 1000;
    const last = lastWord(moments);
    // A warning may be all that it does in a look; whatever else it does it writes into the status.
    if (heard > 0 && silent > quietSeconds(interval) + (last?.warning === true ? heldBack : 0)) {
        return {
            ...phase,
            word: "Flagger is silent",
            tone: "bad",
            standing: "silent",
            says: `Flagger looks every ${duration(interval)}, and has said nothing for ${duration(Math.round(silent))}. See whether it runs.`,
        };
    }
    // What is written at a later look is of what came after it, and was not let through.
    const isOver = last !== undefined && written > last.last + interval * 500;
    const failed = isOver ? undefined : failures.find((failure) => failure.last === last?.last);
    if (failed?.kind === "gate") {
        return {
            ...phase,
            word: phaseTitle("Waiting"),
            tone: "attention",
            standing: "approval",
            says: `It stands: ${failed.says}.`,
        };
    }
    const still = stillSince(canary, moments);
    // As long as all pods are unavailable Flagger counts to its deadline.
    const deadline = failed?.kind === "pods" ? deadlineOf(canary) : 0;
    const patience = (thresholdOf(canary) + 4) * interval + deadline;
    if (phase.flagger === "Progressing" && still !== undefined && (now - still) / 1000 > patience) {
        return {
            ...phase,
            word: "Does not move",
            tone: "bad",
            standing: "stuck",
            says: `It has stood at the same place for ${duration(Math.round((now - still) / 1000))}; by its own settings it would have moved on or been rolled back after ${duration(patience)}.`,
        };
    }
    if (failed !== undefined && failed.kind !== "pods") {
        return {
            ...phase,
            word: "Halted",
            tone: "attention",
            standing: "halted",
            says: `The last check failed: ${failed.says}.`,
        };
    }
    return phase;
}

/**
 * Since when a canary that gets traffic has got no more of it, at the least. Before that it may wait for its pods, which has a deadline.
 * Kubernetes drops and folds what is said often: where the status is elsewhere than what was said, or newer, all that is known is when
 * something was last written into it.
 */
function stillSince({ status }: CanaryObject, moments: Moment[]): number | undefined {
    const moves = moments.filter(({ text }) => /^Advance |^Starting canary analysis/.test(text));
    const [, what, said = 0] = /canary (weight|iteration) (\d+)/.exec(moves.at(-1)?.text ?? "") ?? [];
    const now = (what === "iteration" ? status?.iterations : status?.canaryWeight) ?? 0;
    const began = status?.conditions?.find(({ reason }) => reason === "Progressing")?.lastUpdateTime;
    const ofBefore = began !== undefined && (moves.at(-1)?.last ?? 0) < Number(new Date(began));
    if (moves.length > 0 && now === Number(said) && !ofBefore) {
        return Math.max(...moves.map(({ first }) => first));
    }
    return now > 0 && status?.lastTransitionTime !== undefined
        ? Number(new Date(status.lastTransitionTime))
        : undefined;
}
