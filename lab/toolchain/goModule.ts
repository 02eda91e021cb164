import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../labError";
import { BuiltTool, KeptFile } from "./tools";

const run = promisify(execFile);
const modules = path.join(__dirname, "modules");

/** All that decides what is built. */
export function moduleContents(tool: BuiltTool | KeptFile): (string | Buffer)[] {
    const files = ["go.mod", "go.sum", "main.go"].map((file) => path.join(modules, tool.module, file));
    return [
        ...files.map((file) => (fs.existsSync(file) ? fs.readFileSync(file) : "")),
        "keeps" in tool ? tool.keeps.file : [tool.package, tool.ldflags, tool.tags, tool.carries?.folder].join("\n"),
    ];
}

/** Fails with a remedy where nothing can be built. */
export async function requireGo(): Promise<void> {
    await run("go", ["version"]).catch(() => {
        throw new LabError(
            "Go is not installed, and the lab has tools to build.",
            "Install Go 1.24 or newer and make sure that `go version` works, then run this again.",
        );
    });
}

/**
 * Fetches what tools are built from, one after the other, while others are built: that waits for the network, and building for the
 * processors. What cannot be fetched is left to the build, which says so.
 */
export async function fetchAhead(wanted: readonly BuiltTool[], signal: AbortSignal): Promise<void> {
    for (const tool of wanted) {
        const args = ["list", "-mod=readonly", "-deps", "-f", "", ...tagsOf(tool), tool.package];
        await run("go", args, { cwd: path.join(modules, tool.module), signal }).catch(() => undefined);
    }
}

function tagsOf({ tags }: BuiltTool): string[] {
    return tags === undefined ? [] : ["-tags", tags];
}

/** Builds the tool into a folder, and puts beside it what it carries. */
export async function buildFromModule(tool: BuiltTool, folder: string): Promise<void> {
    const cwd = path.join(modules, tool.module);
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
                    // What the linker would leave out need not be compiled: a tenth of the time.
                    "-gcflags=all=-dwarf=false",
                    "-ldflags",
                    `-s -w ${tool.ldflags ?? ""}`,
                ],
                ...tagsOf(tool),
                ...["-o", path.join(folder, tool.name), tool.package],
            ],
            { cwd, stdio: ["ignore", "pipe", "pipe"] },
        );
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (data: Buffer) => log.push(data.toString()));
        }
        child.on("error", reject);
        child.on("close", resolve);
    });
    if (code !== 0) {
        throw new LabError(
            `${tool.name} could not be built:\n${log.join("").trim().split("\n").slice(-15).join("\n")}`,
            "If a module could not be fetched, check that the Go module proxy is reachable (`go env GOPROXY`); then run this again: what is built already is kept.",
        );
    }
    if (tool.carries !== undefined) {
        const { module, folder: carried } = tool.carries;
        // Go keeps its modules read-only; a cache has to be deletable.
        await run("cp", ["-r", "--no-preserve=mode", path.join(await folderOf(module, cwd), carried), folder]);
    }
}

/** Fetches the module of a file and puts the file into a folder. */
export async function keepFromModule(tool: KeptFile, folder: string): Promise<void> {
    const cwd = path.join(modules, tool.module);
    const { module, file } = tool.keeps;
    await run("go", ["mod", "download", module], { cwd }).catch((error: { stderr?: string }) => {
        throw new LabError(
            `${tool.name} could not be fetched:\n${(error.stderr ?? "").trim()}`,
            "Check that the Go module proxy is reachable (`go env GOPROXY`); then run this again.",
        );
    });
    fs.copyFileSync(path.join(await folderOf(module, cwd), file), path.join(folder, tool.name));
}

/** Where Go keeps a module that it has. */
async function folderOf(module: string, cwd: string): Promise<string> {
    const { stdout } = await run("go", ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module], { cwd });
    return stdout.trim();
}
