import { Mesh } from "../mesh/mesh";
import { Problems, checkInteger } from "../validation";

/** A strategy that may send copies of requests to the canary. */
interface Mirroring {
    mirror?: boolean;
    mirrorWeight?: number;
}

/** What Flagger does with a mesh that copies nothing. */
const without = {
    steps: "Flagger would never get past its first step",
    blueGreen: "Flagger would judge the canary without them",
};

/** Checks that the mesh, where it is known, can mirror in this strategy. */
export function checkMirroring(
    problems: Problems,
    path: string,
    { mirror, mirrorWeight }: Mirroring,
    strategy: "steps" | "blueGreen",
    mesh: Mesh | undefined,
): void {
    problems.require(mirror === undefined || typeof mirror === "boolean", {
        path: `${path}.mirror`,
        value: mirror,
        rule: "is neither true nor false",
        fix: "Give true or false.",
    });
    problems.require(mirror !== true || mesh === undefined || mesh.capabilities.mirroring.includes(strategy), {
        path: `${path}.mirror`,
        value: mirror,
        rule: `is more than ${mesh?.title} can do: it copies no requests, and ${without[strategy]}`,
        fix: "Leave it out, or choose a mesh that mirrors.",
    });
    problems.require(mirrorWeight === undefined || mirror === true, {
        path: `${path}.mirrorWeight`,
        value: mirrorWeight,
        rule: "says how much is mirrored where nothing is",
        fix: "Set `mirror` to true, or leave it out.",
    });
    checkInteger(problems, `${path}.mirrorWeight`, mirrorWeight, 1, 100, "percent");
}

/** The part of a Canary's `analysis` that says what is mirrored. */
export function mirroringSpec({ mirror, mirrorWeight }: Mirroring): Record<string, unknown> {
    return mirror === true ? { mirror, ...(mirrorWeight !== undefined && { mirrorWeight }) } : {};
}
