import * as pulumi from "@pulumi/pulumi";

/** Values of a Helm chart: a tree of plain values, with outputs as its leaves. */
export type Values = Record<string, unknown>;

/**
 * Merges trees of chart values as Helm does: a later tree wins, objects are merged key by key, everything else (lists too)
 * is replaced whole. Outputs are leaves, so a secret among them does not make its neighbours secret.
 */
export function mergeValues(...layers: (Values | undefined)[]): Values {
    const merged: Values = {};
    for (const layer of layers) {
        for (const [key, value] of Object.entries(layer ?? {})) {
            const before = merged[key];
            merged[key] = isTree(before) && isTree(value) ? mergeValues(before, value) : value;
        }
    }
    return merged;
}

/** Sets a value at a key that is written as Helm's `--set` takes it, `image.repository`; makes the objects on the way. */
export function setAt(target: Values, key: string, value: unknown): void {
    const path = key.split(".");
    const last = path.pop()!;
    const inner = path.reduce<Values>((tree, step) => (tree[step] ??= {}) as Values, target);
    inner[last] = value;
}

function isTree(value: unknown): value is Values {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !pulumi.Output.isInstance(value) &&
        !(value instanceof Promise)
    );
}
