import assert from "node:assert/strict";

import { line } from "../../engine/faults/report";
import { draws } from "../../engine/faults/tries";

describe("the table of faults", () => {
    it("says what was needed, and how often where there was more than one try", () => {
        const needed = { "`pulumi cancel`": 1, "`pulumi up` again": 1 };
        assert.equal(
            line({ fault: "Disk full", tries: 1, survived: 1, needed }),
            "| Disk full | 1 | 1 | `pulumi cancel`; `pulumi up` again |",
        );
        assert.equal(
            line({ fault: "Killed", tries: 3, survived: 2, needed: { "`pulumi cancel`": 2 } }),
            "| Killed | 3 | 2 | `pulumi cancel`: 2 |",
        );
    });
});

describe("draws", () => {
    it("are the same for the same purpose, others for another, and spread from 0 to 1", () => {
        const many = (purpose: string) => Array.from({ length: 1000 }, draws(purpose));
        assert.deepEqual(many("kills"), many("kills"));
        assert.notDeepEqual(many("kills"), many("outages"));
        const tenths = many("kills").map((drawn) => Math.floor(drawn * 10));
        assert.deepEqual([...new Set(tenths)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
});
