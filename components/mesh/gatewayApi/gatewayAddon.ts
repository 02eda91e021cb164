import { asksForSomething, isObject, outline } from "../../shape";
import { Problems } from "../../validation";
import { MeshAddons } from "../mesh";

/** What every such gateway has. */
const always = ["enabled"];

/** Refuses what is asked of a gateway that comes of no chart, and that nothing of it reads. */
export function checkGatewayAddon(
    problems: Problems,
    path: string,
    addons: MeshAddons,
    title: string,
    known: readonly string[],
): void {
    const given: unknown = addons.gateway;
    for (const [key, value] of Object.entries(isObject(given) ? given : {})) {
        problems.require(always.includes(key) || known.includes(key) || !asksForSomething(value), {
            path: `${path}.gateway.${key}`,
            value: outline(value),
            rule: `is nothing that the gateway of ${title} can be told: it comes of no chart`,
            fix: known.length > 0 ? `Leave it out; it takes ${known.join(", ")}.` : "Leave it out.",
        });
    }
}
