import fs from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { root } from "../../lab/paths";
import { ensureTools } from "../../lab/toolchain/ensure";
import { cases } from "./cases";
import { judges } from "./judges";
import { RecordingPrometheus } from "./prometheus";
import { Row, rowsOf, withTable } from "./report";
import { simulate } from "./simulate";

/** Judges simulated rollouts by the real Prometheus, and writes how often each judge was wrong into docs/judging.md. */
const command = new Command("npm run judge --")
    .argument("[cases...]", "only these; then nothing is written")
    .option("--rollouts <number>", "of each case, under each judge", "1000")
    .option("--seed <number>", "from 0 to 1, from which all is drawn", "0.11")
    .showHelpAfterError();

async function main(): Promise<void> {
    command.parse();
    const { rollouts, seed } = command.opts<{ rollouts: string; seed: string }>();
    const asked = command.args;
    const chosen = cases.filter(({ name }) => asked.length === 0 || asked.includes(name));
    const tools = await ensureTools();
    const rows: Row[] = [];
    for (const kind of chosen) {
        // Empty for each, since all of them happen at the same time.
        const prometheus = await RecordingPrometheus.start(tools.prometheus!);
        try {
            const began = Date.now();
            const outcomes = await simulate(prometheus, kind, judges, Number(rollouts), Number(seed));
            rows.push(...rowsOf(kind, outcomes));
            console.log(JSON.stringify(rows.slice(-judges.length)), `${Math.round((Date.now() - began) / 1000)} s`);
        } finally {
            await prometheus.stop();
        }
    }
    if (asked.length === 0) {
        const page = path.join(root, "docs", "judging.md");
        fs.writeFileSync(page, withTable(fs.readFileSync(page, "utf8"), rows, Number(rollouts)));
    }
}

void main();
