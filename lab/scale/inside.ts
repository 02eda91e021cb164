import fs from "node:fs";

import { Lab } from "../lab";
import { note, step, table } from "../screen";
import { Toolchain } from "../toolchain/ensure";
import { Measurement, measure } from "./measurement";
import { allWell, tableOf } from "./report";
import { ScaleSettings } from "./settings";
import { endWith } from "../ending";
import { ordersFrom } from "../orders";

/** What the outside tells the inside. */
export interface ScaleOrders {
    tools: Toolchain;
    apps: number[];
    settings: ScaleSettings;
    /** An open file for the results. */
    results: number;
}

async function main(): Promise<number> {
    const { tools, apps, settings, results } = ordersFrom<ScaleOrders>("npm run scale");
    const starting = step("start the lab: etcd, API server, controllers, nodes, charts");
    const lab = await Lab.start(tools, note).catch((error: Error) => {
        starting.fail();
        throw error;
    });
    starting.done();
    const measurements: Measurement[] = [];
    for (const count of apps) {
        const before = [...measurements];
        // After each step, so that a run which is stopped has told of what it did.
        const write = (measurement: Measurement) => {
            fs.ftruncateSync(results);
            fs.writeSync(results, `${JSON.stringify([...before, measurement], undefined, 2)}\n`, 0);
        };
        measurements.push(await measure(lab, count, settings, note, write));
    }
    const { head, rows } = tableOf(measurements);
    table(head, rows);
    await lab.stop();
    return allWell(measurements) ? 0 : 1;
}

endWith(main());
