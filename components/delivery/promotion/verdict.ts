import { duration } from "../../units";
import { stateOf } from "./state";

/** What is known of a rollout at one moment. */
export interface Sight {
    /** The Canary's phase; empty before Flagger has seen it. */
    phase: string;
    weight: number;
    iterations: number;
    failedChecks: number;
    suspended: boolean;
    /** Whether the Deployment (or DaemonSet) to be released exists. */
    targetExists: boolean;
    /** Whether the target is not, or no longer, what this program made of it. */
    superseded: boolean;
    /** Whether the primary's template and configuration are the target's. */
    promoted: boolean;
    /** Whether all of the primary's pods run its template and are available. */
    primaryRolledOut: boolean;
    /** Why the primary will not roll out any more, as Kubernetes says it. */
    primaryStuck?: string;
    /** Whether the target was changed after its last rollout failed, so that the failure is not its own. */
    changedSinceFailure?: boolean;
    /** Why Flagger will not begin with it any more, where that is sure. */
    wedge?: { headline: string; remedy: string };
}

/** What has been seen so far; times in milliseconds of one clock. */
export interface Course {
    now: number;
    began: number;
    /** Since when Flagger has been at rest, neither failed nor at work on a rollout. */
    restingSince?: number;
    /** When Flagger was last seen to begin a rollout, of this Canary or of another. */
    intakeMovedAt?: number;
    /** Since when the phase has been Failed without a break. */
    failedSince?: number;
    intervalSeconds: number;
    timeoutSeconds: number;
}

/** How a wait stands. */
export interface Verdict {
    state: "waiting" | "promoted" | "failed";
    /** What happened, for a failure. */
    what?: string;
    /** What to do about it. */
    remedy?: string;
    /** Whether Flagger's own words explain it. */
    explained?: boolean;
    /** Whether Flagger took the version back. */
    rolledBack?: boolean;
    /** Whether it is the wait alone that is over. */
    timedOut?: boolean;
}

const active = ["Initializing", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"];

/** Whether Flagger is at work on a rollout in this phase. */
export function isActive(phase: string): boolean {
    return active.includes(phase);
}

const waiting: Verdict = { state: "waiting" };

/** What a rollback leaves. */
export const safe = "The primary still runs the version before and has all the traffic.";
/** How a release is tried once more. */
export const again =
    "run `pulumi up` again. To try the very same version once more, change `workload.podAnnotations` " +
    "(on a target of your own, an annotation of its pod template).";
/** What to do about a version that was taken back. */
export const remedyRolledBack = `Repair the version, or go back to the one before, and ${again}`;
/** What to do instead where Flagger could not measure it. */
export const remedyUnmeasured = `See that the metrics server answers and that the canary gets requests; then ${again}`;

/**
 * How long Flagger may begin nothing at all, while this Canary waits. It takes in no more than ten a second, and fewer where the cluster
 * is busy with all of them: of five hundred that came at once to two cores, the last was seen eight minutes later.
 */
export const intakeMilliseconds = 180_000;

/**
 * Judges a rollout. Flagger's status alone cannot tell whether it is about the newest change: its conditions name no
 * revision, and right after a change they are those of the last rollout. What the primary runs can.
 */
export function judge(sight: Sight, course: Course): Verdict {
    const { phase, promoted } = sight;
    if (sight.superseded) {
        return failed(
            "somebody else changed it, so it is not this program's version that is being released",
            "See who did; that rollout goes on. Undo that change, or take the Deployment back with " +
                "`PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh`.",
        );
    }
    // Flagger looks once an interval; a phase that is left over from the last rollout is gone after two.
    const settled = (since: number | undefined) =>
        since !== undefined && course.now - since > (2 * course.intervalSeconds + 5) * 1000;

    if (promoted && !isActive(phase) && phase !== "") {
        if (phase === "Failed" && sight.weight > 0) {
            return failed(
                `it passed its analysis, but the primary did not come up with it: ${sight.weight} % of the traffic stays on the canary`,
                "See why the primary's pods are not ready, then release a version that is repaired.",
                true,
            );
        }
        if (sight.primaryStuck !== undefined) {
            return failed(
                `the primary has the new version, but its pods do not become available: ${sight.primaryStuck}`,
                "See the events of the primary's pods, then release a version that is repaired.",
            );
        }
        if (sight.primaryRolledOut) {
            return { state: "promoted" };
        }
        if (phase === "Failed" && settled(course.failedSince)) {
            return failed(
                "the primary does not become ready with it",
                "See why the primary's pods are not ready, then release a version that is repaired.",
                true,
            );
        }
    }
    if (sight.suspended && !promoted) {
        return failed(
            "its Canary is suspended, so nothing is released",
            "Take `suspend` out and run `pulumi up` again; the change itself is made and waits.",
        );
    }
    if (sight.wedge !== undefined && !promoted) {
        const { headline, remedy } = sight.wedge;
        return failed(
            `${headline.charAt(0).toLowerCase()}${headline.slice(1).replace(/\.$/, "")}`,
            `${safe} ${remedy}`,
        );
    }
    if (phase === "Failed" && !promoted && settled(course.failedSince) && sight.changedSinceFailure !== true) {
        return { ...failed("it was rolled back", `${safe} ${remedyRolledBack}`, true), rolledBack: true };
    }
    const patience = sight.targetExists ? intakeMilliseconds : 60_000;
    const quietSince = Math.max(course.restingSince ?? 0, course.intakeMovedAt ?? 0);
    if (!promoted && settled(course.restingSince) && course.now - quietSince > patience) {
        return failed(
            sight.targetExists
                ? `Flagger has not begun a rollout; its last word on this Canary is ${phase === "" ? "none" : phase}`
                : "what it releases does not exist",
            sight.targetExists
                ? "See that Flagger runs and watches this namespace: its log says what it does with this Canary."
                : "Create the target first, and let this component depend on it.",
            true,
        );
    }
    if (course.now - course.began > course.timeoutSeconds * 1000) {
        const over = failed(
            `it was not promoted within ${duration(course.timeoutSeconds)}; it is ${stateOf(sight)}`,
            "The rollout goes on without this update. Run `pulumi up` again to go on waiting, or give it more time with " +
                "`waitForPromotion.timeout`.",
            true,
        );
        return { ...over, timedOut: true };
    }
    return waiting;
}

function failed(what: string, remedy: string, explained = false): Verdict {
    return { state: "failed", what, remedy, explained };
}
