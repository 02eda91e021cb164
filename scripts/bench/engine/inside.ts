import fs from "node:fs";

import { Lab } from "../../../lab/lab";
import { note } from "../../../lab/screen";
import { Toolchain } from "../../../lab/toolchain/ensure";
import { EngineTaken, measureOnEngine } from "./measure";
import { endWith } from "../../../lab/ending";
import { ordersFrom } from "../../../lab/orders";

/** What the outside tells the inside. */
export interface EngineOrders {
    tools: Toolchain;
    apps: number[];
    skipCheckpoints: boolean;
    /** Whether nothing of an application is made but its Canary. */
    alone: boolean;
    /** The folder with the compiled programs. */
    folder: string;
    /** An open file for the results. */
    results: number;
}

async function main(): Promise<void> {
    const { tools, apps, skipCheckpoints, alone, folder, results } =
        ordersFrom<EngineOrders>("npm run bench -- --engine");
    note("start the lab");
    const lab = await Lab.start(tools, note);
    const all: EngineTaken[] = [];
    await measureOnEngine(lab, folder, { apps, skipCheckpoints, alone }, tools, (taken) => {
        all.push(taken);
        const times = Object.entries(taken.seconds).map(([what, seconds]) => `${what} ${seconds.toFixed(1)} s`);
        note(`${taken.apps} applications, ${taken.program}, ${taken.settings}: ${times.join("; ")}`);
        fs.ftruncateSync(results);
        fs.writeSync(results, JSON.stringify(all), 0);
    });
    await lab.stop();
}

endWith(main());
