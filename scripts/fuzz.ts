import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";

import { Command } from "commander";

import type { Report, Task } from "../test/fuzz/worker";

/** One try takes less, also on a busy machine. */
const stuckSeconds = 180;
const tick = 10_000;

interface Options {
    runs: string;
    seed: string;
    path?: string;
    workers: string;
}

/** Gives every component bad input of every kind; answers whether all of it was answered as it has to be. */
async function main(options: Options): Promise<boolean> {
    const workers = options.path === undefined ? Number(options.workers) : 1;
    const runs = Math.ceil(Number(options.runs) / workers);
    const begin = Date.now();
    const reports = await Promise.all(
        Array.from({ length: workers }, (_, index) => work(Number(options.seed) + index, runs, options.path)),
    );
    const total: Record<string, number> = {};
    for (const [kind, count] of reports.flatMap(({ outcomes }) => Object.entries(outcomes))) {
        total[kind] = (total[kind] ?? 0) + count!;
    }
    for (const [kind, count] of Object.entries(total).sort()) {
        say(`${String(count).padStart(8)}  ${kind}`);
    }
    const all = Object.values(total).reduce((sum, count) => sum + count, 0);
    const failures = reports.filter(({ failure }) => failure !== undefined).length;
    say(
        `${all} argument objects in ${Math.round((Date.now() - begin) / 1000)} s; ${failures} of ${workers} workers failed`,
    );
    return failures === 0;
}

function work(seed: number, runs: number, start: string | undefined): Promise<Report> {
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const task: Task = { seed, runs, begun, ...(start !== undefined && { path: start }) };
    // A thread does not take over how this one reads TypeScript.
    const file = JSON.stringify(path.join(__dirname, "../test/fuzz/worker.ts"));
    const worker = new Worker(`require("tsx/cjs"); require(${file});`, { eval: true, workerData: task });
    return new Promise((resolve) => {
        let before = -1;
        let since = Date.now();
        const watch = setInterval(() => {
            const now = Atomics.load(begun, 0);
            say(`seed ${seed}: ${now} of ${runs}`);
            if (now !== before) {
                [before, since] = [now, Date.now()];
            } else if (Date.now() - since > stuckSeconds * 1000) {
                const at = start ?? String(now - 1);
                end({ outcomes: {}, failure: { path: at, arguments: "those", error: "it never came back" } });
            }
        }, tick);
        const end = (report: Report) => {
            clearInterval(watch);
            void worker.terminate();
            if (report.failure !== undefined) {
                const { path: at, arguments: given, error } = report.failure;
                say(`\n${given}\n${error}\nAgain: npm run fuzz -- --seed ${seed} --path ${at}\n`);
            }
            resolve(report);
        };
        worker.on("message", end);
        worker.on("error", (error) =>
            end({ outcomes: {}, failure: { path: "0", arguments: "", error: String(error) } }),
        );
    });
}

function say(text: string): void {
    process.stdout.write(`${text}\n`);
}

const command = new Command("npm run fuzz --")
    .description(
        "Gives all components, rolloutPlan and the settings of stacks/ bad input, and fails where the answer is none.",
    )
    .option("--runs <number>", "how many argument objects", "100000")
    .option("--seed <number>", "where chance begins; each further worker has the next one", "1")
    .option("--path <path>", "begins where a failure was, as it was printed")
    .option("--workers <number>", "how many at once", String(os.availableParallelism()));

main(command.parse().opts<Options>()).then(
    (ok) => process.exit(ok ? 0 : 1),
    (error: Error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
    },
);
