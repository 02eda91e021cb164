import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { Spread, spread } from "./statistics";

/** What people would use instead. They make text, and leave it to something else to make objects of it. */
interface Other {
    title: string;
    program: string;
    /** What is installed for it, when it is first asked for. */
    packages: Record<string, string>;
}

const constructs = "10.8.1";

const others: readonly Other[] = [
    { title: "cdk8s synth", program: "cdk8s.cjs", packages: { cdk8s: "2.70.106", constructs } },
    {
        title: "CDK EKS Blueprints synth",
        program: "blueprints.cjs",
        packages: { "@aws-quickstart/eks-blueprints": "1.19.0", "aws-cdk-lib": "2.261.0", constructs },
    },
];

/** What another took. */
export interface OtherTaken {
    title: string;
    apps: number;
    seconds?: Spread;
    cpuSeconds?: Spread;
    peakBytes?: Spread;
    /** Why there are no numbers. */
    failed?: string;
}

/** Runs what else there is at a number of applications, in folders of their own: none of it is a dependency of this repository. */
export function measureOthers(folder: string, apps: number, runs: number): OtherTaken[] {
    return others.map(({ title, program, packages }) => {
        const place = path.join(folder, program.replace(".cjs", ""));
        try {
            install(place, packages);
            fs.copyFileSync(path.join(__dirname, "programs", program), path.join(place, program));
            // The first is not counted.
            const taken = Array.from({ length: runs + 1 }, () => run(place, program, apps)).slice(1);
            return {
                title,
                apps,
                seconds: spread(taken.map(({ seconds }) => seconds)),
                cpuSeconds: spread(taken.map(({ cpuSeconds }) => cpuSeconds)),
                peakBytes: spread(taken.map(({ peakBytes }) => peakBytes)),
            };
        } catch (error) {
            return { title, apps, failed: (error as Error).message };
        }
    });
}

function install(place: string, packages: Record<string, string>): void {
    const wanted = JSON.stringify({ private: true, dependencies: packages });
    const file = path.join(place, "package.json");
    if (
        fs.existsSync(file) &&
        fs.readFileSync(file, "utf8") === wanted &&
        fs.existsSync(path.join(place, "installed"))
    ) {
        return;
    }
    fs.rmSync(place, { recursive: true, force: true });
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(file, wanted);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: place, stdio: "ignore" });
    fs.writeFileSync(path.join(place, "installed"), "");
}

function run(place: string, program: string, apps: number): { seconds: number; cpuSeconds: number; peakBytes: number } {
    const use = path.join(place, "use.json");
    const began = performance.now();
    const { status, stderr } = spawnSync(
        process.execPath,
        ["--require", path.join(__dirname, "probe.cjs"), path.join(place, program)],
        {
            cwd: place,
            stdio: ["ignore", "ignore", "pipe"],
            env: {
                ...process.env,
                NODE_OPTIONS: "",
                BENCH_USE: use,
                BENCH_APPS: String(apps),
                BENCH_OUT: path.join(place, "out"),
            },
        },
    );
    if (status !== 0) {
        const lines = stderr.toString().split("\n");
        // Before it stands the line of code that threw, which can be a whole minified file.
        throw new Error(lines.find((line) => /^\w*Error: /.test(line))?.slice(0, 200) ?? `it ended with ${status}`);
    }
    return {
        seconds: (performance.now() - began) / 1000,
        ...(JSON.parse(fs.readFileSync(use, "utf8")) as { cpuSeconds: number; peakBytes: number }),
    };
}
