import { finished, requireNamespaces, spawnSandboxed } from "./sandbox";
import { ensureTools } from "./toolchain/ensure";
import { envoyGateway } from "./toolchain/tools";
import { endWith } from "./ending";

/** Runs a command in a sandbox in which a lab can be started: `node --import tsx lab/enter.ts command ...`. */
async function main(): Promise<number> {
    requireNamespaces();
    // Here, because inside there is no network to fetch modules from.
    await ensureTools([envoyGateway]);
    return finished(spawnSandboxed(process.argv.slice(2), "inherit"));
}

endWith(main());
