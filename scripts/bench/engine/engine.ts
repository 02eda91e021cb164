import fs from "node:fs";
import path from "node:path";

import { root } from "../../../lab/paths";
import { finished, requireNamespaces } from "../../../lab/sandbox";
import { ensureTools } from "../../../lab/toolchain/ensure";
import { compile } from "../compile";
import type { EngineOrders } from "./inside";
import { EngineHow, EngineTaken, enginePrograms } from "./measure";
import { spawnWithOrders } from "../../../lab/orders";

/** Runs both programs by the real engine in a lab. What was measured before a failure is kept. */
export async function onEngine(folder: string, how: EngineHow): Promise<EngineTaken[]> {
    requireNamespaces();
    const source = (program: string) => path.join(root, "scripts/bench/programs", `${program}.ts`);
    await compile(
        folder,
        Object.fromEntries(enginePrograms.map((program) => [`${program}/index.js`, source(program)])),
    );
    for (const program of enginePrograms) {
        for (const file of ["Pulumi.yaml", "Pulumi.bench.yaml"]) {
            fs.copyFileSync(path.join(__dirname, file), path.join(folder, program, file));
        }
    }
    const place = path.join(folder, "results.json");
    fs.writeFileSync(place, "[]");
    const results = fs.openSync(place, "r+");
    const orders: EngineOrders = { tools: await ensureTools(), ...how, folder, results: 3 };
    const child = spawnWithOrders(path.join(__dirname, "inside.ts"), orders, ["ignore", "inherit", "inherit", results]);
    if ((await finished(child)) !== 0) {
        process.exitCode = 1;
    }
    fs.closeSync(results);
    return JSON.parse(fs.readFileSync(place, "utf8")) as EngineTaken[];
}
