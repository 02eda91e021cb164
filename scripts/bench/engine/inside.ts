import fs from "node:fs";

import { Lab } from "../../../lab/lab";
import { LabError, describeError } from "../../../lab/labError";
import { isSandboxed } from "../../../lab/sandbox";
import { note } from "../../../lab/screen";
import { Toolchain } from "../../../lab/toolchain/ensure";
import { EngineTaken, measureOnEngine } from "./measure";

/** What the outside tells the inside. */
export interface EngineOrders {
    tools: Toolchain;
    apps: number[];
    /** The folder with the compiled programs. */
    folder: string;
    /** An open file for the results. */
    results: number;
}

async function main(): Promise<void> {
    if (!isSandboxed()) {
        throw new LabError("This program only runs inside the lab's sandbox.", "Use `npm run bench -- --engine`.");
    }
    const { tools, apps, folder, results } = JSON.parse(process.env.PROGRESSIVE_MESH_ORDERS ?? "{}") as EngineOrders;
    note("start the lab");
    const lab = await Lab.start(tools, note);
    const all: EngineTaken[] = [];
    await measureOnEngine(lab, folder, apps, tools, (taken) => {
        all.push(taken);
        const times = Object.entries(taken.seconds).map(([what, seconds]) => `${what} ${seconds.toFixed(1)} s`);
        note(`${taken.apps} applications, ${taken.program}, ${taken.settings}: ${times.join("; ")}`);
        fs.ftruncateSync(results);
        fs.writeSync(results, JSON.stringify(all), 0);
    });
    await lab.stop();
}

main().then(
    () => process.exit(0),
    (error: Error) => {
        process.stderr.write(`\n${describeError(error)}\n`);
        process.exit(1);
    },
);
