import os from "node:os";

import { Evaluation, Taken, taken } from "./evaluation";
import { Run } from "./run";
import { Spread, spread } from "./statistics";

/** What importing costs: a program that imports Pulumi's SDK alone, and one that imports the library. */
export interface StartUp {
    nothing: Taken;
    imported: Taken;
    /** The library's processor time as a part of that of importing Pulumi's SDK alone, pair by pair. */
    ratio: Spread;
    /** How long the import of the library takes once Pulumi's SDK is loaded, in seconds by the clock. */
    importSeconds: Spread;
    /** How many files the library loads besides, by the package that they are of. */
    files: Record<string, number>;
    load: number;
}

export async function measureStartUp(evaluation: Evaluation, pairs: number): Promise<StartUp> {
    const load = os.loadavg()[0]!;
    await evaluation.run("nothing");
    await evaluation.run("imported");
    const runs: { nothing: Run; imported: Run }[] = [];
    for (let i = 0; i < pairs; i++) {
        const nothing = await evaluation.run("nothing");
        runs.push({ nothing, imported: await evaluation.run("imported") });
    }
    const first = runs[0]!;
    const before = new Set(first.nothing.modules);
    return {
        nothing: taken(runs.map(({ nothing }) => nothing)),
        imported: taken(runs.map(({ imported }) => imported)),
        ratio: spread(runs.map(({ nothing, imported }) => imported.cpuSeconds / nothing.cpuSeconds)),
        importSeconds: spread(runs.flatMap(({ imported }) => imported.importSeconds ?? [])),
        files: byPackage(first.imported.modules.filter((file) => !before.has(file))),
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
