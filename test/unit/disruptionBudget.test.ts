import assert from "node:assert/strict";

import fc from "fast-check";

import { blocksEviction, checkBudget } from "../../components/disruptionBudget";
import { linesOf } from "./problems";

const check = (budget: unknown) => linesOf((problems) => checkBudget(problems, "b", budget as never));

describe("checkBudget", () => {
    it("accepts numbers and shares", () => {
        assert.deepEqual(check(undefined), []);
        for (const amount of ["0", "1", "12", "0%", "50%", "100%"]) {
            assert.deepEqual(check({ minAvailable: amount }), [], amount);
            assert.deepEqual(check({ maxUnavailable: amount }), [], amount);
        }
    });

    it("refuses everything else", () => {
        for (const amount of [1, "-1", "1.5", "101%", "half", "", "% "]) {
            assert.deepEqual(check({ minAvailable: amount }), [
                `b.minAvailable: ${JSON.stringify(amount)} is neither a number of pods nor a share of them, as a text. ` +
                    'Write it like "1" or "50%".',
            ]);
        }
    });

    it("refuses both ways to say it, and neither", () => {
        const rule = "has to say in exactly one way what it means. Give one of minAvailable, maxUnavailable.";
        assert.deepEqual(check({}), [`b: {} ${rule}`]);
        assert.deepEqual(check({ minAvailable: "1", maxUnavailable: "1" }), [
            `b: {"minAvailable":"1","maxUnavailable":"1"} ${rule}`,
        ]);
    });
});

describe("blocksEviction", () => {
    it("is so where nothing may be missing", () => {
        assert.equal(blocksEviction({ minAvailable: "1" }, 1), true);
        assert.equal(blocksEviction({ minAvailable: "1" }, 2), false);
        assert.equal(blocksEviction({ minAvailable: "3" }, 2), true);
        assert.equal(blocksEviction({ minAvailable: "51%" }, 2), true);
        assert.equal(blocksEviction({ minAvailable: "50%" }, 2), false);
        assert.equal(blocksEviction({ maxUnavailable: "0%" }, 9), true);
        assert.equal(blocksEviction({ maxUnavailable: "1%" }, 1), false);
    });

    it("is never so where one pod may be missing, and always so where all have to be there", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (replicas, share) => {
                assert.equal(blocksEviction({ maxUnavailable: String(share) }, replicas), false);
                assert.equal(blocksEviction({ maxUnavailable: `${share}%` }, replicas), false);
                assert.equal(blocksEviction({ minAvailable: "100%" }, replicas), true);
                assert.equal(blocksEviction({ minAvailable: String(replicas - 1) }, replicas), false);
            }),
        );
    });
});
