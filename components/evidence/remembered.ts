import type { CoreV1Event } from "@kubernetes/client-node";

import { lastRollout } from "../delivery/promotion/moments";
import { CanaryObject } from "../operate/canary";
import type { Measured } from "../page/rollout";
import type { Kept } from "./configMap";
import { RolloutRecord, checksIn, endOf, eventsIn } from "./record";

/** The record of a Canary's last rollout, if that has ended and was seen to; a newer one may have gone unseen. */
export function lastKept(canary: CanaryObject, kept: Kept | undefined): RolloutRecord | undefined {
    const end = endOf(canary);
    return end === undefined ? undefined : kept?.records.find(({ ended }) => ended === end);
}

/** What Flagger said: what the cluster still holds of it, or what a record of the last rollout does where that is more. */
export function unlessForgotten(
    events: readonly CoreV1Event[],
    { status }: CanaryObject,
    record: RolloutRecord | undefined,
): readonly CoreV1Event[] {
    return record !== undefined && record.said.length > lastRollout(events, status?.phase ?? "").length
        ? eventsIn(record)
        : events;
}

/** The values that a record holds; undefined where it holds none. */
export function measuredIn(record: RolloutRecord | undefined, kept: Kept | undefined): Measured | undefined {
    const checks = record === undefined ? [] : checksIn(record).filter(({ from }) => from === "metrics");
    if (record === undefined || checks.length === 0) {
        return undefined;
    }
    const start = Number(new Date(record.began));
    return {
        values: new Map(checks.map(({ name, samples }) => [name, samples])),
        weights: record.weights.map(([seconds, value]) => ({ time: start + seconds * 1000, value })),
        keptIn: kept?.configMap,
    };
}
