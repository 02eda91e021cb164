import fs from "node:fs";
import path from "node:path";

import { Command, Option } from "commander";

import { meshStacks } from "../meshStacks";
import { finished, requireNamespaces } from "../sandbox";
import { ensureTools } from "../toolchain/ensure";
import { meshTools } from "../toolchain/tools";
import type { TraceOrders } from "./inside";
import { endWith } from "../ending";
import { spawnWithOrders } from "../orders";
import { wholeNumber } from "../wholeNumber";

interface Options {
    mesh: string;
    svg: string;
    clusterSeconds: number;
    podSeconds: number;
}

const program = new Command("npm run trace --")
    .description(
        "Brings up a platform with an application in the lab and draws what waited for what (docs/performance.md). The engine, the " +
            "Kubernetes API and Helm are real; AWS and the pods of charts are not, and are ready at once unless you say how long they take.",
    )
    .addOption(new Option("--mesh <mesh>", "on which mesh").choices(Object.keys(meshStacks)).default("appmesh"))
    .option("--svg <file>", "where to draw it", "trace.svg")
    .addOption(
        new Option("--cluster-seconds <seconds>", "how long the EKS cluster takes; some 540 in AWS")
            .argParser(wholeNumber(0))
            .default(0),
    )
    .addOption(
        new Option("--pod-seconds <seconds>", "how long a pod takes to pull its images and to start")
            .argParser(wholeNumber(0))
            .default(0),
    )
    .showHelpAfterError()
    .action(async ({ mesh, svg, clusterSeconds, podSeconds }: Options) => {
        requireNamespaces();
        const result = fs.openSync(path.resolve(svg), "w");
        const orders: TraceOrders = {
            tools: await ensureTools(meshTools[mesh]),
            mesh,
            clusterSeconds,
            podSeconds,
            result: 3,
        };
        const child = spawnWithOrders(path.join(__dirname, "inside.ts"), orders, [
            "ignore",
            "inherit",
            "inherit",
            result,
        ]);
        process.exitCode = await finished(child);
    });

endWith(program.parseAsync());
