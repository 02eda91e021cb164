import fs from "node:fs";

import { Lab } from "../../../lab/lab";
import { note } from "../../../lab/screen";
import { Toolchain } from "../../../lab/toolchain/ensure";
import { EngineHow, measureOnEngine } from "./measure";
import { endWith } from "../../../lab/ending";
import { ordersFrom } from "../../../lab/orders";

/** What the outside tells the inside. */
export interface EngineOrders extends EngineHow {
    tools: Toolchain;
    /** The folder with the compiled programs. */
    folder: string;
    /** An open file for the results. */
    results: number;
}

async function main(): Promise<void> {
    const { tools, folder, results, ...how } = ordersFrom<EngineOrders>("npm run bench -- --engine");
    note("start the lab");
    const lab = await Lab.start(tools, note);
    await measureOnEngine(lab, folder, how, tools, (all, command) => {
        const { apps, program, settings, seconds } = all.at(-1)!;
        note(`${apps} applications, ${program}, ${settings}: ${command} ${seconds[command]!.toFixed(1)} s`);
        fs.ftruncateSync(results);
        fs.writeSync(results, JSON.stringify(all), 0);
    });
    await lab.stop();
}

endWith(main());
