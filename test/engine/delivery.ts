import fs from "node:fs";
import path from "node:path";

import type { CanaryAppArgs, MeshBackendArgs, ProgressiveMeshClusterArgs } from "../../index";
import { Lab } from "../../lab/lab";
import { Project, PulumiResult } from "../../lab/pulumi";
import { succeeded } from "./asserts";

const programs = path.join(__dirname, "programs");

/** The applications of a program, by name. */
export type Apps = Record<string, { args: Omit<CanaryAppArgs, "platform">; dependsOn?: string[]; backends?: string[] }>;

/** The backends of a program, by name, each with the applications that come before it. */
export type Backends = Record<string, { args: Omit<MeshBackendArgs, "platform">; dependsOn?: string[] }>;

/**
 * The project of a platform with these arguments, on the cluster of a kubeconfig where one is given. Stacks refer to each
 * other where their state is in one folder, `state`.
 */
export async function givenPlatform(
    lab: Lab,
    name: string,
    args: ProgressiveMeshClusterArgs,
    { kubeconfig, state }: { kubeconfig?: string; state?: string } = {},
): Promise<Project> {
    const settings = { chartRepository: lab.charts };
    const project = await lab.pulumi.project(name, path.join(programs, "given"), "test", settings, state);
    await give(project, args);
    if (kubeconfig !== undefined) {
        await project.must(["config", "set", "--secret", "kubeconfig", kubeconfig]);
    }
    return project;
}

/** Sets what the platform of `givenPlatform` is to be from the next update on. */
export async function give(platform: Project, args: ProgressiveMeshClusterArgs): Promise<void> {
    await platform.must(["config", "set", "platform", JSON.stringify(args)]);
}

/** A platform that a program made, for others to build on. */
export class SharedPlatform {
    private constructor(
        readonly lab: Lab,
        private readonly stack: Project,
        readonly connection: string,
    ) {}

    static async up(lab: Lab): Promise<SharedPlatform> {
        const stack = await lab.pulumi.project("platform", path.join(programs, "platform"), "test", {
            chartRepository: lab.charts,
        });
        return SharedPlatform.of(lab, stack);
    }

    /** Brings a platform up as its settings have it, for the first time or after they changed. */
    static async of(lab: Lab, stack: Project): Promise<SharedPlatform> {
        succeeded(await stack.up());
        return new SharedPlatform(lab, stack, JSON.stringify((await stack.outputs()).connection));
    }

    /** A program of its own with these applications. */
    async program(name: string, apps: Apps, backends: Backends = {}): Promise<Program> {
        const project = await this.lab.pulumi.project(name, path.join(programs, "apps"), "test", {});
        await project.must(["config", "set", "backends", JSON.stringify(backends)]);
        const program = new Program(project, apps);
        await this.connect(program);
        return program;
    }

    /** Lets a program know the platform as it is now. */
    async connect(program: Program): Promise<void> {
        await program.project.must(["config", "set", "--secret", "connection", this.connection]);
    }

    destroy(): Promise<PulumiResult> {
        return this.stack.destroy();
    }
}

/** A program with applications that change from update to update. */
export class Program {
    constructor(
        readonly project: Project,
        readonly apps: Apps,
    ) {}

    /** Sets what the applications are, as they stand in `apps`. */
    async write(): Promise<void> {
        await this.project.must(["config", "set", "apps", JSON.stringify(this.apps)]);
    }

    async up(onLine?: (line: string) => void): Promise<PulumiResult> {
        await this.write();
        return this.project.up(onLine);
    }

    async preview(...args: string[]): Promise<PulumiResult> {
        await this.write();
        return this.project.preview(...args);
    }

    /** Gives an application another image. */
    image(name: string, tag: string): void {
        this.apps[name]!.args.workload!.image = podinfo(tag);
    }
}

export const podinfo = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;

/** A small application at the gateway, with the quickest analysis there is. */
export function app(
    name: string,
    namespace: string,
    changes: Partial<CanaryAppArgs> = {},
): Omit<CanaryAppArgs, "platform"> {
    return {
        namespace,
        // Long enough for the lab's proxies, which take less time than App Mesh's.
        workload: { image: podinfo("6.0.0"), port: 9898, readinessPath: "/readyz", preStopSeconds: 8 },
        analysis: {
            interval: "10s",
            // One failed check may be that the first measurement finds nothing yet.
            threshold: 3,
            steps: { stepWeights: [30, 60] },
            metrics: [{ name: "request-success-rate", min: 99, interval: "30s" }],
        },
        gateway: { path: `/${name}/` },
        ...changes,
    };
}

/** Writes what a run said to a file of the lab's logs, for whoever looks at it afterwards. */
export function keep(lab: Lab, name: string, result: PulumiResult): PulumiResult {
    fs.writeFileSync(path.join(lab.logs, `${name}.txt`), result.output);
    return result;
}

/** The weights that an update told of. */
export function weightsIn({ output }: PulumiResult): number[] {
    return [...output.matchAll(/CanaryApp \S+ .*\[[#-]{20}\] +(\d+) % +under way/g)]
        .map((match) => Number(match[1]))
        .filter((weight, index, all) => all[index - 1] !== weight);
}
