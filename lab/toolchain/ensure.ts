import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../labError";
import { cache } from "../paths";
import { duration, say, step } from "../screen";
import { Tool, tools } from "./tools";

const run = promisify(execFile);
const modules = path.join(__dirname, "modules");

/** Where each tool of the lab is, by its name. */
export type Toolchain = Readonly<Record<string, string>>;

/** Finds or builds every tool of the lab. */
export async function ensureTools(): Promise<Toolchain> {
    const found: Record<string, string> = {};
    const missing: Tool[] = [];
    for (const tool of tools) {
        const executable = (await fittingOnPath(tool)) ?? builtBefore(tool);
        if (executable === undefined) {
            missing.push(tool);
        } else {
            found[tool.name] = executable;
        }
    }
    if (missing.length > 0) {
        await requireGo();
        const minutes = Math.ceil(missing.reduce((sum, tool) => sum + tool.minutes, 0));
        say(`${missing.length} tools to build, about ${minutes} min on two cores; later runs find them in the cache`);
        for (const [index, tool] of missing.entries()) {
            found[tool.name] = await build(tool, `${index + 1}/${missing.length}`);
        }
    }
    return found;
}

/** The tool on PATH, if there is one of a version that fits. */
async function fittingOnPath(tool: Tool): Promise<string | undefined> {
    if (tool.onPath === undefined) {
        return undefined;
    }
    for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
        const executable = path.join(folder, tool.name);
        if (folder === "" || !fs.existsSync(executable)) {
            continue;
        }
        const { args, fits } = tool.onPath;
        const answer = await run(executable, args, { timeout: 20_000 }).then(
            (out) => out.stdout + out.stderr,
            (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ""}${error.stderr ?? ""}`,
        );
        return fits.test(answer) ? executable : undefined;
    }
    return undefined;
}

/** The tool's place in the cache: named after all that decides what is in it. */
function cached(tool: Tool): string {
    const hash = createHash("sha256");
    for (const file of ["go.mod", "go.sum", "main.go"]) {
        const full = path.join(modules, tool.module, file);
        hash.update(fs.existsSync(full) ? fs.readFileSync(full) : "");
    }
    const { carries } = tool;
    hash.update([tool.package, tool.ldflags, tool.tags, carries?.folder, process.platform, process.arch].join("\n"));
    return path.join(cache, "tools", `${tool.name}-${hash.digest("hex").slice(0, 12)}`, tool.name);
}

function builtBefore(tool: Tool): string | undefined {
    const executable = cached(tool);
    return fs.existsSync(executable) ? executable : undefined;
}

async function requireGo(): Promise<void> {
    await run("go", ["version"]).catch(() => {
        throw new LabError(
            "Go is not installed, and the lab has tools to build.",
            "Install Go 1.24 or newer and make sure that `go version` works, then run this again.",
        );
    });
}

async function build(tool: Tool, count: string): Promise<string> {
    const executable = cached(tool);
    const folder = path.dirname(executable);
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    // Built beside its place and then moved there, so that a broken build is never taken for a tool.
    const workshop = fs.mkdtempSync(`${folder}.building-`);
    const progress = step(
        `build ${count} ${tool.name}: ${tool.purpose} (usually about ${duration(tool.minutes * 60_000)})`,
    );
    const log: string[] = [];
    const code = await new Promise<number | null>((resolve, reject) => {
        const child = spawn(
            "go",
            [
                ...[
                    "build",
                    "-mod=readonly",
                    "-trimpath",
                    "-buildvcs=false",
                    "-ldflags",
                    `-s -w ${tool.ldflags ?? ""}`,
                ],
                ...(tool.tags === undefined ? [] : ["-tags", tool.tags]),
                ...["-o", path.join(workshop, tool.name), tool.package],
            ],
            { cwd: path.join(modules, tool.module), stdio: ["ignore", "pipe", "pipe"] },
        );
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (data: Buffer) => log.push(data.toString()));
        }
        child.on("error", reject);
        child.on("close", resolve);
    });
    if (code !== 0) {
        progress.fail();
        fs.rmSync(workshop, { recursive: true, force: true });
        throw new LabError(
            `${tool.name} could not be built:\n${log.join("").trim().split("\n").slice(-15).join("\n")}`,
            "If a module could not be fetched, check that the Go module proxy is reachable (`go env GOPROXY`); then run this again: what is built already is kept.",
        );
    }
    if (tool.carries !== undefined) {
        const { module, folder: carried } = tool.carries;
        const cwd = path.join(modules, tool.module);
        const { stdout } = await run("go", ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module], { cwd });
        // Go keeps its modules read-only; a cache has to be deletable.
        await run("cp", ["-r", "--no-preserve=mode", path.join(stdout.trim(), carried), workshop]);
    }
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(workshop, folder);
    progress.done();
    return executable;
}
