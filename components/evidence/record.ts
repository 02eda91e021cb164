import type { CoreV1Event } from "@kubernetes/client-node";

import type { Moment } from "../delivery/promotion/moments";
import { CanaryObject, intervalOf } from "../operate/canary";
import type { Check, Sample } from "../page/checks";
import type { Rollout } from "../page/rollout";

/** How a rollout stood when it was seen last. */
export type RecordOutcome = "running" | "promoted" | "rolled-back" | "timed-out" | "superseded" | "not-promoted";

/** What is kept of a rollout. All times but its own two are seconds after it began. */
export interface RolloutRecord {
    /** Of this form. */
    version: 1;
    revision?: string;
    outcome: RecordOutcome;
    /** How often Flagger looked. */
    interval: number;
    /** As texts of ISO 8601, to the second, by the cluster's clock. */
    began: string;
    ended?: string;
    /** The version that was released, and the one that the primary ran before. */
    image?: string;
    over?: string;
    /** What came of it in a sentence, and what stands behind that. */
    says: string;
    evidence: string[];
    /** The canary's share of the traffic in percent, each from when it held. */
    weights: [seconds: number, percent: number][];
    /** Where Flagger's own count stood after each of its looks that changed something. */
    looks: LookRecord[];
    checks: CheckRecord[];
    /** Why there are no values of the metrics server, where there are none. */
    unmeasured?: string;
    /** What Flagger said: of webhooks that refused and of pods that were not ready, too. */
    said: SaidRecord[];
    /** How much of these there was more, where there was too much of them. */
    leftOut?: { samples?: number; looks?: number; said?: number };
}

/** A look of Flagger's. */
export interface LookRecord {
    at: number;
    phase: string;
    weight: number;
    iterations: number;
    failedChecks: number;
}

/** What was measured by one metric, and its bounds. */
export interface CheckRecord extends Pick<Check, "name" | "unit" | "min" | "max" | "from" | "failed"> {
    samples: [seconds: number, value: number][];
}

/** Words of Flagger's. */
export interface SaidRecord {
    at: number;
    /** When they were said last, where they were said again. */
    until?: number;
    times?: number;
    warning?: boolean;
    text: string;
}

/** Whether nothing more can come to it. */
export function isFinal({ outcome }: RolloutRecord): boolean {
    return outcome !== "running" && outcome !== "timed-out";
}

/** A time as records have it. */
export function stamp(milliseconds: number): string {
    return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** When the last rollout of a Canary ended, by the cluster's clock: Flagger changes this with the phase alone. */
export function endOf({ status }: CanaryObject): string | undefined {
    const time = status?.conditions?.find(({ reason }) => reason === status.phase)?.lastUpdateTime;
    return time === undefined || !["Succeeded", "Failed"].includes(status?.phase ?? "")
        ? undefined
        : stamp(Number(new Date(time)));
}

/** What is known of a rollout beside what the page shows of it. */
export interface RecordArgs {
    canary: CanaryObject;
    revision?: string;
    outcome: RecordOutcome;
    image?: string;
    over?: string;
    /** When it began, where Flagger's words do not say it; in milliseconds. */
    began: number;
    ended?: string;
    /** What came of it, where that is not what Flagger's words say. */
    says?: string;
    looks: (Omit<LookRecord, "at"> & { time: number })[];
}

/** Makes a record of what is known of a rollout. */
export function recordOf(rollout: Rollout, args: RecordArgs): RolloutRecord {
    const began = Math.floor((rollout.began ?? args.began) / 1000) * 1000;
    const after = (time: number) => Math.round((time - began) / 1000);
    const { canary, revision, outcome, image, over, ended } = args;
    return {
        version: 1,
        ...(revision !== undefined && { revision }),
        outcome,
        interval: intervalOf(canary),
        began: stamp(began),
        ...(ended !== undefined && { ended }),
        ...(image !== undefined && { image }),
        // Whoever looked late has seen the primary with the new version alone.
        ...(over !== undefined && over !== image && { over }),
        says: args.says ?? rollout.cause?.headline ?? rollout.phase.says,
        evidence: rollout.cause?.evidence ?? [],
        weights: rollout.weights.map(({ time, value }) => [after(time), value]),
        looks: args.looks
            // Before it another version may have been under way.
            .filter(({ time }) => time >= began)
            .map(({ time, ...look }) => ({ at: after(time), ...look })),
        checks: rollout.checks.map(({ name, unit, min, max, from, failed, samples }) => ({
            name,
            unit,
            ...(min !== undefined && { min }),
            ...(max !== undefined && { max }),
            from,
            failed,
            samples: samples.map(({ time, value }) => [after(time), value]),
        })),
        ...(rollout.unmeasured !== undefined && { unmeasured: rollout.unmeasured }),
        said: rollout.moments.map((moment) => saidOf(moment, after)),
    };
}

function saidOf({ first, last, text, warning, times }: Moment, after: (time: number) => number): SaidRecord {
    return {
        at: after(first),
        ...(last > first && { until: after(last) }),
        ...(times > 1 && { times }),
        ...(warning && { warning }),
        text,
    };
}

/** The checks of a record, in the form in which those of a rollout are shown. */
export function checksIn({ began, checks }: RolloutRecord): Check[] {
    const start = Number(new Date(began));
    return checks.map(({ samples, ...check }) => ({
        ...check,
        samples: samples.map(([seconds, value]): Sample => ({ time: start + seconds * 1000, value })),
    }));
}

/** What Flagger said in a rollout, as the cluster held it. */
export function eventsIn({ began, said }: RolloutRecord): CoreV1Event[] {
    const start = Number(new Date(began));
    return said.map(({ at, until = at, times = 1, warning = false, text }) => ({
        metadata: {},
        involvedObject: { kind: "Canary" },
        type: warning ? "Warning" : "Normal",
        message: text,
        count: times,
        firstTimestamp: new Date(start + at * 1000),
        lastTimestamp: new Date(start + until * 1000),
    }));
}
