import type { CoreV1Event } from "@kubernetes/client-node";

import type { Kept } from "../evidence/configMap";
import { lastKept, measuredIn, unlessForgotten } from "../evidence/remembered";
import { Surroundings } from "../operate/wedge";
import { CanaryObject, keyOf } from "../operate/canary";
import { Phase } from "../operate/phases";
import { Images, Measured, Rollout, rolloutOf } from "./rollout";

/** What a cluster says of its Canaries at one moment. */
export interface Sight {
    canaries: CanaryObject[];
    /** What Flagger said of each, oldest first, by `keyOf`. */
    events: ReadonlyMap<string, CoreV1Event[]>;
    /** What could not be looked at, in sentences. */
    problems: string[];
}

/** Where the page's data comes from. */
export interface Source {
    /** The cluster's name, for people. */
    readonly cluster: string;
    look(): Promise<Sight>;
    /** What a Canary in this phase stands in, and what its versions run. */
    around(canary: CanaryObject, phase: Phase): Promise<{ images: Images; around: Surroundings }>;
    /** What was measured of a Canary between two times in milliseconds. */
    measured(canary: CanaryObject, from: number, to: number): Promise<Measured>;
    /** What is kept of a Canary's rollouts; undefined where nobody asked for it. */
    kept(canary: CanaryObject): Promise<Kept | undefined>;
}

/**
 * Every rollout of what was seen, from the Canaries and events alone: what one table of hundreds can ask for. A state in which Flagger
 * stands still is seen as far as they tell.
 */
export function rolloutsOf({ canaries, events }: Sight, now: number): Rollout[] {
    return canaries.map((canary) =>
        rolloutOf(canary, { events: events.get(keyOf(canary)) ?? [], now, around: { neighbours: canaries } }),
    );
}

/** One rollout with all that is known of it; undefined where there is no such Canary. */
export async function wholeRollout(
    source: Source,
    sight: Sight,
    key: string,
    now: number,
): Promise<Rollout | undefined> {
    const canary = sight.canaries.find((one) => keyOf(one) === key);
    if (canary === undefined) {
        return undefined;
    }
    const kept = await source.kept(canary);
    const record = lastKept(canary, kept);
    const events = unlessForgotten(sight.events.get(key) ?? [], canary, record);
    const { began, ended, phase } = rolloutOf(canary, { events, now });
    const [{ images, around }, measured] = await Promise.all([
        source.around(canary, phase),
        began === undefined ? undefined : source.measured(canary, began, phase.active ? now : ended!),
    ]);
    return rolloutOf(canary, {
        events,
        images,
        measured: measured?.values === undefined ? (measuredIn(record, kept) ?? measured) : measured,
        kept,
        now,
        around: { ...around, neighbours: sight.canaries },
    });
}
