import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { cache } from "../../lab/paths";
import { note, say, table } from "../../lab/screen";
import { Evaluation } from "./evaluation";
import { machine } from "./machine";
import { Results, evaluationTable, startUpTable } from "./report";
import { measureStartUp } from "./startUp";

interface Options {
    apps: number[];
    pairs: number;
    json: string;
}

function numbers(text: string): number[] {
    return text.split(",").map((each) => {
        if (!/^[1-9]\d{0,3}$/.test(each)) {
            throw new InvalidArgumentError("Give whole numbers from 1 to 9999, with commas.");
        }
        return Number(each);
    });
}

const program = new Command("npm run bench --")
    .description(
        "Measures what the library costs beside a program that makes the same resources without it, as ratios of runs by turns " +
            "(docs/performance.md). No credentials, no cluster and no network.",
    )
    .option("--apps <numbers>", "how many applications; several numbers with commas", numbers, [1, 10, 100])
    .option("--pairs <number>", "how many runs of each program", (text) => numbers(text)[0]!, 5)
    .option("--json <file>", "where to write the results", "bench.json")
    .showHelpAfterError();

async function main(): Promise<void> {
    const { apps, pairs, json } = program.parse().opts<Options>();
    const evaluation = await Evaluation.start(path.join(cache, "bench"));
    const results: Results = { machine: machine(), pairs, evaluation: [] };
    const write = () => fs.writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
    note(`start-up: ${pairs} runs`);
    results.startUp = await measureStartUp(evaluation, pairs);
    write();
    for (const count of apps) {
        note(`${count} applications: ${pairs} pairs of runs`);
        results.evaluation.push(await evaluation.compare(count, pairs));
        // After each, so that a run which is stopped has told of what it did.
        write();
    }
    evaluation.stop();
    const { cores, gibibytes, node, sdk } = results.machine;
    say(
        `${cores} cores, ${gibibytes} GiB, Node.js ${node}, @pulumi/pulumi ${sdk}, load ${os.loadavg()[0]!.toFixed(1)}`,
    );
    for (const { head, rows } of [startUpTable(results.startUp), evaluationTable(results.evaluation)]) {
        table(head, rows);
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
