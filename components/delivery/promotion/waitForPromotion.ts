import { EvidenceArgs, checkEvidence } from "../../evidence/evidenceArgs";
import { isObject } from "../../shape";
import { Problems, checkDuration, isDuration, seconds } from "../../validation";
import { duration } from "../../units";
import { RolloutPlan } from "../plan";

/** Lets `pulumi up` wait for the promotion of what it released. */
export interface WaitForPromotionArgs {
    /**
     * How long to wait, in seconds or minutes, from when the objects are made. With gates that includes the time until somebody
     * approves. The rollout itself is not ended by it.
     * @default "30m"
     */
    timeout?: string;
    /**
     * Keeps what every check of the last rollouts saw, in a ConfigMap. The wait writes it, so of a rollout that nobody waited for there
     * is none.
     * @default - nothing is kept; what the checks saw is in Prometheus, and in events for an hour
     */
    evidence?: EvidenceArgs;
}

/** How long to wait, in seconds. */
export function waitSeconds(wait: WaitForPromotionArgs): number {
    return seconds(wait.timeout ?? "30m");
}

/** Checks that there is something to wait for, and that it can be over in time. */
export function checkWait(
    problems: Problems,
    path: string,
    wait: WaitForPromotionArgs,
    { kind, plan }: { kind: string; plan?: RolloutPlan },
): void {
    if (
        !problems.require(isObject(wait), {
            path,
            value: wait,
            rule: "does not say how to wait",
            fix: 'Write {} or { timeout: "30m" }.',
        })
    ) {
        return;
    }
    problems.require(kind !== "Service", {
        path,
        value: wait,
        rule: "cannot tell when a Service is promoted: there are no pods to compare",
        fix: "Leave it out.",
    });
    checkDuration(problems, `${path}.timeout`, wait.timeout);
    checkEvidence(problems, `${path}.evidence`, wait.evidence);
    if (plan === undefined || (wait.timeout !== undefined && !isDuration(wait.timeout))) {
        return;
    }
    problems.require(waitSeconds(wait) > plan.promotionSeconds, {
        path: `${path}.timeout`,
        value: wait.timeout,
        rule: `${wait.timeout === undefined ? "would be 30m, which " : ""}is less than the rollout takes at the least, ${duration(plan.promotionSeconds)}`,
        fix: `Give ${Math.ceil((plan.promotionSeconds * 2) / 60)}m or so.`,
    });
}
