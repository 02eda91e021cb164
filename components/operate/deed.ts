import { keyOf, patienceOf } from "./canary";
import { Cluster, Looked, look } from "./look";

/** What a command would do to a Canary, before it is done. */
export interface Deed {
    /** What will be done, and what comes of it. */
    says: string[];
    /** Does it, and waits until it can be seen to be done. */
    run: (ended: Promise<unknown>) => Promise<Done>;
}

/** What came of it. */
export interface Done {
    done: boolean;
    says: string;
}

/** Why a command cannot do what it is asked for, as the Canary stands. */
export class Refusal extends Error {}

/** Plans what a command does to a Canary. @throws Refusal */
export type Command = (cluster: Cluster, looked: Looked) => Deed | Promise<Deed>;

/** A Canary as it is now. @throws Refusal where it is gone, or releases another revision by now. */
export async function again(cluster: Cluster, before: Looked): Promise<Looked> {
    const key = keyOf(before.canary);
    const { looked } = await look(cluster, before.canary.metadata?.namespace, key);
    const now = looked[0];
    if (now === undefined) {
        throw new Refusal(`There is no Canary ${key} any more.`);
    }
    sameRevision(now, before.revision);
    return now;
}

/** @throws Refusal unless this is the revision that the Canary's target has. */
export function sameRevision(looked: Looked, revision: string | undefined): void {
    if (looked.revision !== revision) {
        throw new Refusal(
            `${keyOf(looked.canary)} is at revision ${looked.revision ?? "none"} by now, and not at ${revision ?? "none"}. ` +
                "See what was changed, and ask for that one.",
        );
    }
}

/** Tries once a second until something comes of it, Flagger has had its time or somebody ends it; then there is nothing. */
export async function inTime<T>(
    { canary }: Looked,
    ended: Promise<unknown>,
    attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
    let stopped = false;
    void ended.then(() => (stopped = true));
    const end = performance.now() + patienceOf(canary) * 1000;
    while (!stopped && performance.now() < end) {
        const found = await attempt();
        if (found !== undefined) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return undefined;
}

/** Looks at the same revision until it holds. @throws Refusal as `again` does */
export function until(
    cluster: Cluster,
    before: Looked,
    ended: Promise<unknown>,
    holds: (now: Looked) => boolean,
): Promise<Looked | undefined> {
    return inTime(before, ended, async () => {
        const now = await again(cluster, before);
        return holds(now) ? now : undefined;
    });
}
