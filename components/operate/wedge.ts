import { duration } from "../units";
import { rolledOut, stuck } from "../delivery/promotion/rolloutProgress";
import { intakeMilliseconds, safe } from "../delivery/promotion/verdict";
import { CanaryObject, deadlineOf, intervalOf, keyOf, targetOf } from "./canary";
import type { Cause } from "../page/cause";
import type { Moment } from "../delivery/promotion/moments";
import { Phase, lastWord } from "./phases";
import { changedAt } from "./revision";
import { Workloads, changedSinceFailure, isPending } from "./pendingVersion";

/** What is known of a Canary at one moment. */
export interface Known extends Surroundings {
    canary: CanaryObject;
    phase: Phase;
    moments: readonly Moment[];
    /** What Flagger would never finish of its settings. */
    problems: readonly string[];
    now: number;
}

/** What stands around a Canary. What was not looked at is left out, and then nothing is concluded from it. */
export interface Surroundings {
    workloads?: Workloads;
    /** All Canaries of its namespace. */
    neighbours?: readonly CanaryObject[];
    /** The Services that its gates are asked at and that do not exist. */
    absentGates?: readonly string[];
}

/** In which way Flagger stands still for good. */
export type WedgeState =
    | "being-deleted"
    | "shared-target"
    | "target-missing"
    | "suspended"
    | "settings"
    | "not-moving"
    | "silent"
    | "never-initialised"
    | "gate-missing"
    | "failed-promotion"
    | "primary-stuck"
    | "forgotten"
    | "not-started";

/** A state that Flagger does not leave by itself, and how somebody ends it. */
export interface Wedge extends Cause {
    state: WedgeState;
}

/** Every way, the one that explains others first. */
const ways = [
    beingDeleted,
    sharedTarget,
    targetMissing,
    suspended,
    notMoving,
    silent,
    gateMissing,
    neverInitialised,
    failedPromotion,
    forgotten,
    primaryStuck,
    notStarted,
];

/** Why Flagger will not go on with a Canary by itself; undefined while it may. Asks nobody. */
export function wedgeOf(known: Known): Wedge | undefined {
    for (const way of ways) {
        const wedge = way(known);
        if (wedge !== undefined) {
            return wedge;
        }
    }
    return undefined;
}

const stays = "Each version keeps the traffic that it has.";

function beingDeleted({ canary }: Known): Wedge | undefined {
    const { deletionTimestamp, finalizers = [] } = canary.metadata ?? {};
    if (deletionTimestamp === undefined) {
        return undefined;
    }
    return {
        state: "being-deleted",
        headline: "The Canary is being deleted, so nothing more is released.",
        evidence: finalizers.map((one) => `Held by ${one}.`),
        left: "What Flagger made goes with the Canary.",
        remedy: "If it does not go, `npx pulumi-progressive-mesh stuck` says what holds it. Then create it anew.",
    };
}

function sharedTarget({ canary, neighbours = [] }: Known): Wedge | undefined {
    const kind = canary.spec?.targetRef?.kind;
    const others = neighbours.filter(
        (one) =>
            // What differs most often comes first: of hundreds each is compared with each.
            targetOf(one) === targetOf(canary) &&
            one.spec?.targetRef?.kind === kind &&
            one.metadata?.namespace === canary.metadata?.namespace &&
            keyOf(one) !== keyOf(canary),
    );
    return others.length === 0
        ? undefined
        : {
              state: "shared-target",
              headline: `${kind} ${targetOf(canary)} is the target of another Canary too.`,
              evidence: others.map((one) => `Canary ${keyOf(one)} releases it as well.`),
              left: "Flagger says so in its log alone, and leaves one of them as it is.",
              remedy: "Delete the Canary that should not be there.",
          };
}

