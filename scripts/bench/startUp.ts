import os from "node:os";

import { Evaluation, Taken, taken } from "./evaluation";
import { Run } from "./run";
import { Spread, spread } from "./statistics";

/** What importing costs: a program that imports Pulumi's SDK alone, and one that imports the library. */
export interface StartUp {
    nothing: Taken;
    imported: Taken;
    /** How many files the library loads besides, by the package that they are of. */
    files: Record<string, number>;
    /** How much more processor time the library takes, in seconds, pair by pair. */
    moreSeconds: Spread;
    load: number;
}

export async function measureStartUp(evaluation: Evaluation, pairs: number): Promise<StartUp> {
    const load = os.loadavg()[0]!;
    await evaluation.run("nothing");
    await evaluation.run("imported");
    const runs: { nothing: Run; imported: Run }[] = [];
    for (let i = 0; i < pairs; i++) {
        runs.push({ nothing: await evaluation.run("nothing"), imported: await evaluation.run("imported") });
    }
    const first = runs[0]!;
    const before = new Set(first.nothing.modules);
    return {
        nothing: taken(runs.map(({ nothing }) => nothing)),
        imported: taken(runs.map(({ imported }) => imported)),
        files: byPackage(first.imported.modules.filter((file) => !before.has(file))),
        moreSeconds: spread(runs.map(({ nothing, imported }) => imported.cpuSeconds - nothing.cpuSeconds)),
        load,
    };
}

function byPackage(files: string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const file of files) {
        const name = /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? "the program";
        counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
}
