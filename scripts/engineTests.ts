import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Command, Option } from "commander";

import { duration } from "../components/units";
import { LabError } from "../lab/labError";
import { root } from "../lab/paths";
import { exitCode, requireNamespaces, spawnSandboxed, stopWhenTold } from "../lab/sandbox";
import { mark, note, say, table } from "../lab/screen";
import { noColor } from "../lab/terminal";
import { ensureTools } from "../lab/toolchain/ensure";
import { Tool, envoyGateway, languageTools } from "../lab/toolchain/tools";
import { endWith } from "../lab/ending";

/** Runs the suites of test/engine, each in a sandbox with a lab of its own, several at once: they mostly wait for Flagger's clock. */
const command = new Command("npm run test:engine --")
    .description(
        "The real engine, API server, Flagger, Prometheus and Envoy, in the lab. Without a word or an option: the suites of every " +
            "day, which are the life of a platform and an application, Flagger's traps, what users lose, and App Mesh's data plane. " +
            "The others take five times as long; CI runs them too.",
    )
    .argument("[words...]", "only the suites whose file has one of these words in its name")
    .addOption(new Option("--all", "every suite but those that are run by name alone").conflicts("long"))
    .option(noColor, "without colours, as with NO_COLOR=1")
    .option("--long", "of those, the suites that are not of every day")
    .showHelpAfterError();

/** What can be asked for besides names. */
interface Options {
    all?: boolean;
    long?: boolean;
}

const folder = path.join(root, "test", "engine");
const ending = ".test.ts";

/** How a suite ended. */
interface Outcome {
    suite: string;
    ok: boolean;
    milliseconds: number;
    totals: Totals;
}

/** What the suites under way have printed so far, by their names. */
const printed = new Map<string, Buffer[]>();

/** A line that test/reporter.cjs writes. */
interface Totals {
    passes: number;
    failures: number;
    pending: number;
    failed: { test: string; message: string }[];
}

async function main(): Promise<number> {
    requireNamespaces();
    command.parse();
    const waiting = suites(command.args, command.opts<Options>());
    const atOnce = suitesAtOnce();
    stopWhenTold();
    // Here and once: inside there is no network, and suites that build the same tool would only wait for each other.
    await ensureTools(waiting.flatMap((suite) => needs[suite] ?? []));

    const totals = fs.mkdtempSync(path.join(os.tmpdir(), "engine-tests-"));
    process.on("exit", () => {
        fs.rmSync(totals, { recursive: true, force: true });
        // Whoever stops a run that hangs wants to see where.
        for (const suite of printed.keys()) {
            show(suite, mark.warning, "was stopped");
        }
    });
    const outcomes: Outcome[] = [];
    const lane = async () => {
        for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
            outcomes.push(await runSuite(suite, path.join(totals, suite.replaceAll(path.sep, "_"))));
        }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    // The suites measure requests and rollouts, and two of them can be too much for a busy machine. What is wrong by itself is
    // wrong alone, too.
    for (const [index, { suite, ok }] of outcomes.entries()) {
        if (!ok && atOnce > 1 && outcomes.length > 1) {
            note(`${suite} failed beside others: once more, alone`);
            outcomes[index] = await runSuite(suite, path.join(totals, `${suite.replaceAll(path.sep, "_")}-alone`));
        }
    }
    outcomes.forEach((outcome) => handOn(outcome.totals));
    summarize(outcomes);
    return outcomes.every((outcome) => outcome.ok) ? 0 : 1;
}

/** Those that are run by their names alone, and not by CI: they would take it longer than all others together. */
const byName = new Set([
    "capabilities",
    "destroyHeld",
    "eksExamples",
    "evidence",
    "examples",
    "fastRollback",
    "faults",
    "howTos",
    "kills",
    "languages",
    "move",
    "outages",
    "scale",
]);

/** The tools that only some suites need. */
const needs: Record<string, Tool[]> = {
    capabilities: [envoyGateway],
    istioAndEnvoyGateway: [envoyGateway],
    languages: languageTools,
    move: [envoyGateway],
};

/** The suites of every day. */
const everyday = new Set(["devStack", "mesh", "reliability", "sandbox", "traps"]);

