import assert from "node:assert/strict";

import { lineOf, stateOf } from "../../../../components/delivery/promotion/state";
import { Sight } from "../../../../components/delivery/promotion/verdict";
import { promotedSight } from "./sights";

const cases: [Partial<Sight>, sentence: string, line: string][] = [
    [{ phase: "" }, "not seen by Flagger yet", "not seen by Flagger yet"],
    [{}, "promoted", "promoted"],
    [{ promoted: false }, "not begun yet", "same"],
    [{ promoted: false, phase: "Initialized" }, "not begun yet", "same"],
    [{ primaryRolledOut: false }, "promoted, but not all of the primary's pods are ready", "same"],
    [
        { phase: "Progressing", weight: 5, promoted: false },
        "under way, weight 5 %",
        "[#-------------------]   5 %  under way",
    ],
    [{ phase: "Progressing", iterations: 3, failedChecks: 1 }, "under way, check 3, 1 failed check", "same"],
    [
        { phase: "Progressing", weight: 100, iterations: 1, failedChecks: 2 },
        "under way, weight 100 %, check 1, 2 failed checks",
        "[####################] 100 %  under way, check 1, 2 failed checks",
    ],
    [{ phase: "SomethingNew" }, "SomethingNew", "same"],
];

describe("a rollout's state", () => {
    for (const [changes, sentence, line] of cases) {
        it(`is in a sentence "${sentence}", and as a line "${line}"`, () => {
            assert.equal(stateOf({ ...promotedSight, ...changes }), sentence);
            assert.equal(lineOf({ ...promotedSight, ...changes }), line === "same" ? sentence : line);
        });
    }
});
