import fs from "node:fs";
import path from "node:path";

import { CustomObjectsApi } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";

import { Lab } from "../../../lab/lab";
import { Project } from "../../../lab/pulumi";
import { Toolchain } from "../../../lab/toolchain/ensure";

export const enginePrograms = ["raw", "library"] as const;

/** The settings of Pulumi that it is measured with, by what docs/scaling.md calls them. */
const settings: Readonly<Record<string, NodeJS.ProcessEnv>> = {
    default: {},
    "without checkpoints": { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_PARALLEL: "32" },
};

/** What is measured. */
export interface EngineHow {
    apps: number[];
    skipCheckpoints: boolean;
    /** Whether nothing of an application is made but its Canary. */
    alone: boolean;
    /** Whether it is measured how long `destroy` takes. */
    destroy: boolean;
}

const removal = ["destroy", "--yes", "--skip-preview"];

/** How long commands took with a program, in seconds. */
export interface EngineTaken {
    apps: number;
    program: (typeof enginePrograms)[number];
    settings: string;
    seconds: Record<string, number>;
}

/** Runs both programs by the real engine against a real API server; `sofar` is told of all that is measured, after each command. */
export async function measureOnEngine(
    lab: Lab,
    folder: string,
    { apps, skipCheckpoints, alone, destroy }: EngineHow,
    tools: Toolchain,
    sofar: (all: readonly EngineTaken[], command: string) => void,
): Promise<void> {
    await makeDefinitions(lab, tools);
    const all: EngineTaken[] = [];
    const chosen = Object.entries(settings).filter(([name]) => !skipCheckpoints || name !== "default");
    for (const count of apps) {
        for (const [name, environment] of chosen) {
            for (const program of enginePrograms) {
                const project = await projectOf(lab, path.join(folder, program), `${program}-${count}-${name[0]}`, {
                    apps: String(count),
                    alone: String(alone),
                });
                const seconds: Record<string, number> = {};
                all.push({ apps: count, program, settings: name, seconds });
                for (const [what, ...args] of [
                    ["preview", "preview"],
                    ["up", "up", "--yes", "--skip-preview"],
                    ["up, no change", "up", "--yes", "--skip-preview"],
                    ...(destroy ? [["destroy", ...removal]] : []),
                ] as [string, ...string[]][]) {
                    seconds[what] = await timed(project, args, environment);
                    sofar(all, what);
                }
                if (!destroy) {
                    // The next program makes objects of the same names.
                    await timed(project, removal, settings["without checkpoints"]!);
                }
            }
        }
    }
}

/** The definition of Canaries, of Flagger's own chart: Flagger itself does not run, so nothing acts on them. */
async function makeDefinitions(lab: Lab, tools: Toolchain): Promise<void> {
    const file = path.join(path.dirname(tools["flagger"]!), "charts/flagger/crds/crd.yaml");
    // Sent as it is: as a known kind the client would leave out fields that it does not know.
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    const kind = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };
    for (const document of parseAllDocuments(fs.readFileSync(file, "utf8"))) {
        const body: unknown = document.toJS();
        if (body !== null) {
            await api.createClusterCustomObject({ ...kind, body });
        }
    }
}

async function projectOf(lab: Lab, program: string, name: string, config: Record<string, string>): Promise<Project> {
    const project = await lab.pulumi.project(name, program, "bench", {
        ...config,
        loadTester: "false",
        // The lab has no program for it.
        image: "progressive-mesh.lab/counted:1",
    });
    const text = fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8");
    await project.must(["config", "set", "--secret", "kubeconfig", text]);
    return project;
}

async function timed(project: Project, args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
    const began = performance.now();
    const { code, output } = await project.run(args, undefined, undefined, environment);
    if (code !== 0) {
        throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output.slice(-2000)}`);
    }
    return (performance.now() - began) / 1000;
}
