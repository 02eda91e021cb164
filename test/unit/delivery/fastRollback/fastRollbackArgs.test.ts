import assert from "node:assert/strict";

import {
    FastRollbackArgs,
    boundsOf,
    checkFastRollback,
    fastRollbackWarnings,
    fastRollbackWords,
} from "../../../../components/delivery/fastRollback/fastRollbackArgs";
import { linesOf } from "../../problems";

const beside = { waitForPromotion: {} };
const lines = (args: unknown, other: object = beside) =>
    linesOf((problems) => checkFastRollback(problems, "fastRollback", args, other));

describe("checkFastRollback", () => {
    for (const args of [undefined, {}, { revisions: 1 }, { revisions: 9, window: "90s" }, { window: "1h30m" }]) {
        it(`accepts ${JSON.stringify(args)}`, () => {
            assert.deepEqual(lines(args), []);
        });
    }

    it("asks for nothing where it is left out", () => {
        assert.deepEqual(lines(undefined, { skipAnalysis: true, target: { name: "web" } }), []);
    });

    for (const [args, shown] of [
        [null, "null"],
        [true, "true"],
        ["1h", '"a string"'],
        [[{}], '"a list"'],
    ] as const) {
        it(`refuses ${JSON.stringify(args)}`, () => {
            assert.deepEqual(lines(args), [
                `fastRollback: ${shown} is not an object. Write {} or { revisions: 3, window: "1h" }.`,
            ]);
        });
    }

    it("says all that is wrong at once", () => {
        const other = { skipAnalysis: true, target: { name: "web" }, canarySpec: { skipAnalysis: false } };
        assert.deepEqual(lines({ revisions: 10, window: "1 h" }, other), [
            "fastRollback.revisions: 10 is not a whole number from 1 to 9 (promotions). Give a number in that range.",
            'fastRollback.window: "1 h" is not a length of time. Write it like "30m" or "24h".',
            "waitForPromotion: nothing given, but it is required with `fastRollback`: whoever waits is who takes back that the " +
                "analysis is skipped. Give {} at the least.",
            "skipAnalysis: true leaves nothing for `fastRollback` to skip, which would take it back after the first rollback. " +
                "Keep one of the two.",
            "canarySpec.skipAnalysis: false is the field that `fastRollback` sets and takes back. Leave it out.",
            'fastRollback: {"revisions":10,"window":"1 h"} goes by the pods that this program makes, and a target of your own is ' +
                "made elsewhere. Leave it out, or give `workload` instead of `target`.",
        ]);
    });

    for (const window of ["0s", "", "1d", 60, {}]) {
        it(`refuses the window ${JSON.stringify(window)}`, () => {
            assert.deepEqual(lines({ window }), [
                `fastRollback.window: ${JSON.stringify(window)} is not a length of time. Write it like "30m" or "24h".`,
            ]);
        });
    }
});

describe("what is said of a fast rollback", () => {
    const words = (args: FastRollbackArgs) => fastRollbackWords(args);

    it("is how far back it goes", () => {
        assert.deepEqual(boundsOf({}), { revisions: 3, windowSeconds: 3600 });
        assert.equal(words({}), "back to one of the last 3 versions within 1 h without analysis");
        assert.equal(
            words({ revisions: 1, window: "90m" }),
            "back to the last version within 1 h 30 min without analysis",
        );
    });

    it("is a warning where somebody would have been asked", () => {
        const warnings = (args: unknown, gates: object) => fastRollbackWarnings("fastRollback", args, gates);
        assert.deepEqual(warnings({}, { rollout: {}, rollback: {} }), []);
        assert.deepEqual(warnings(undefined, { promotion: {} }), []);
        assert.deepEqual(warnings({}, { promotion: {}, trafficIncrease: { url: "http://a" } }), [
            "fastRollback: a version that it goes back to was approved before; gates.trafficIncrease and gates.promotion will not " +
                "be asked again. `gates.rollout` would be.",
        ]);
    });
});
