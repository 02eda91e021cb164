import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Monitor } from "./monitor";

/** What one run of a program took. */
export interface Run {
    /** From its start to its end, by the clock. */
    seconds: number;
    /** From its start until it had registered its first resource. */
    firstSeconds: number;
    /** Of the processor, by the program and by its system calls. */
    cpuSeconds: number;
    /** The most memory that it had. */
    peakBytes: number;
    /** How long the import of the library took, by the clock, once Pulumi's SDK was loaded; absent where it is not imported. */
    importSeconds?: number;
    /** The files that it loaded. */
    modules: string[];
    /** How many resources it registered. */
    resources: number;
}

const commandRun = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run");

/** Runs a compiled program as Pulumi does at a preview, but with a monitor that answers at once. */
export async function runProgram(
    monitor: Monitor,
    address: string,
    program: string,
    config: Record<string, string>,
    nodeOptions: string[] = [],
): Promise<Run> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
    const use = path.join(folder, "use.json");
    monitor.reset();
    const settings = Object.entries(config).map(([key, value]) => [`bench:${key}`, value]);
    const began = performance.now();
    try {
        await ended(
            spawn(
                process.execPath,
                [
                    ...nodeOptions,
                    "--require",
                    path.join(__dirname, "probe.cjs"),
                    commandRun,
                    ...["--monitor", address, "--engine", address],
                    ...["--project", "bench", "--stack", "bench", "--organization", "bench"],
                    ...["--pwd", path.dirname(program), "--dry-run", "--parallel", "16"],
                    program,
                ],
                {
                    stdio: ["ignore", "ignore", "inherit"],
                    env: {
                        ...process.env,
                        NODE_OPTIONS: "",
                        BENCH_USE: use,
                        PULUMI_NODEJS_TYPESCRIPT: "false",
                        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(settings)),
                    },
                },
            ),
        );
        const now = performance.now();
        if (monitor.errors.length > 0) {
            throw new Error(`${program} failed: ${monitor.errors.join("\n")}`);
        }
        return {
            seconds: (now - began) / 1000,
            firstSeconds: ((monitor.firstAt ?? now) - began) / 1000,
            resources: monitor.registrations.length,
            ...(JSON.parse(fs.readFileSync(use, "utf8")) as Pick<
                Run,
                "cpuSeconds" | "peakBytes" | "importSeconds" | "modules"
            >),
        };
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`A program ended with ${code}.`))));
    });
}
