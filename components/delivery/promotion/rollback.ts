import type { CoreV1Event } from "@kubernetes/client-node";

import { Failure, failureOf } from "./failure";
import { isUnmeasured, reasonsAmong } from "./flaggerWords";
import { Moment, lastRollout, withoutAddresses } from "./moments";

/** Why Flagger took a version back. */
export interface Rollback {
    by: "checks" | "hand" | "deadline" | "unmeasured" | "unknown";
    /** In words for people: a clause without a full stop. */
    says: string;
    /** What Kubernetes said of pods that did not become ready. */
    pods?: string;
    /** The checks that count, oldest first. */
    failures: Failure[];
}

/** Reads why the last rollout was taken back from everything that Flagger said of the Canary, oldest first. */
export function rollbackOf(events: readonly CoreV1Event[]): Rollback {
    const moments = lastRollout(events, "Failed");
    const said = moments.map(failureOf).filter((failure): failure is Failure => failure !== undefined);
    const failures = said.filter(({ kind }) => kind !== "gate" && kind !== "pods");
    const decision = decisionIn(moments);
    if (decision.includes("manual webhook invoked")) {
        return { by: "hand", says: "somebody had it rolled back: a webhook for the rollback said so", failures };
    }
    const deadline = /progress deadline exceeded (.*)$/s.exec(decision)?.[1];
    if (deadline !== undefined) {
        return {
            by: "deadline",
            says: "its pods did not become ready in time",
            pods: withoutAddresses(deadline),
            failures,
        };
    }
    if (isUnmeasured(reasonsAmong([...events]))) {
        return {
            by: "unmeasured",
            says: "Flagger could not measure it, so nothing is known against the version",
            failures,
        };
    }
    const main = mostOften(failures);
    if (main !== undefined) {
        return { by: "checks", says: main.says, failures };
    }
    // Kubernetes has dropped the decision itself.
    const pods = said.findLast(({ kind }) => kind === "pods")?.says;
    if (pods !== undefined) {
        return {
            by: "deadline",
            says: "its pods were not ready when Flagger last said something of them",
            pods,
            failures,
        };
    }
    return {
        by: "unknown",
        says: "the cluster does not hold what Flagger said of it: Kubernetes keeps events for an hour, and few of one object at once",
        failures,
    };
}

/** Whether Flagger has said why it takes the last rollout back. */
export function isDecided(events: readonly CoreV1Event[]): boolean {
    return decisionIn(lastRollout(events, "Failed")) !== "";
}

/** How many checks had failed when Flagger took it back; by then its status says 0. */
export function failedChecksIn(moments: Moment[]): number | undefined {
    const reached = /failed checks threshold reached (\d+)/.exec(decisionIn(moments))?.[1];
    return reached === undefined ? undefined : Number(reached);
}

function decisionIn(moments: Moment[]): string {
    return moments.findLast(({ text }) => text.startsWith("Rolling back "))?.text ?? "";
}

/** What failed most often; of two that did so equally often, the later. */
function mostOften(failures: Failure[]): Failure | undefined {
    const counts = new Map<string, number>();
    for (const { name, times } of failures) {
        counts.set(name, (counts.get(name) ?? 0) + times);
    }
    return [...failures].sort((a, b) => counts.get(b.name)! - counts.get(a.name)! || b.last - a.last)[0];
}
