import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import type { DisruptionBudgetArgs } from "./addonPods";
import { Fields, checkFields, checkOneOf } from "./shape";
import { Problems } from "./validation";

const ways = ["minAvailable", "maxUnavailable"] as const;

/** Checks a disruption budget; an absent one passes. */
export function checkBudget(problems: Problems, path: string, budget: DisruptionBudgetArgs | undefined): void {
    const fields: Fields | undefined = checkFields(problems, path, budget, 'Write it like { maxUnavailable: "1" }.');
    if (fields === undefined) {
        return;
    }
    checkOneOf(problems, path, fields, ways);
    for (const way of ways) {
        const value = fields[way];
        problems.require(value === undefined || isAmount(value), {
            path: `${path}.${way}`,
            value,
            rule: "is neither a number of pods nor a share of them, as a text",
            fix: 'Write it like "1" or "50%".',
        });
    }
}

function isAmount(value: unknown): value is string {
    return typeof value === "string" && /^(\d{1,4}|(\d{1,2}|100)%)$/.test(value);
}

/**
 * Whether a budget lets no pod go, ever: then no node that has one of the pods can be drained. Kubernetes rounds the pods of
 * a share up, both the ones that have to be there and the ones that may be missing.
 */
export function blocksEviction(budget: DisruptionBudgetArgs, replicas: number): boolean {
    const { minAvailable, maxUnavailable } = budget;
    const pods = (amount: string) =>
        amount.endsWith("%") ? Math.ceil((Number.parseInt(amount, 10) * replicas) / 100) : Number.parseInt(amount, 10);
    if (isAmount(minAvailable)) {
        return pods(minAvailable) >= replicas;
    }
    return isAmount(maxUnavailable) && pods(maxUnavailable) === 0;
}

/** Makes a disruption budget for the pods with these labels. */
export function disruptionBudget(
    childName: string,
    metadata: { name: string; namespace: pulumi.Input<string> },
    labels: Record<string, string>,
    budget: DisruptionBudgetArgs,
    opts: pulumi.CustomResourceOptions,
): PodDisruptionBudget {
    const amounts = Object.fromEntries(
        ways.flatMap((way) => (budget[way] === undefined ? [] : [[way, intOrString(budget[way])]])),
    );
    return new PodDisruptionBudget(
        childName,
        { metadata, spec: { ...amounts, selector: { matchLabels: labels } } },
        opts,
    );
}

/** A share stays a text; a number of pods has to be one. */
function intOrString(amount: string): number | string {
    return amount.endsWith("%") ? amount : Number.parseInt(amount, 10);
}
