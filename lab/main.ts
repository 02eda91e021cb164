import path from "node:path";

import { Command, Option } from "commander";

import type { Orders } from "./inside";
import { finished, requireNamespaces } from "./sandbox";
import { noColor } from "./terminal";
import { showStanding, startStanding, stopStanding } from "./standing";
import { meshStacks } from "./meshStacks";
import { addressOf, handleOf, listen } from "./sockets";
import { ensureTools } from "./toolchain/ensure";
import { meshTools } from "./toolchain/tools";
import { endWith } from "./ending";
import { spawnWithOrders } from "./orders";

interface Options {
    realPace?: boolean;
    mesh: string;
}

const paceOption = [
    "--real-pace",
    "with the dev stack's own interval (15 s) and steps (5 %), which takes about nine minutes instead of five",
] as const;

/** Which mesh is rehearsed. */
const meshOption = () =>
    new Option("--mesh <mesh>", "the mesh that the application is on")
        .choices(Object.keys(meshStacks))
        .default("appmesh");

const program = new Command("npm run lab --")
    .description(
        "A rehearsal on this machine, without a cloud: the real Pulumi engine builds the dev stack on a real Kubernetes API " +
            "server, the real Flagger promotes a good release and rolls back a bad one, and destroy leaves nothing. Only AWS, " +
            "the nodes and the mesh's proxies are stand-ins (docs/lab.md says which). It lives in kernel namespaces of its " +
            "own: no root, no network, no port of yours but one on loopback for the page that shows its rollouts, and nothing is left of it when it ends. Built tools stay in a cache.",
    )
    // Read where the colours are made, lab/screen.ts.
    .option(noColor, "without colours, as with NO_COLOR=1")
    .showHelpAfterError();

program
    .command("rehearse", { isDefault: true })
    .description("up, a good release, a bad release, destroy, and a table of what happened (the default)")
    .option(...paceOption)
    .addOption(meshOption())
    .action(async ({ realPace = false, mesh }: Options) => {
        requireNamespaces();
        const tools = await ensureTools(meshTools[mesh]);
        const page = await listen();
        const orders: Orders = { mode: "rehearse", tools, realPace, mesh, page: addressOf(page), pageSocket: 3 };
        const child = spawnWithOrders(path.join(__dirname, "inside.ts"), orders, [
            "inherit",
            "inherit",
            "inherit",
            handleOf(page),
        ]);
        // The inside listens on the same socket now; here it would only take connections away.
        page.close();
        process.exitCode = await finished(child);
    });

program
    .command("up")
    .description(
        "the dev stack, left running to play with: prints a kubeconfig for kubectl, and the addresses of the gateway and of the page",
    )
    .option(...paceOption)
    .addOption(meshOption())
    .action(async ({ realPace = false, mesh }: Options) => {
        requireNamespaces();
        await startStanding(await ensureTools(meshTools[mesh]), realPace, mesh);
    });

program.command("status").description("what the running lab's canaries are doing").action(showStanding);
program.command("down").description("end the running lab").action(stopStanding);

endWith(program.parseAsync());
