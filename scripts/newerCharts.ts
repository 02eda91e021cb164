import { Command } from "commander";
import { parse } from "yaml";

import { Chart, charts } from "../components/charts";
import { color, mark, say, table } from "../lab/screen";
import { noColor } from "../lab/terminal";
import { isExact, newest } from "./chartVersions";

type Index = { entries?: Record<string, { version?: string }[]> } | null;

const patience = 15_000;

/** Every release of each chart that a Helm repository has. */
async function releasesOf(repository: string): Promise<(chart: string) => string[]> {
    const address = `${repository.replace(/\/+$/, "")}/index.yaml`;
    const response = await fetch(address, { signal: AbortSignal.timeout(patience) });
    if (!response.ok) {
        throw new Error(`HTTP ${response.status}`);
    }
    const index = parse(await response.text()) as Index;
    return (chart) =>
        (index?.entries?.[chart] ?? []).flatMap(({ version = "" }) => (isExact(version) ? [version] : []));
}

/** What there is to say of a chart, given the releases that its repository has; none are given where nobody answered. */
function compare(chart: Chart, releases: string[] | undefined): { newest: string; what: string; behind: boolean } {
    if (releases === undefined) {
        return { newest: "?", what: "the repository did not answer", behind: false };
    }
    const found = newest(releases);
    if (found === undefined) {
        return { newest: "-", what: color.red("not in the repository"), behind: true };
    }
    if (!releases.includes(chart.version)) {
        return { newest: found, what: color.red("the repository lacks the pinned version"), behind: true };
    }
    const behind = newest([chart.version, found]) !== chart.version;
    return { newest: found, what: behind ? color.yellow("newer") : color.green("up to date"), behind };
}

async function main({ fail, repository }: { fail?: boolean; repository?: string }): Promise<void> {
    const all = Object.values<Chart>(charts).map((chart) => ({ chart, from: repository ?? chart.repository }));
    const answers = new Map<string, Awaited<ReturnType<typeof releasesOf>>>();
    const problems: string[] = [];
    for (const from of new Set(all.map((one) => one.from))) {
        try {
            answers.set(from, await releasesOf(from));
        } catch (error) {
            const { message, cause } = error as Error;
            problems.push(`${from}: ${cause instanceof Error ? cause.message : message}`);
        }
    }
    const found = all.map(({ chart, from }) => ({ chart, ...compare(chart, answers.get(from)?.(chart.chart)) }));
    table(
        ["chart", "pinned", "newest", ""],
        found.map((one) => [one.chart.chart, one.chart.version, one.newest, one.what]),
    );
    problems.forEach((problem) => say(`${mark.warning} out of reach: ${problem}`));
    if (fail === true && (problems.length > 0 || found.some((one) => one.behind))) {
        process.exitCode = 1;
    }
}

void new Command("npm run charts --")
    .description("Compares the charts of the catalogue with the newest in their repositories.")
    .option("--fail", "end with 1 where a chart is behind, missing or out of reach")
    .option("--repository <address>", "ask this one for all charts, to see what a mirror has")
    .option(noColor, "without colours, as with NO_COLOR=1")
    .action(main)
    .parseAsync();
