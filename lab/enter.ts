import { spawnSandboxed } from "./sandbox";

const child = spawnSandboxed(process.argv.slice(2), "inherit", {});
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
