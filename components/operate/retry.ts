import { keyOf } from "./canary";
import { Command, Refusal } from "./deed";
import { changeTarget } from "./target";

/** What makes one template another, and means nothing else. */
export const annotation = "progressive-mesh/retried-at";

/** Has Flagger try the version once more that it took back or has forgotten. */
export const retry: Command = (cluster, looked) => {
    const { canary, rollout } = looked;
    const { wedge } = rollout;
    const key = keyOf(canary);
    if (rollout.phase.flagger !== "Failed" || wedge?.state === "suspended" || wedge?.state === "failed-promotion") {
        throw new Refusal(`${key} has nothing to try again: ${wedge?.headline ?? rollout.phase.says}`);
    }
    if (looked.outcome === "promoted") {
        throw new Refusal(`${key} has nothing to try again: its target is what the primary runs.`);
    }
    return {
        says: [
            `Tries revision ${looked.revision} of ${key} (${rollout.images.target ?? "its target"}) once more, by all its checks and gates.`,
            `The annotation ${annotation} of its target's pods is changed; nothing else of them is.`,
        ],
        run: (ended) => {
            const at = "/spec/template/metadata/annotations";
            const time = new Date().toISOString();
            const has = looked.workloads.target?.spec?.template.metadata?.annotations !== undefined;
            return changeTarget(cluster, looked, ended, [
                has
                    ? { op: "add", path: `${at}/${annotation.replace("/", "~1")}`, value: time }
                    : { op: "add", path: at, value: { [annotation]: time } },
            ]);
        },
    };
};
