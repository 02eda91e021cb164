import fs from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { finished, requireNamespaces } from "../sandbox";
import { ensureTools } from "../toolchain/ensure";
import type { ScaleOrders } from "./inside";
import type { ScaleSettings } from "./settings";
import { endWith } from "../ending";
import { spawnWithOrders } from "../orders";
import { wholeNumber, wholeNumbers } from "../wholeNumber";

interface Options extends Omit<ScaleSettings, "flagger"> {
    apps: number[];
    flaggerThreads?: number;
    flaggerQps?: number;
    json: string;
}

const count = wholeNumber(1);

const program = new Command("npm run scale --")
    .description(
        "Measures on this machine, without a cloud, what many applications on one platform cost: up, an up without a change, a " +
            "new version for all of them at once, destroy. The engine, the Kubernetes API, Flagger and Prometheus are real; " +
            "the applications are not (docs/scaling.md).",
    )
    .requiredOption(
        "--apps <numbers>",
        "how many applications; several numbers with commas, one after another",
        wholeNumbers(1),
    )
    .option("--per-namespace <number>", "how many of them share a namespace", count, 10)
    .option("--interval <duration>", "the interval of their Canaries", "30s")
    .option("--no-wait", "let `pulumi up` end before their promotions")
    .option("--no-release", "only up and destroy")
    .option("--skip-checkpoints", "let Pulumi save the state at the end alone", false)
    .option("--parallel <number>", "how many resources Pulumi works on at once (default: its own)", count)
    .option(
        "--provider-qps <number>",
        "requests a second of Pulumi's Kubernetes provider (default: the library's)",
        count,
    )
    .option("--flagger-threads <number>", "Flagger's `threadiness` (default: Flagger's own)", count)
    .option(
        "--flagger-qps <number>",
        "Flagger's `kubernetesQps`, and half of its burst (default: Flagger's own)",
        count,
    )
    .option("--json <file>", "where to write the results", "scale.json")
    .showHelpAfterError()
    .action(async (options: Options) => {
        requireNamespaces();
        const { apps, flaggerThreads, flaggerQps, json, ...settings } = options;
        const results = fs.openSync(path.resolve(json), "w");
        const orders: ScaleOrders = {
            tools: await ensureTools(),
            apps,
            settings: {
                ...settings,
                flagger: {
                    ...(flaggerThreads !== undefined && { threadiness: flaggerThreads }),
                    ...(flaggerQps !== undefined && { kubernetesQps: flaggerQps, kubernetesBurst: flaggerQps * 2 }),
                },
            },
            results: 3,
        };
        const child = spawnWithOrders(path.join(__dirname, "inside.ts"), orders, [
            "ignore",
            "inherit",
            "inherit",
            results,
        ]);
        process.exitCode = await finished(child);
    });

endWith(program.parseAsync());
