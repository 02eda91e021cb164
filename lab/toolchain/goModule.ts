import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../labError";
import { BuiltTool, KeptFile } from "./tools";

const run = promisify(execFile);
const modules = path.join(__dirname, "modules");

/** Starts Go so that it does not go on when nobody waits for it any more. */
const [program, ...go] = ["setpriv", "--pdeathsig", "INT", "--", "go"] as const;

/** All that decides what is built. */
export function moduleContents(tool: BuiltTool | KeptFile): (string | Buffer)[] {
    const files = ["go.mod", "go.sum"];
    if ("keeps" in tool) {
        return [...files.map((file) => read(tool.module, file)), tool.keeps.file];
    }
    if (isOurs(tool.package)) {
        files.push(path.join(tool.package, "main.go"));
    }
    if (tool.instead !== undefined) {
        files.push(tool.instead.by);
    }
    return [
        ...files.map((file) => read(tool.module, file)),
        [tool.package, tool.ldflags, tool.tags, tool.carries?.folder, tool.instead?.file].join("\n"),
    ];
}

function read(module: string, file: string): Buffer {
    return fs.readFileSync(path.join(modules, module, file));
}

/** Whether a package lies in the folder of its module, and not in a module of others. */
export function isOurs(name: string): boolean {
    return name.startsWith(".");
}

/** Fails with a remedy where nothing can be built. */
export async function requireGo(): Promise<void> {
    await run("go", ["version"]).catch(() => {
        throw new LabError(
            "Go is not installed, and the lab has tools to build.",
            "Install Go 1.26 or newer and make sure that `go version` works, then run this again.",
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
        await run(program, [...go, ...args], { cwd: path.join(modules, tool.module), signal }).catch(() => undefined);
    }
}

function tagsOf({ tags }: BuiltTool): string[] {
    return tags === undefined ? [] : ["-tags", tags];
}

/** Builds the tool into a folder, and puts beside it what it carries. */
export async function buildFromModule(tool: BuiltTool, folder: string): Promise<void> {
    const cwd = path.join(modules, tool.module);
    const changed = tool.instead && path.join(folder, "changed");
    const flags = changed === undefined ? [] : ["-modfile", await changeModule(tool, changed)];
    const log: string[] = [];
    const code = await new Promise<number | null>((resolve, reject) => {
        const child = spawn(
            program,
            [
                ...go,
                ...[
                    "build",
                    "-mod=readonly",
                    ...flags,
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
            {
                cwd,
                stdio: ["ignore", "pipe", "pipe"],
                // Compilers are over soon, so that to tidy up their memory is in vain: a sixth of the time.
                env: { GOGC: "400", ...process.env },
            },
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
        await copy(path.join(await folderOf(module, cwd), carried), folder);
    }
    if (changed !== undefined) {
        fs.rmSync(changed, { recursive: true });
    }
}

/** Makes a copy of a module with a file of ours in it, and answers a go.mod by which it is built in the module's place. */
async function changeModule({ module, instead }: BuiltTool, folder: string): Promise<string> {
    const cwd = path.join(modules, module);
    const { module: changed, file, by } = instead!;
    await download(changed, cwd);
    const copied = path.join(folder, "module");
    fs.mkdirSync(folder);
    await copy(await folderOf(changed, cwd), copied);
    fs.copyFileSync(path.join(cwd, by), path.join(copied, file));
    for (const name of ["go.mod", "go.sum"]) {
        fs.copyFileSync(path.join(cwd, name), path.join(folder, name));
    }
    const goMod = path.join(folder, "go.mod");
    await run("go", ["mod", "edit", `-replace=${changed}=${copied}`, goMod]);
    return goMod;
}

/** Copies a folder of a module. Go keeps its modules read-only; a cache has to be deletable. */
async function copy(from: string, to: string): Promise<void> {
    await run("cp", ["-r", "--no-preserve=mode", from, to]);
}

/** Fetches the module of a file and puts the file into a folder. */
export async function keepFromModule(tool: KeptFile, folder: string): Promise<void> {
    const cwd = path.join(modules, tool.module);
    const { module, file } = tool.keeps;
    await download(module, cwd);
    fs.copyFileSync(path.join(await folderOf(module, cwd), file), path.join(folder, tool.name));
}

/** Has Go fetch a module, and verify it by the go.sum. */
async function download(module: string, cwd: string): Promise<void> {
    await run("go", ["mod", "download", module], { cwd }).catch((error: { stderr?: string }) => {
        throw new LabError(
            `${module} could not be fetched:\n${(error.stderr ?? "").trim()}`,
            "Check that the Go module proxy is reachable (`go env GOPROXY`); then run this again.",
        );
    });
}

/** Where Go keeps a module that it has. */
async function folderOf(module: string, cwd: string): Promise<string> {
    const { stdout } = await run("go", ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module], { cwd });
    return stdout.trim();
}
