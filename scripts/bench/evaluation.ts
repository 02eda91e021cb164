import { isDeepStrictEqual } from "node:util";
import os from "node:os";
import path from "node:path";

import { kubeconfig } from "../offline/answers";
import { compile } from "./compile";
import { Monitor, Registration } from "./monitor";
import { Run, runProgram } from "./run";
import { Spread, spread } from "./statistics";

/** What a program took, over several runs. */
export interface Taken {
    seconds: Spread;
    cpuSeconds: Spread;
    peakBytes: Spread;
    firstSeconds: Spread;
    modules: number;
    resources: number;
}

/** The two programs at a number of applications. */
export interface Compared {
    apps: number;
    raw: Taken;
    library: Taken;
    /** The library's processor time as a part of the raw program's, pair by pair. */
    cpuRatio: Spread;
    /** How long until the first resource is registered, in the same way. */
    firstRatio: Spread;
    /** How many programs wanted the processors when it began, over the last minute. */
    load: number;
}

const sources = { raw: "raw.ts", library: "library.ts", nothing: "nothing.ts", imported: "imported.ts" };

/** Runs compiled programs against a monitor of their own, one after the other. */
export class Evaluation {
    private constructor(
        private readonly monitor: Monitor,
        private readonly address: string,
        private readonly folder: string,
    ) {}

    static async start(folder: string): Promise<Evaluation> {
        const programs = Object.entries(sources).map(([name, file]) => [
            `${name}.js`,
            path.join(__dirname, "programs", file),
        ]);
        await compile(folder, Object.fromEntries(programs) as Record<string, string>);
        const { monitor, address } = await Monitor.start();
        return new Evaluation(monitor, address, folder);
    }

    stop(): void {
        this.monitor.stop();
    }

    run(program: keyof typeof sources, apps = 0): Promise<Run> {
        return runProgram(this.monitor, this.address, path.join(this.folder, `${program}.js`), {
            kubeconfig,
            apps: String(apps),
            loadTester: "true",
        });
    }

    /**
     * Pairs of both programs, which run one after the other and begin by turns, so that what else the machine does meets both.
     *
     * @throws Error when they do not register the same objects.
     */
    async compare(apps: number, pairs: number): Promise<Compared> {
        const load = os.loadavg()[0]!;
        await this.warmUp(apps);
        const runs: { raw: Run; library: Run }[] = [];
        for (let i = 0; i < pairs; i++) {
            const turns = i % 2 === 0 ? (["raw", "library"] as const) : (["library", "raw"] as const);
            const pair: Partial<(typeof runs)[number]> = {};
            for (const program of turns) {
                pair[program] = await this.run(program, apps);
            }
            runs.push(pair as (typeof runs)[number]);
        }
        const ratio = (of: (run: Run) => number) => spread(runs.map(({ raw, library }) => of(library) / of(raw)));
        return {
            apps,
            raw: taken(runs.map(({ raw }) => raw)),
            library: taken(runs.map(({ library }) => library)),
            cpuRatio: ratio(({ cpuSeconds }) => cpuSeconds),
            firstRatio: ratio(({ firstSeconds }) => firstSeconds),
            load,
        };
    }

    /** One run of each that is not counted. What they ask for has to be the same. */
    private async warmUp(apps: number): Promise<void> {
        await this.run("raw", apps);
        const raw = objects(this.monitor.registrations);
        await this.run("library", apps);
        const library = objects(this.monitor.registrations);
        const different = [...new Set([...raw.keys(), ...library.keys()])].find(
            (key) => !isDeepStrictEqual(raw.get(key), library.get(key)),
        );
        if (different !== undefined) {
            const [of, by] = [raw, library].map((made) => JSON.stringify(made.get(different)));
            throw new Error(
                `The programs do not make the same: ${different} is ${of} in raw.ts and ${by} in library.ts.`,
            );
        }
    }
}

/** What a program registered in the cluster, by type and name. */
function objects(registrations: readonly Registration[]): Map<string, unknown> {
    return new Map(
        registrations.filter(({ custom }) => custom).map((each) => [`${each.type} ${each.name}`, each.props]),
    );
}

export function taken(runs: readonly Run[]): Taken {
    return {
        seconds: spread(runs.map(({ seconds }) => seconds)),
        cpuSeconds: spread(runs.map(({ cpuSeconds }) => cpuSeconds)),
        peakBytes: spread(runs.map(({ peakBytes }) => peakBytes)),
        firstSeconds: spread(runs.map(({ firstSeconds }) => firstSeconds)),
        modules: runs[0]!.modules.length,
        resources: runs[0]!.resources,
    };
}
