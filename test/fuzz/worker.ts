import { parentPort, workerData } from "node:worker_threads";

import fc from "fast-check";

import { Outcome, attempt } from "./attempt";
import { anyCase } from "./cases";

/** What a worker is to do. */
export interface Task {
    seed: number;
    runs: number;
    /** Where to begin, as a failure said it. */
    path?: string;
    /** How many tries were begun, for the one who watches: a loop without end can say nothing itself. */
    begun: Int32Array;
}

/** What a worker found. */
export interface Report {
    outcomes: Partial<Record<`${string} ${Outcome}`, number>>;
    failure?: { path: string; arguments: string; error: string };
}

async function main({ seed, runs, path, begun }: Task): Promise<Report> {
    const outcomes: Report["outcomes"] = {};
    const found = await fc.check(
        fc.asyncProperty(anyCase, async (one) => {
            Atomics.add(begun, 0, 1);
            const kind = `${one.subject} ${await attempt(one)}` as const;
            outcomes[kind] = (outcomes[kind] ?? 0) + 1;
        }),
        { seed, numRuns: runs, ...(path !== undefined && { path }) },
    );
    if (!found.failed) {
        return { outcomes };
    }
    const error = found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance);
    return { outcomes, failure: { path: found.counterexamplePath!, arguments: found.counterexample![0].text, error } };
}

void main(workerData as Task).then((report) => {
    parentPort!.postMessage(report);
    // What hung in a try must not keep the worker.
    process.exit(0);
});
