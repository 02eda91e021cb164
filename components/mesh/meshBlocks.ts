import { asksForSomething, outline } from "../shape";
import { Problems } from "../validation";
import { MeshArgs } from "./mesh";

/** Refuses what is said of a mesh and belongs to another: it would be left out without a word. */
export function refuseOtherBlocks(
    problems: Problems,
    path: string,
    args: MeshArgs,
    title: string,
    known: readonly (keyof MeshArgs)[],
): void {
    const own = new Set<string>(["provider", "addons", ...known]);
    for (const [key, value] of Object.entries(args)) {
        problems.require(own.has(key) || !asksForSomething(value), {
            path: `${path}.${key}`,
            value: typeof value === "object" ? outline(value) : value,
            rule: `is nothing that ${title} reads`,
            fix: "Leave it out, or choose the mesh that has it.",
        });
    }
}
