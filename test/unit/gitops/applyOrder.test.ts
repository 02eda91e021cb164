import assert from "node:assert/strict";

import fc from "fast-check";

import { inOrder } from "../../../components/gitops/applyOrder";

describe("inOrder", () => {
    it("puts first what others wait for", () => {
        const waits = { shop: ["shared", "base"], shared: ["base"], base: [], alone: [] };
        assert.deepEqual(inOrder(waits), { order: ["base", "alone", "shared", "shop"], stuck: [] });
    });

    it("finds those that wait for each other, and not those behind them", () => {
        const waits = { a: ["b"], b: ["c"], c: ["a"], behind: ["a"], self: ["self"], free: [] };
        assert.deepEqual(inOrder(waits), { order: ["free"], stuck: ["a", "b", "c", "self"] });
    });

    it("always ends, with everything in its place or behind somebody who is stuck", () => {
        const names = ["a", "b", "c", "d", "e"];
        const waits = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names)])));
        fc.assert(
            fc.property(waits, (graph) => {
                const { order, stuck } = inOrder(graph);
                order.forEach((name, index) => {
                    assert.ok(graph[name]!.every((other) => order.slice(0, index).includes(other)));
                });
                assert.equal(stuck.length === 0, order.length === names.length);
                assert.ok(stuck.every((name) => graph[name]!.some((other) => stuck.includes(other))));
            }),
        );
    });
});
