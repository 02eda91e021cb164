import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

import { root } from "../docs";

const screen = JSON.stringify(path.join(root, "lab", "screen.ts"));
const program = `
const { step, note, say, table, bar, mark } = require(${screen});
const well = step("build"); well.update("half"); well.done();
step("start").fail();
note(bar(25));
say(mark.warning);
table(["a"], [["b"]]);
`;

/** What the lab's screen writes where it is no terminal. */
const written = (env: Record<string, string>, ...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", program, "--", ...args], {
        cwd: root,
        encoding: "utf8",
        env: { PATH: process.env.PATH, ...env },
    });
    assert.equal(stderr, "");
    return stdout;
};

describe("the lab's screen", () => {
    it("writes plain lines in CI: each stays, none moves the cursor or has a colour", () => {
        const text = written({ CI: "true" });
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(text, /[\r\x1b]/);
        const lines = text
            .replace(/^ +/gm, "  ")
            .replace(/\d+(\.\d)? s/g, "0 s")
            .split("\n");
        assert.deepEqual(lines.slice(0, 6), [
            "build ...",
            "  half",
            "ok build (0 s)",
            "start ...",
            "FAILED start (0 s)",
            "  0 s  [#####---------------]  25 %",
        ]);
        assert.equal(lines[6], "warning");
    });

    it("has colours where they are forced, and not where --no-color takes them away", () => {
        const colored = written({ CI: "true", FORCE_COLOR: "1" });
        assert.ok(colored.includes("\u001b[32mok\u001b[39m build"), JSON.stringify(colored));
        assert.ok(!colored.includes("\r"));
        assert.ok(!written({ FORCE_COLOR: "1" }, "--no-color").includes("\u001b"));
    });
});
