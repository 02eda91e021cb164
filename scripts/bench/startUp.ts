import os from "node:os";

import { Evaluation, Taken, taken } from "./evaluation";
import { Run } from "./run";
import { Spread, spread } from "./statistics";

/**
 * What importing costs: a program that imports Pulumi's SDK alone, one that imports the library, and one that imports what the library does
 * of others and not the library.
 */
export interface StartUp {
    nothing: Taken;
    imported: Taken;
    same: Taken;
    /** The library's processor time as a part of that of importing the same without it, pair by pair. */
    ofSame: Spread;
    /** How many files the library loads besides, by the package that they are of. */
    files: Record<string, number>;
    /** How much more processor time the library takes, in seconds, pair by pair. */
    moreSeconds: Spread;
    load: number;
}

const ownFolder = "node_modules/pulumi-progressive-mesh/";

export async function measureStartUp(evaluation: Evaluation, pairs: number): Promise<StartUp> {
    const load = os.loadavg()[0]!;
    await evaluation.run("nothing");
    const { modules } = await evaluation.run("imported");
    // Those of the program before it, which runs every program, are loaded anyway.
    const others = modules.filter((file) => file.includes("node_modules") && !file.includes(ownFolder));
    evaluation.addProgram("same", others);
    await evaluation.run("same");
    const runs: { nothing: Run; imported: Run; same: Run }[] = [];
    for (let i = 0; i < pairs; i++) {
        const nothing = await evaluation.run("nothing");
        runs.push({ nothing, imported: await evaluation.run("imported"), same: await evaluation.run("same") });
    }
    const first = runs[0]!;
    const before = new Set(first.nothing.modules);
    return {
        nothing: taken(runs.map(({ nothing }) => nothing)),
        imported: taken(runs.map(({ imported }) => imported)),
        same: taken(runs.map(({ same }) => same)),
        ofSame: spread(runs.map(({ imported, same }) => imported.cpuSeconds / same.cpuSeconds)),
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
