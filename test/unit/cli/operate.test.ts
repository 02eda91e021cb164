import assert from "node:assert/strict";

import { exitCodes, worst } from "../../../components/cli/exitCodes";
import { run } from "../../../components/cli/command";

describe("the command line of what operates", () => {
    async function refused(...args: string[]): Promise<string> {
        let said = "";
        const code = await run(args, { out: assert.fail, error: (text) => (said += text) });
        assert.equal(code, 2);
        return said;
    }

    it("acts on no revision that was not named, where nobody is asked", async () => {
        for (const command of ["approve", "abort", "retry", "rollback"]) {
            assert.match(await refused(command, "shop/web", "--yes"), /--yes needs --revision/);
            assert.match(await refused(command), /takes one namespace and Canary/);
        }
    });

    it("says all that is wrong at once", async () => {
        const said = await refused("status", "--watch", "--output", "yaml", "--timeout", "soon", "--yes");
        assert.deepEqual(
            said
                .trim()
                .split("\n")
                .map((line) => line.split(/[: ]/).slice(0, 2).join(" ")),
            ["--yes is", "status --watch", '--output "yaml"', '--timeout "soon"'],
        );
        assert.match(await refused("status", "shop/web", "--revision", "1"), /are for status --watch/);
        assert.match(
            await refused("status", "shop/web", "--namespace", "shop"),
            /leave it out where a Canary is named/,
        );
    });

    it("ends for many with what is worst", () => {
        assert.equal(exitCodes[worst(["promoted", "running", "wedged", "rolled-back"])], 4);
        assert.equal(exitCodes[worst(["promoted", "running", "rolled-back"])], 1);
        assert.equal(exitCodes[worst(["promoted", "running"])], 3);
        assert.equal(exitCodes[worst([])], 0);
    });
});
