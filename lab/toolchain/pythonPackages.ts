import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../labError";
import { PythonWith } from "./tools";

const run = promisify(execFile);

function requirements(tool: PythonWith): string {
    return path.join(__dirname, "wheels", tool.packages, "requirements.txt");
}

/** All that decides what is kept: some wheels are of one version of Python. */
export function packagesContents(tool: PythonWith): (string | Buffer)[] {
    let version = "";
    try {
        version = execFileSync("python3", ["--version"], { stdio: ["ignore", "pipe", "ignore"] }).toString();
    } catch {
        // That there is none is said where the packages are fetched.
    }
    return [fs.readFileSync(requirements(tool)), version];
}

/** Keeps the packages in a folder, and a command that is Python with them. What PYTHONPATH names comes first. */
export async function keepPackages(tool: PythonWith, folder: string): Promise<void> {
    const choice = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", requirements(tool)];
    await run("python3", ["-m", "pip", "install", ...choice, "--target", path.join(folder, "packages")]).catch(
        (error: { stdout?: string; stderr?: string }) => {
            const said = `${error.stdout ?? ""}${error.stderr ?? ""}`.trim().split("\n").slice(-15).join("\n");
            throw new LabError(
                `${tool.name} could not be fetched:\n${said}`,
                "Check that pip reaches its package index (`python3 -m pip config list`), then run this again.",
            );
        },
    );
    const packages = '${PYTHONPATH:+$PYTHONPATH:}$(dirname "$0")/packages';
    const script = `#!/bin/sh\nPYTHONPATH="${packages}" exec python3 "$@"\n`;
    fs.writeFileSync(path.join(folder, tool.name), script, { mode: 0o755 });
}