function targetMissing({ canary, workloads }: Known): Wedge | undefined {
    const kind = canary.spec?.targetRef?.kind ?? "";
    return workloads === undefined || workloads.target !== undefined || !["Deployment", "DaemonSet"].includes(kind)
        ? undefined
        : {
              state: "target-missing",
              headline: `${kind} ${targetOf(canary)}, which it releases, does not exist.`,
              evidence: [],
              left:
                  workloads.primary === undefined
                      ? "There is no primary either, so nothing serves."
                      : "The primary goes on serving what it runs.",
              remedy: `Create ${kind} ${targetOf(canary)}, or delete the Canary.`,
          };
}

function suspended({ canary, phase, workloads }: Known): Wedge | undefined {
    return canary.spec?.suspend !== true || !(phase.active || isPending(workloads) === true)
        ? undefined
        : {
              state: "suspended",
              headline: "It is suspended, and a version waits.",
              evidence: [],
              left: `${stays} A version that is applied meanwhile rolls into the canary's live pods, and nobody checks it.`,
              remedy: "Take `suspend` out of the Canary to go on.",
          };
}

function notMoving({ canary, phase, problems, moments }: Known): Wedge | undefined {
    if (phase.standing !== "stuck") {
        return undefined;
    }
    const found = { headline: phase.says, left: `${stays} Flagger will not end this by itself.` };
    if (problems.length > 0) {
        return {
            ...found,
            state: "settings",
            evidence: [...problems],
            remedy: "Correct the settings above, and release again.",
        };
    }
    const last = lastWord(moments);
    return {
        ...found,
        state: "not-moving",
        evidence: last?.warning === true ? [`${last.text}.`] : [],
        remedy: remedyFor(last?.text ?? "", canary),
    };
}

/** What ends it, by what Flagger said last. */
function remedyFor(said: string, canary: CanaryObject): string {
    const before = "Releasing the version before makes it start from there.";
    if (!said.includes("not ready:")) {
        return `See Flagger's log for ${canary.metadata?.name}. ${before}`;
    }
    const [whose, threshold] = said.startsWith("canary ")
        ? ["canary", "canaryReadyThreshold"]
        : ["primary", "primaryReadyThreshold"];
    return (
        `See why not all of the ${whose}'s pods are ready: as long as most are, Flagger waits for the others without an end. ` +
        `\`${threshold}\` says how many are enough.${whose === "canary" ? ` ${before}` : ""}`
    );
}

function silent({ phase }: Known): Wedge | undefined {
    return phase.standing !== "silent"
        ? undefined
        : {
              state: "silent",
              headline: phase.says,
              evidence: [],
              left: "Each version keeps the traffic that it has, and nobody takes a bad one back.",
              remedy: "See the pods and the log of Flagger. When it runs again it goes on from here.",
          };
}

function gateMissing({ phase, absentGates = [] }: Known): Wedge | undefined {
    return phase.standing !== "approval" || absentGates.length === 0
        ? undefined
        : {
              state: "gate-missing",
              headline: "It waits for an approval that nobody can give: its gate does not exist.",
              evidence: absentGates.map((one) => `There is no Service ${one}.`),
              left: stays,
              remedy: "Bring the Service back, or take the gate out of the Canary.",
          };
}

function neverInitialised(known: Known): Wedge | undefined {
    const { canary, phase, moments, now } = known;
    if (!["", "Initializing"].includes(phase.flagger)) {
        return undefined;
    }
    const age = (since: Date | string | undefined) => (since === undefined ? 0 : now - Number(new Date(since)));
    const found = { state: "never-initialised" as const, evidence: [], left: "Nothing can be released before." };
    const made = age(canary.metadata?.creationTimestamp);
    if (phase.flagger === "" && moments.length === 0) {
        return made <= intakeMilliseconds
            ? undefined
            : {
                  ...found,
                  headline: "Flagger has never said a word of it.",
                  remedy: "See that Flagger runs and watches this namespace; what it refuses stands in its log alone.",
              };
    }
    if (hasMadeNothing(known) && age(canary.status?.lastTransitionTime) > intakeMilliseconds) {
        return {
            ...found,
            headline: "Flagger began to set it up, and has made nothing and said no word since.",
            remedy:
                "See that Flagger runs. Where it does, restart it: if the API server was away just when Flagger wrote that it begins, it " +
                "has forgotten this Canary, and it looks for all of them when it starts.",
        };
    }
    if (made <= (deadlineOf(canary) + 3 * intervalOf(canary)) * 1000) {
        return undefined;
    }
    const last = moments.findLast(({ warning }) => warning)?.text;
    return {
        ...found,
        headline: `Flagger has not finished setting it up in ${duration(Math.round(made / 1000))}.`,
        evidence: last === undefined ? [] : [last],
        remedy: `Repair what it says. The pods that have to be ready are those of ${keyOf(canary)}-primary.`,
    };
}

