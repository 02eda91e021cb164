import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { root } from "../lab/paths";
import { note, say } from "../lab/screen";
import { exitCode } from "../lab/sandbox";
import { Row, line } from "../test/engine/faults/report";

/**
 * Runs the suites behind docs/reliability.md with more tries than `npm run test:engine` makes, and prints the table of faults.
 * Words choose among the suites; the environment sets how many tries and from which seed their moments are drawn.
 */
const suites = ["reliability", "faults", "kills", "outages"];

async function main(): Promise<number> {
    const chosen = process.argv.slice(2);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reliability-"));
    process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    const child = spawn(
        process.execPath,
        ["--import", "tsx", path.join(root, "scripts", "engineTests.ts"), ...(chosen.length > 0 ? chosen : suites)],
        {
            stdio: "inherit",
            cwd: root,
            env: { PROGRESSIVE_MESH_TRIES: "10", ...process.env, PROGRESSIVE_MESH_FAULTS: folder },
        },
    );
    const code = await exitCode(child);
    say();
    say("| fault | tries | survived | needed |");
    say("| --- | --- | --- | --- |");
    for (const file of fs.readdirSync(folder).sort()) {
        const { seed, rows } = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as {
            seed: number;
            rows: Row[];
        };
        rows.forEach((row) => say(line(row)));
        note(`${path.basename(file, ".json")}: PROGRESSIVE_MESH_SEED=${seed} draws the same moments`);
    }
    return code;
}

void main().then((code) => process.exit(code));