/** Those that take longest, in minutes: none of them should run alone at the end. */
const minutes: Record<string, number> = {
    devStack: 11,
    promotion: 8,
    platforms: 7,
    rows: 6,
    istioAndEnvoyGateway: 5,
    linkerdAndKubernetes: 5,
    policy: 5,
    secrets: 5,
    reliability: 4.4,
    twoStacks: 4,
    upgrade: 4,
    destroy: 4,
    judging: 3,
    operate: 5,
    ownMesh: 4,
    docs: 3.8,
    traps: 3.7,
    gitOps: 2,
    clusterGone: 1.5,
    mesh: 1,
};

/** The names of the suites to run, the longest first. */
function suites(words: string[], { all: every, long }: Options): string[] {
    const all = fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length));
    const isAskedFor = (suite: string) =>
        words.length === 0
            ? !byName.has(suite) && (every === true || everyday.has(suite) !== (long === true))
            : words.some((word) => `${suite}${ending}`.includes(word));
    const chosen = all.filter(isAskedFor);
    if (chosen.length === 0) {
        throw new LabError(`No suite is called like ${words.join(" or ")}.`, `There are: ${all.sort().join(", ")}.`);
    }
    return chosen.sort((a, b) => (minutes[b] ?? 0) - (minutes[a] ?? 0));
}

function suitesAtOnce(): number {
    const text = process.env.PROGRESSIVE_MESH_SUITES ?? "2";
    if (!/^[1-9]\d*$/.test(text)) {
        throw new LabError(
            `PROGRESSIVE_MESH_SUITES is "${text}", which is no number of suites to run at once.`,
            "Set it to 1 or more, or leave it out for 2.",
        );
    }
    return Number(text);
}

/** Runs a suite, and shows what it printed once it has ended. */
async function runSuite(suite: string, totalsFile: string): Promise<Outcome> {
    const began = Date.now();
    note(`${suite} starts`);
    const child = spawnSandboxed(
        [
            ...[process.execPath, path.join(root, "node_modules", "mocha", "bin", "mocha.js")],
            ...["--timeout", "600000", "--require", "./test/engine/theLab.ts"],
            path.join(folder, suite + ending),
        ],
        ["ignore", "pipe", "pipe"],
        { env: { MOCHA_TOTALS: totalsFile } },
    );
    const output: Buffer[] = [];
    printed.set(suite, output);
    child.stdout!.on("data", (data: Buffer) => output.push(data));
    child.stderr!.on("data", (data: Buffer) => output.push(data));
    const code = await exitCode(child);
    const totals = readTotals(suite, totalsFile);
    const ok = code === 0 && totals.failures === 0 && totals.passes + totals.pending > 0;
    const milliseconds = Date.now() - began;
    show(suite, ok ? mark.ok : mark.failed, `ended with code ${code}`);
    printed.delete(suite);
    return { suite, ok, milliseconds, totals };
}

function show(suite: string, how: string, state: string): void {
    say();
    note(`${how} ${suite} ${state}`);
    say(Buffer.concat(printed.get(suite)!).toString().trimEnd());
    say();
}

/** What the suite's mocha counted. One that ended before it counted is one failure. */
function readTotals(suite: string, file: string): Totals {
    return fs.existsSync(file)
        ? (JSON.parse(fs.readFileSync(file, "utf8")) as Totals)
        : { passes: 0, failures: 1, pending: 0, failed: [{ test: suite, message: "it ended before it counted" }] };
}

/** For whoever adds up the totals of several runs, as test/reporter.cjs does it. */
function handOn(totals: Totals): void {
    const file = process.env.MOCHA_TOTALS;
    if (file) {
        fs.appendFileSync(file, `${JSON.stringify(totals)}\n`);
    }
}

function summarize(outcomes: Outcome[]): void {
    table(
        ["", "suite", "passed", "failed", "skipped", "time"],
        outcomes.map(({ ok, suite, totals, milliseconds }) => [
            ok ? mark.ok : mark.failed,
            suite,
            ...[totals.passes, totals.failures, totals.pending].map(String),
            duration(milliseconds / 1000),
        ]),
    );
}

endWith(main());
