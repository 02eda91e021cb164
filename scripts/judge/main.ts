import fs from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { root } from "../../lab/paths";
import { ensureTools } from "../../lab/toolchain/ensure";
import { Case, cases } from "./cases";
import { judgesOf } from "./judges";
import { RecordingPrometheus } from "./prometheus";
import { Row, rowsOf, withTable } from "./report";
import { simulate } from "./simulate";

const command = new Command("npm run judge --")
    .description(
        "Judges simulated rollouts by the real Prometheus of the lab, and writes how often each judge was wrong into docs/judging.md.",
    )
    .argument(
        "[cases...]",
        `only these of ${cases.map(({ name }) => name).join(", ")}; the others stay as they were found before`,
    )
    .option("--rollouts <number>", "of each case, under each judge", "1000")
    .option("--seed <number>", "from 0 to 1, from which all is drawn", "0.11")
    .option("--dry", "write nothing")
    .showHelpAfterError();

const page = path.join(root, "docs", "judging.md");
const recording = path.join(root, "docs", "recordings", "judging.json");

async function main(): Promise<void> {
    command.parse();
    const { rollouts, seed, dry } = command.opts<{ rollouts: string; seed: string; dry?: boolean }>();
    const unknown = command.args.filter((name) => !cases.some((kind) => kind.name === name));
    if (unknown.length > 0) {
        command.error(`error: there is no case ${unknown.join(", ")}`);
    }
    const { prometheus } = await ensureTools();
    for (const kind of cases.filter(({ name }) => command.args.length === 0 || command.args.includes(name))) {
        const began = Date.now();
        const rows = await judged(prometheus!, kind, Number(rollouts), Number(seed));
        console.table(rows);
        console.log(`${kind.name}: ${Math.round((Date.now() - began) / 1000)} s`);
        if (dry !== true) {
            record(kind, rows);
        }
    }
}

/** Judges a case by a Prometheus of its own: all cases happen at the same time. */
async function judged(executable: string, kind: Case, rollouts: number, seed: number): Promise<Row[]> {
    const prometheus = await RecordingPrometheus.start(executable);
    try {
        return rowsOf(kind, await simulate(prometheus, kind, judgesOf(kind), rollouts, seed), rollouts);
    } finally {
        await prometheus.stop();
    }
}

/** Keeps what was found of a case, and shows it on the page beside the others. */
function record(kind: Case, rows: Row[]): void {
    const before = fs.existsSync(recording) ? (JSON.parse(fs.readFileSync(recording, "utf8")) as Row[]) : [];
    const all = [...before.filter((row) => row.case !== kind.name), ...rows];
    const sorted = cases.flatMap(({ name }) => all.filter((row) => row.case === name));
    fs.writeFileSync(recording, `${JSON.stringify(sorted, undefined, 4)}\n`);
    fs.writeFileSync(page, withTable(fs.readFileSync(page, "utf8"), sorted));
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
