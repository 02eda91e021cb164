import { spawnSync } from "node:child_process";

interface Answer {
    error?: { summary?: string };
    message?: string;
    statusCode?: number;
    metadata?: { vulnerabilities: Record<string, number> };
}

/**
 * `npm audit`, which fails where a known weakness is in what is installed. Where the registry answers no such question, as mirrors
 * do, it says that nothing was checked and ends well: with `--must` it fails then too.
 */
function main(must: boolean): number {
    const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8" });
    const answer = JSON.parse(stdout || "{}") as Answer;
    const count = answer.metadata?.vulnerabilities;
    if (count === undefined) {
        const why = answer.message ?? answer.error?.summary ?? "no answer";
        process.stderr.write(
            `NOT CHECKED: the registry does not answer audits (${why.replace(/ - .*/, "")}). ` +
                "Ask one that does: npm audit --registry ADDRESS.\n",
        );
        return must ? 1 : 0;
    }
    const { total = 0, ...levels } = count;
    process.stdout.write(`npm audit: ${total} known weaknesses ${JSON.stringify(levels)}\n`);
    return total === 0 ? 0 : 1;
}

process.exit(main(process.argv.includes("--must")));
