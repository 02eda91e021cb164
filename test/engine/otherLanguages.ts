import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { Lab } from "../../lab/lab";
import { root } from "../../lab/paths";
import { Project, PulumiResult } from "../../lab/pulumi";

const plugin = "./node_modules/pulumi-progressive-mesh/plugin";

/** Runs `pulumi package` about the installed plugin in a project's folder. */
export function packageCommand(
    lab: Lab,
    project: Project,
    command: string,
    ...options: string[]
): Promise<PulumiResult> {
    return lab.pulumi.run(["package", command, plugin, ...options], project.folder, project.backend);
}

/** Gives the generated SDK in Python its metadata, by which it knows its own version: what installing it would do besides copying it. */
export function writeMetadata(lab: Lab, python: string, project: Project): Promise<PulumiResult> {
    const sdk = path.join(project.folder, "sdk", "python");
    return ended(python, ["setup.py", "-q", "egg_info"], sdk, lab.pulumi.environment);
}

/** Runs a project's program in Python inline, with the SDK that was generated for it. */
export function inline(lab: Lab, python: string, project: Project, ...args: string[]): Promise<PulumiResult> {
    const script = path.join(__dirname, "programs", "inline.py");
    return ended(python, [script, project.folder, project.stack, ...args], project.folder, {
        ...lab.pulumi.environment,
        PULUMI_BACKEND_URL: `file://${project.backend}`,
        PYTHONPATH: path.join(project.folder, "sdk", "python"),
        PYTHONUNBUFFERED: "1",
    });
}

/**
 * Builds the generated SDK in Go. Inside there is no network: Go takes Pulumi's SDK, in the version of the lab's Pulumi, from the modules
 * that it keeps since the lab's tools were built.
 */
export function goBuild(sdk: string): Promise<PulumiResult> {
    const pinned = path.join(root, "lab", "toolchain", "modules", "tools");
    const generated = fs.readFileSync(path.join(sdk, "go.mod"), "utf8");
    const [name] = /^module .+$/m.exec(generated) ?? [];
    const requirements = fs.readFileSync(path.join(pinned, "go.mod"), "utf8");
    fs.writeFileSync(
        path.join(sdk, "go.mod"),
        requirements.replace(/^module .+$/m, name!).replace(/^tool \([^)]*\)/m, ""),
    );
    fs.copyFileSync(path.join(pinned, "go.sum"), path.join(sdk, "go.sum"));
    return ended("go", ["build", "./..."], sdk, {
        ...process.env,
        GOFLAGS: "-mod=mod -buildvcs=false",
        GOPROXY: "off",
        GOSUMDB: "off",
    });
}

function ended(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<PulumiResult> {
    return new Promise((resolve) => {
        execFile(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
            const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
            resolve({ code, output: stdout + stderr, orphans: [] });
        });
    });
}
