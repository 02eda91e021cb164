import { rolledOut } from "../delivery/promotion/rolloutProgress";
import { CanaryObject } from "./canary";
import { Phase } from "./phases";
import { Workloads, changedSinceFailure, isPending } from "./pendingVersion";
import { Wedge } from "./wedge";

/** Where the version that a Canary's target has now stands. */
export type Outcome = "promoted" | "rolled-back" | "running" | "wedged";

/**
 * Judges it by what the primary runs. Flagger's phase alone is that of the last rollout until it has seen a change, and says
 * Succeeded before the primary's pods have rolled where the analysis was skipped.
 */
export function outcomeOf(
    canary: CanaryObject,
    phase: Phase,
    workloads: Workloads | undefined,
    wedge: Wedge | undefined,
): Outcome {
    if (wedge !== undefined) {
        return "wedged";
    }
    if (phase.active || !["Initialized", "Succeeded", "Failed"].includes(phase.flagger)) {
        return "running";
    }
    const pending = isPending(workloads);
    if (phase.flagger === "Failed" && pending !== false) {
        return changedSinceFailure(canary, workloads?.target) ? "running" : "rolled-back";
    }
    // Of a kind that is not looked at, Flagger's word is all there is.
    const primary = workloads?.primary;
    return pending === true || (primary !== undefined && !rolledOut(primary)) ? "running" : "promoted";
}
