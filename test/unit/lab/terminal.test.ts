import assert from "node:assert/strict";

import { terminalOf } from "../../../lab/terminal";

const cases: [what: string, isTTY: boolean, env: NodeJS.ProcessEnv, args: string[], live: boolean, colored: boolean][] =
    [
        ["a terminal", true, { TERM: "xterm" }, [], true, true],
        ["a pipe", false, {}, [], false, false],
        ["CI, also where it gives a terminal", true, { CI: "true" }, [], false, false],
        ["a machine that says it is no CI", true, { CI: "false" }, [], true, true],
        ["NO_COLOR", true, { NO_COLOR: "1" }, [], true, false],
        ["an empty NO_COLOR, which asks for nothing", true, { NO_COLOR: "" }, [], true, true],
        ["--no-color", true, {}, ["up", "--no-color"], true, false],
        ["FORCE_COLOR in a pipe", false, { FORCE_COLOR: "1" }, [], false, true],
        ["FORCE_COLOR in CI", false, { FORCE_COLOR: "3", CI: "1" }, [], false, true],
        ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, [], true, false],
        ["NO_COLOR beside FORCE_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, [], true, false],
        ["--no-color beside FORCE_COLOR", false, { FORCE_COLOR: "1" }, ["--no-color"], false, false],
        ["a terminal that can do nothing", true, { TERM: "dumb" }, [], false, false],
    ];

describe("what a terminal is given", () => {
    for (const [what, isTTY, env, args, live, colored] of cases) {
        it(`${what}: ${live ? "a moving line" : "plain lines"}, ${colored ? "colours" : "no colours"}`, () => {
            assert.deepEqual(terminalOf(isTTY, env, args), { live, colored });
        });
    }
});
