import type { CoreV1Event } from "@kubernetes/client-node";

import { CanaryFeed } from "./canaryFeed";

/** The last words among what Flagger said of a Canary, oldest first, that explain a failure. */
export function reasonsAmong(events: CoreV1Event[]): string[] {
    // What was said of the releases before explains nothing of this one.
    const began = events.findLastIndex((event) => plain(event.message).startsWith("New revision detected!"));
    const warnings = events
        .slice(began + 1)
        .filter((event) => event.type === "Warning")
        .map((event) => plain(event.message));
    return [...new Set(warnings.reverse())].slice(0, 4).reverse();
}

/** What Flagger says where it could not measure, and of no version at all: its metrics server is gone, or has nothing on it. */
const unmeasured =
    /^(Prometheus query failed|Metric query failed|Metric template|Error building Prometheus client|Halt advancement no values found)/;
/** What is no reason of its own: the decision that follows from failed checks, and pods that still started. */
const aside =
    /^Rolling back .* failed checks threshold reached|^Canary failed! Scaling down|waiting for rollout to finish/;

/** Whether all that Flagger has against a version is that it could not measure it. */
export function isUnmeasured(reasons: string[]): boolean {
    const held = reasons.filter((reason) => !aside.test(reason));
    return held.length > 0 && held.every((reason) => unmeasured.test(reason));
}

/** What Flagger says where nothing but the weight has changed. */
const weightMoved = /^Advance \S+ (canary|primary) weight \d+$/;

/** A state with what Flagger said last. */
export async function withReason(feed: CanaryFeed, name: string, state: string): Promise<string> {
    const events = await feed.said(name).catch(() => []);
    const last = plain(events.at(-1)?.message);
    // The bar of the weight says that already.
    return last === "" || weightMoved.test(last) ? state : `${state}: ${last}`;
}

/** A text of Flagger's without what is secret: of a webhook that does not answer it says the whole address. */
export function without(hidden: readonly string[], text: string): string {
    return (
        hidden
            .filter((secret) => secret !== "")
            // One may be the beginning of another, whose rest would be left to read.
            .toSorted((a, b) => b.length - a.length)
            .reduce((said, secret) => said.replaceAll(secret, "[secret]"), text)
    );
}

/** What Kubernetes puts before the newest of several that it has folded together, whose own words are lost. */
const prefix = "(combined from similar events): ";

/** Whether a message stands for others too, which said something else. */
export function isFolded(message = ""): boolean {
    return message.startsWith(prefix);
}

/** A message as Flagger said it. */
export function plain(message = ""): string {
    return isFolded(message) ? message.slice(prefix.length) : message;
}
