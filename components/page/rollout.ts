import type { CoreV1Event } from "@kubernetes/client-node";

import { skipNote } from "../delivery/fastRollback/analysisSkip";
import { RolloutPlan } from "../delivery/plan";
import type { Kept } from "../evidence/configMap";
import { Surroundings, Wedge, wedgeOf } from "../operate/wedge";
import { CanaryObject, intervalOf, keyOf, thresholdOf } from "../operate/canary";
import { Cause, causeOf } from "./cause";
import { Check, Sample, checksOf } from "./checks";
import { judgedOnly } from "./judged";
import { Failure, failureOf } from "../delivery/promotion/failure";
import { Moment, lastRollout } from "../delivery/promotion/moments";
import { Phase, phaseOf } from "../operate/phases";
import { planOf } from "./plan";
import { plannedWeights, saidWeights, wholeWeights } from "./weights";

/** What the page shows of a Canary and its last rollout. */
export interface Rollout {
    key: string;
    namespace: string;
    name: string;
    phase: Phase;
    /** The canary's share of the traffic now, in percent. */
    weight: number;
    failedChecks: number;
    threshold: number;
    plan?: RolloutPlan;
    /** The images of the new version and of the primary, where they are known. */
    images: Images;
    /** When the last rollout began and was heard of last, in milliseconds; undefined without one. */
    began?: number;
    ended?: number;
    weights: Sample[];
    planned: Sample[];
    checks: Check[];
    /** Why there are no values of the metrics server, where there are none. */
    unmeasured?: string;
    /** The ConfigMap that the values come from, where the metrics server has none of them any more. */
    valuesKeptIn?: string;
    cause?: Cause;
    /** Why Flagger will not go on with it by itself. */
    wedge?: Wedge;
    /** What somebody has to know of a fast rollback that has its analysis skipped. */
    skip?: string;
    moments: Moment[];
    /** What is kept of this rollout and of those before it, where that was asked for. */
    kept?: Kept;
}

/** What the target and the primary run. */
export interface Images {
    target?: string;
    primary?: string;
}

/** What was measured of a rollout, by the names of the metrics; or why it is not known. */
export interface Measured {
    values?: ReadonlyMap<string, Sample[]>;
    /** The canary's share in percent as Flagger counted it, each value from when it held. */
    weights?: Sample[];
    why?: string;
    /** The ConfigMap that they were kept in. */
    keptIn?: string;
}

/** What is known of a Canary beside itself. */
export interface Known {
    /** All events about it, oldest first. */
    events: readonly CoreV1Event[];
    images?: Images;
    measured?: Measured;
    kept?: Kept;
    now: number;
    /**
     * What stands around it.
     * @default - nothing is known of it
     */
    around?: Surroundings;
}

/** Reads a Canary and what is known of it; asks nobody. */
export function rolloutOf(
    canary: CanaryObject,
    { events, images = {}, measured = {}, kept, now, around = {} }: Known,
): Rollout {
    const flagger = canary.status?.phase ?? "";
    const moments = lastRollout(events, flagger);
    const failures = moments.map(failureOf).filter((failure): failure is Failure => failure !== undefined);
    const phase = phaseOf(canary, moments, failures, now);
    const { plan, problems } = planOf(canary);
    const wedge = wedgeOf({ canary, phase, moments, problems, now, ...around });
    const weights = wholeWeights(saidWeights(moments), measured.weights);
    const checks = checksOf(canary, measured.values, failures);
    const skip = skipNote(canary);
    const none = flagger === "" || flagger === "Initializing" || flagger === "Initialized";
    return {
        key: keyOf(canary),
        namespace: canary.metadata?.namespace ?? "",
        name: canary.metadata?.name ?? "",
        phase: wedge === undefined || phase.tone === "bad" ? phase : { ...phase, tone: "attention" },
        weight: weightNow(canary, weights),
        failedChecks: canary.status?.failedChecks ?? 0,
        threshold: thresholdOf(canary),
        plan,
        images,
        ...(!none && moments.length > 0 && { began: moments[0]!.first, ended: moments.at(-1)!.last }),
        weights,
        planned: plannedWeights(plan, moments, intervalOf(canary)),
        // What was kept has been chosen already, and then thinned.
        checks: measured.keptIn === undefined ? judgedOnly(canary, checks, moments) : checks,
        unmeasured: measured.why,
        ...(measured.keptIn !== undefined && { valuesKeptIn: measured.keptIn }),
        cause: wedge ?? causeOf({ canary, phase, moments, failures, events, problems }),
        ...(wedge !== undefined && { wedge }),
        ...(skip !== undefined && { skip }),
        moments,
        ...(kept !== undefined && { kept }),
    };
}

/** Flagger's status says 0 as soon as a promotion waits for its approval, while the traffic stays where it is. */
function weightNow({ status }: CanaryObject, weights: Sample[]): number {
    return status?.phase === "WaitingPromotion" ? (weights.at(-1)?.value ?? 0) : (status?.canaryWeight ?? 0);
}

const order = ["bad", "attention", "busy", "good", "calm"];

/** What needs somebody first; then by name. */
export function urgentFirst(rollouts: Rollout[]): Rollout[] {
    return [...rollouts].sort(
        (a, b) => order.indexOf(a.phase.tone) - order.indexOf(b.phase.tone) || a.key.localeCompare(b.key),
    );
}
