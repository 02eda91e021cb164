import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Command, Option } from "commander";

import { cache } from "../../lab/paths";
import { note, say, table } from "../../lab/screen";
import { wholeNumber, wholeNumbers } from "../../lab/wholeNumber";
import { onEngine } from "./engine/engine";
import { EngineHow } from "./engine/measure";
import { Evaluation } from "./evaluation";
import { machine } from "./machine";
import { measureOthers } from "./others";
import { Results, engineTable, evaluationTable, othersTable, startUpTable } from "./report";
import { measureStartUp } from "./startUp";

interface Options extends EngineHow {
    pairs: number;
    others: boolean;
    engine: boolean;
    json: string;
}

/** An option of what is measured by the real engine, which it asks for. */
function onEngineOnly(flags: string, description: string): Option {
    return new Option(flags, `--engine: ${description}`).implies({ engine: true });
}

const program = new Command("npm run bench --")
    .description(
        "Measures what the library costs beside a program that makes the same resources without it, as ratios of runs by turns " +
            "(docs/performance.md). No credentials, no cluster and no network.",
    )
    .option("--apps <numbers>", "how many applications; several numbers with commas", wholeNumbers(1), [1, 10, 100])
    .option("--pairs <number>", "how many runs of each program", wholeNumber(1), 5)
    .option("--no-others", "leave out cdk8s and CDK EKS Blueprints, which are installed for it (545 MB)")
    .option("--engine", "only by the real engine in the lab: preview, up and destroy (docs/lab.md)", false)
    .addOption(
        onEngineOnly("--skip-checkpoints", "only with the settings for the first `up` of a large stack").default(false),
    )
    .addOption(onEngineOnly("--alone", "of each application only its Canary, all in one namespace").default(false))
    .addOption(onEngineOnly("--no-destroy", "leave out how long `destroy` takes; the objects go without being timed"))
    .option("--json <file>", "where to write the results", "bench.json")
    .showHelpAfterError();

async function main(): Promise<void> {
    const { pairs, others, engine, json, ...how } = program.parse().opts<Options>();
    if (engine) {
        const taken = await onEngine(path.join(cache, "bench-engine"), how);
        fs.writeFileSync(json, `${JSON.stringify({ machine: machine(), engine: taken }, undefined, 2)}\n`);
        const { head, rows } = engineTable(taken);
        table(head, rows);
        return;
    }
    const evaluation = await Evaluation.start(path.join(cache, "bench"));
    const results: Results = { machine: machine(), pairs, evaluation: [], others: [] };
    const write = () => fs.writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
    note(`start-up: ${pairs} runs`);
    results.startUp = await measureStartUp(evaluation, pairs);
    write();
    for (const count of how.apps) {
        note(`${count} applications: ${pairs} pairs of runs`);
        results.evaluation.push(await evaluation.compare(count, pairs));
        if (others) {
            results.others.push(...measureOthers(path.join(cache, "bench-others"), count, pairs));
        }
        // After each, so that a run which is stopped has told of what it did.
        write();
    }
    evaluation.stop();
    const { cores, gibibytes, node, sdk } = results.machine;
    say(
        `${cores} cores, ${gibibytes} GiB, Node.js ${node}, @pulumi/pulumi ${sdk}, load ${os.loadavg()[0]!.toFixed(1)}`,
    );
    for (const { head, rows } of [
        startUpTable(results.startUp),
        evaluationTable(results.evaluation),
        othersTable(results.others),
    ]) {
        if (rows.length > 0) {
            table(head, rows);
        }
    }
}

main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
});
