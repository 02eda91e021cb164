import fc from "fast-check";

import { attempt } from "../fuzz/attempt";
import { anyCase } from "../fuzz/cases";

/** Always the same ones, so that a change which fails has failed by itself. `npm run fuzz` has others and more. */
const seed = 8;

describe("bad input", () => {
    it("is refused with one error before anything is registered, or is no bad input", async function () {
        this.timeout(600_000);
        await fc.assert(
            fc.asyncProperty(
                anyCase.map((one) => ({ ...one, [fc.toStringMethod]: () => one.text })),
                async (one) => void (await attempt(one)),
            ),
            { seed, numRuns: 600 },
        );
    });
});