/**
 * Whether Flagger has said nothing and made no primary of a Canary that it says to set up. It notes a Canary once its status is
 * written, and where the answer to that is lost it does not try again (`syncHandler` of 1.44).
 */
function hasMadeNothing({ phase, moments, workloads }: Known): boolean {
    return (
        phase.flagger === "Initializing" &&
        moments.length === 0 &&
        workloads?.target !== undefined &&
        workloads.primary === undefined
    );
}

function failedPromotion({ canary, phase, moments }: Known): Wedge | undefined {
    if (phase.standing !== "promotion") {
        return undefined;
    }
    const said = moments.findLast(({ text }) => text.startsWith("Promotion of "))?.text;
    return {
        state: "failed-promotion",
        headline: "It passed its checks, but the primary did not come up with it.",
        evidence: said === undefined ? [] : [`${said}.`],
        left: `${canary.status?.canaryWeight ?? 0} % of the traffic is on the canary, which is the only copy that runs.`,
        remedy: `See why the pods of ${keyOf(canary)}-primary are not ready, then release a version that is repaired.`,
    };
}

/** In Failed each look of Flagger records the newest version as seen, also one that ends before it begins with it. */
function forgotten({ canary, workloads, now }: Known): Wedge | undefined {
    const changed = changedAt(workloads?.target);
    if (
        changed === undefined ||
        isPending(workloads) !== true ||
        !changedSinceFailure(canary, workloads?.target) ||
        now - changed <= 3 * intervalOf(canary) * 1000
    ) {
        return undefined;
    }
    return {
        state: "forgotten",
        headline: "A version came after the rollback, and Flagger has forgotten it.",
        evidence: [`It came ${duration(Math.round((now - changed) / 1000))} ago, and no rollout has begun.`],
        left: safe,
        remedy: `Make Flagger see it: \`npx pulumi-progressive-mesh retry ${keyOf(canary)}\` changes an annotation of its pods.`,
    };
}

/** Flagger has its own deadline, and gives a primary up that Kubernetes still waits for. */
function primaryStuck({ phase, workloads }: Known): Wedge | undefined {
    const primary = workloads?.primary;
    if (primary === undefined || phase.active || rolledOut(primary)) {
        return undefined;
    }
    const givenUp = phase.flagger === "Failed" && isPending(workloads) === false;
    const why = stuck(primary) ?? (givenUp ? "Flagger has waited for them until its deadline." : undefined);
    return why === undefined
        ? undefined
        : {
              state: "primary-stuck",
              headline: "The primary's pods do not become available.",
              evidence: [why],
              left: "Users are served by those of its pods that are left.",
              remedy: "See the events of the primary's pods, then release a version that is repaired.",
          };
}

function notStarted({ phase, workloads, now }: Known): Wedge | undefined {
    const changed = changedAt(workloads?.target);
    return !["Initialized", "Succeeded"].includes(phase.flagger) ||
        isPending(workloads) !== true ||
        changed === undefined ||
        now - changed <= intakeMilliseconds
        ? undefined
        : {
              state: "not-started",
              headline: `A version came ${duration(Math.round((now - changed) / 1000))} ago, and Flagger has not begun with it.`,
              evidence: [],
              left: safe,
              remedy: "See that Flagger runs and watches this namespace: its log says what it does with this Canary.",
          };
}
