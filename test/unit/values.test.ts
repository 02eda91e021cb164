import assert from "node:assert/strict";

import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import { Values, mergeValues } from "../../components/values";

const tree: fc.Arbitrary<Values> = fc.letrec<{ value: unknown; tree: Values }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, 0, "", "x", true),
        fc.array(fc.integer(), { maxLength: 2 }),
        tie("tree"),
    ),
    // Few keys, so that trees meet; those that every object has, so that none is taken for a value.
    tree: fc.dictionary(fc.constantFrom("a", "b", "toString"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
})).tree;

/** Every path to a leaf, with the leaf. An empty tree counts as one: it says that the key is there. */
function leaves(value: unknown, path: string[] = []): [string[], unknown][] {
    const isTree = typeof value === "object" && value !== null && !Array.isArray(value);
    const entries = isTree ? Object.entries(value) : [];
    return entries.length === 0 ? [[path, value]] : entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

const at = (value: unknown, path: string[]): unknown =>
    path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);

describe("mergeValues", () => {
    it("merges objects key by key and replaces everything else whole", () => {
        assert.deepEqual(
            mergeValues({ image: { repository: "r", tag: "1" }, list: [1, 2], gone: { a: 1 }, flat: 1 }, undefined, {
                image: { tag: "2" },
                list: [3],
                gone: null,
                flat: { now: "deep" },
            }),
            { image: { repository: "r", tag: "2" }, list: [3], gone: null, flat: { now: "deep" } },
        );
    });

    it("of nothing is empty", () => {
        assert.deepEqual(mergeValues(), {});
        assert.deepEqual(mergeValues(undefined), {});
    });

    it("lets every value of the later tree win", () => {
        fc.assert(
            fc.property(tree, tree, (ours, users) => {
                const merged = mergeValues(ours, users);
                for (const [path, value] of leaves(users)) {
                    // An empty tree adds nothing to one that is there, but it does replace a plain value.
                    if (typeof value !== "object" || value === null || Array.isArray(value)) {
                        assert.deepEqual(at(merged, path), value);
                    }
                }
            }),
        );
    });

    it("is idempotent, and the same however it is grouped", () => {
        fc.assert(
            fc.property(tree, tree, tree, (a, b, c) => {
                assert.deepEqual(mergeValues(a, a), a);
                assert.deepEqual(mergeValues(mergeValues(a, b), b), mergeValues(a, b));
                assert.deepEqual(mergeValues(a, b, c), mergeValues(mergeValues(a, b), c));
            }),
        );
    });

    it("keeps what only the earlier tree has", () => {
        fc.assert(
            fc.property(tree, (ours) => {
                assert.deepEqual(mergeValues(ours, { other: 1 }), { ...ours, other: 1 });
                assert.deepEqual(mergeValues(ours, {}), ours);
            }),
        );
    });

    it("changes none of its inputs", () => {
        fc.assert(
            fc.property(tree, tree, (a, b) => {
                const before = structuredClone([a, b]);
                mergeValues(a, b);
                assert.deepEqual([a, b], before);
            }),
        );
    });

    it("takes outputs and promises whole, for they cannot be looked into", () => {
        const output = pulumi.secret({ inner: 1 });
        const promise = Promise.resolve({ inner: 1 });
        const merged = mergeValues(
            { a: { plain: 1 }, b: output, c: { plain: 1 } },
            { a: output, b: { x: 1 }, c: promise },
        );
        assert.equal(merged.a, output);
        assert.deepEqual(merged.b, { x: 1 });
        assert.equal(merged.c, promise);
    });

    it("does not reach for a prototype", () => {
        const merged = mergeValues({}, JSON.parse('{"__proto__": {"polluted": true}}') as Values);
        assert.equal(({} as Record<string, unknown>).polluted, undefined);
        assert.deepEqual(Object.keys(merged).length <= 1, true);
    });
});
