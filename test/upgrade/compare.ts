import { isDeepStrictEqual } from "node:util";

import { Identity } from "./identities";

const words = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

/** What is lost with a kind of resource that is made anew. */
function loss(type: string): string {
    const [, lost] = losses.find(([pattern]) => pattern.test(type)) ?? [];
    return lost ?? "what it holds, and it is missing for a moment.";
}

const losses: [RegExp, string][] = [
    [/pulumi:providers:/, "every object in the cluster that was made by it: each of them is replaced."],
    [/Namespace$/, "everything in the namespace, the application too."],
    [/Canary$/, "the rollout's history; with it go the primary, its services and routes: users get errors."],
    [/apps\/v1:Deployment$/, "its pods, until the new ones are ready."],
    [/helm\.sh\/v3:Release$/, "what the chart installed, for as long as it takes to install it again."],
    [/CustomResourceDefinition$/, "every object of that kind in the cluster, canaries too."],
    [/eks:index:Cluster$/, "the cluster and everything in it."],
    [/nodeGroup:NodeGroup$/, "the nodes, and all pods on them at once."],
    [/:Mesh$|Gateway$|Service$/, "the way by which users come in."],
];

/**
 * What an upgrade would take from users: resources of a release that are not made any more under their name, or that a provider
 * would replace. What is new costs nobody anything.
 */
export function lostBy(recorded: Identity[], now: (Identity & { formerly: string[] })[]): string[] {
    const found = new Map(now.flatMap((each) => [each.urn, ...each.formerly].map((urn) => [urn, each] as const)));
    return recorded.flatMap(({ urn, fixed }) => {
        const [types = "", name = ""] = urn.split("::");
        const type = types.split("$").pop()!;
        const same = found.get(urn);
        if (same === undefined) {
            return [
                `${type} "${name}" is not made any more (${urn}). Whoever upgrades has it deleted, and loses ${loss(type)} ` +
                    `If it only has another name, type or parent now, keep it: give what took its place the option ` +
                    `aliases: [{ name: "${name}" }], with the type or parent that it had if that changed.`,
            ];
        }
        return Object.entries(fixed)
            .filter(([input, value]) => !isDeepStrictEqual(value, same.fixed[input]))
            .map(
                ([input, value]) =>
                    `${type} "${name}": its ${input} was ${words(value)} and is ${words(same.fixed[input])}, for which it is ` +
                    `replaced. Whoever upgrades loses ${loss(type)} Leave it as it was, or let new programs alone have the new one.`,
            );
    });
}
