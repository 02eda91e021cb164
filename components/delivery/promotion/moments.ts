import type { CoreV1Event } from "@kubernetes/client-node";

import { lastHappened } from "./canaryFeed";
import { isFolded, plain } from "./flaggerWords";

/** Something that Flagger said of a Canary. */
export interface Moment {
    /** When it was said for the first time, as far as that is known and of the same rollout; in milliseconds. */
    first: number;
    /** When it was said last. */
    last: number;
    text: string;
    warning: boolean;
    /** How often, at the least. */
    times: number;
}

const began = /^New revision detected!/;
/** What comes before the beginning and belongs to it: a gate, and a primary that was not ready. */
const before = /waiting for approval|^Confirm-rollout check|not ready: waiting for rollout to finish/;

/** What Flagger said of a Canary in its last rollout, of all events about it, oldest first. Without a rollout it is everything. */
export function lastRollout(events: readonly CoreV1Event[], phase: string): Moment[] {
    const texts = events.map((event) => plain(event.message));
    // At the first gate nothing has begun yet.
    const waits = phase === "Waiting" ? texts.findLastIndex((text) => text.includes("waiting for approval")) : -1;
    let from = waits >= 0 ? waits : texts.findLastIndex((text) => began.test(text));
    while (from > 0 && before.test(texts[from - 1]!)) {
        from -= 1;
    }
    const kept = events.slice(Math.max(0, from));
    const start = kept.length === 0 ? 0 : lastHappened(kept[0]!);
    return kept.map((event) => moment(event, from < 0 ? 0 : start));
}

/** Kubernetes folds the same words into one event, also over several rollouts. */
function moment(event: CoreV1Event, start: number): Moment {
    const last = lastHappened(event);
    const first = Number(new Date(event.firstTimestamp ?? last));
    // Of what is folded the count and the beginning are those of other words.
    const known = first >= start && !isFolded(event.message);
    return {
        first: known ? first : last,
        last,
        text: withoutAddresses(plain(event.message)),
        warning: event.type === "Warning",
        times: known ? (event.count ?? 1) : 1,
    };
}

/** Flagger says the whole address of what does not answer, and that of a webhook may be a secret. The host is all that helps. */
export function withoutAddresses(text: string): string {
    return text.replace(/\b([a-z][a-z0-9+.-]*):\/\/[^\s"'<>]+/gi, (address) => {
        const [, scheme, host = ""] = /^([^:]+):\/\/(?:[^/?#@]*@)?([^/?#@\\]*)/.exec(address) ?? [];
        return `${scheme}://${host}${address.length > `${scheme}://${host}/`.length ? "/[hidden]" : ""}`;
    });
}
