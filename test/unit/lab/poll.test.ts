import assert from "node:assert/strict";

import { poll } from "../../../lab/poll";

describe("polling", () => {
    it("asks until there is an answer", async () => {
        let asked = 0;
        assert.equal(await poll(() => (++asked === 3 ? "there" : undefined), 60, 1), "there");
        assert.equal(asked, 3);
    });

    it("takes every answer but undefined", async () => {
        for (const answer of [false, 0, "", null]) {
            assert.equal(await poll(() => Promise.resolve(answer), 60, 1), answer);
        }
    });

    it("asks at least once, and answers undefined when the time is over", async () => {
        let asked = 0;
        assert.equal(await poll(() => void ++asked, -1), undefined);
        assert.equal(asked, 1);
    });

    it("hands on what goes wrong", async () => {
        await assert.rejects(
            poll(() => Promise.reject(new Error("broken")), 60),
            /^Error: broken$/,
        );
    });
});
