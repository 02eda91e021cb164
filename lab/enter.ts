import { describeError } from "./labError";
import { finished, requireNamespaces, spawnSandboxed } from "./sandbox";
import { ensureTools } from "./toolchain/ensure";

/** Runs a command in a sandbox in which a lab can be started: `node --import tsx lab/enter.ts command ...`. */
async function main(): Promise<number> {
    requireNamespaces();
    // Here, because inside there is no network to fetch modules from.
    await ensureTools();
    return finished(spawnSandboxed(process.argv.slice(2), "inherit"));
}

main().then(
    (code) => process.exit(code),
    (error: Error) => {
        process.stderr.write(`\n${describeError(error)}\n`);
        process.exit(1);
    },
);
