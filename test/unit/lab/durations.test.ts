import assert from "node:assert/strict";

import { Durations } from "../../../lab/images/durations";

describe("the durations that the lab's application exports", () => {
    it("are a histogram by status, each bucket with all that came before", () => {
        const durations = new Durations();
        [0.004, 0.02, 3, 60].forEach((seconds) => durations.observe(200, seconds));
        durations.observe(500, 0.01);
        const values = (status: number) =>
            [...String(durations).matchAll(new RegExp(`status="${status}",le="[^"]+"} (\\d+)`, "g"))].map((m) =>
                Number(m[1]),
            );
        assert.deepEqual(values(200), [1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4]);
        assert.deepEqual(values(500), [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert.match(String(durations), /_count\{method="GET",path="root",status="200"\} 4\n/);
    });
});
