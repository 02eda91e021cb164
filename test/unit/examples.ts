import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { root } from "./docs";
import { run } from "./docsCompiler";
import { Graph, Outputs, awsAnswers, awsOutputs, graph, kubeconfig } from "./graph";
import { remove, set, valueOf } from "./stacks/stackFiles";

/** The settings of a stack by their keys; those of the project are without its name. */
export type Settings = Record<string, unknown>;

/** A project of an example: a folder with a Pulumi.yaml and an index.ts. Most examples are one, some have two. */
export interface ExampleProject {
    /** As it is called in messages: "many-apps/app". */
    name: string;
    folder: string;
    stacks: string[];
}

/** The example's folder with its page and its projects. */
export interface Example {
    name: string;
    readme: string;
    projects: ExampleProject[];
}

const examples = path.join(root, "examples");
const folders = (parent: string) =>
    fs
        .readdirSync(parent, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => path.join(parent, name));
// The one in YAML has nothing to compile or to record: the engine's suite `languages` runs it.
const isProject = (folder: string) =>
    ["Pulumi.yaml", "index.ts"].every((file) => fs.existsSync(path.join(folder, file)));

function projectAt(folder: string): ExampleProject {
    return {
        name: path.relative(examples, folder),
        folder,
        stacks: fs
            .readdirSync(folder)
            .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
            .sort(),
    };
}

/** Every example in TypeScript that there is: new ones are found. */
export function allExamples(): Example[] {
    return folders(examples)
        .map((folder) => ({ folder, projects: [folder, ...folders(folder)].filter(isProject).map(projectAt) }))
        .filter(({ projects }) => projects.length > 0)
        .map(({ folder, projects }) => ({
            name: path.basename(folder),
            readme: fs.readFileSync(path.join(folder, "README.md"), "utf8"),
            projects,
        }));
}

/** The text of a project's program. */
export const programOf = ({ folder }: ExampleProject) => fs.readFileSync(path.join(folder, "index.ts"), "utf8");

/** What the project's Pulumi.yaml says. */
export function projectFile({ folder }: ExampleProject): { name: string; runtime: string; description: string } {
    return parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")) as ReturnType<typeof projectFile>;
}

/** The settings that a stack's file has. */
export function settingsOf(project: ExampleProject, stack: string): Settings {
    const text = fs.readFileSync(path.join(project.folder, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Settings };
    const own = `${projectFile(project).name}:`;
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(own, ""), value]));
}

/** The connection that applications of other stacks get from a platform. */
const connection = {
    kubeconfig,
    clusterName: "dev",
    mesh: { provider: "istio" },
    metricsServer: "http://prometheus-server.flagger-system",
    gateway: { address: "gateway.example", objectName: "public", objectNamespace: "istio-ingress" },
};

/** Answers as AWS, EKS and Helm would, and as a platform's stack to whoever refers to it. */
const outputs: Outputs = (resource) =>
    resource.type === "pulumi:pulumi:StackReference"
        ? { outputs: { connection }, secretOutputNames: ["connection"] }
        : awsOutputs(resource);

const secrets = ["kubeconfig", "slackUrl", "msteamsUrl"];

/** Names the stack that the program asks for. The SDK has it for its own mocks and declares no type of it. */
function named(stack: string): void {
    const { _setStack } = pulumi.runtime as unknown as { _setStack: (name: string) => void };
    _setStack(stack);
}

/** Runs a project's program in this process with a stack's settings; answers with all that it registers. */
export function recorded(project: ExampleProject, stack: string, settings: Settings): Promise<Graph<unknown>> {
    const text = programOf(project);
    const config = Object.entries(settings).map(([key, value]) => [
        key.includes(":") ? key : `proj:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return graph(
        async () => {
            pulumi.runtime.setAllConfig(
                Object.fromEntries(config) as Record<string, string>,
                secrets.map((key) => `proj:${key}`),
            );
            named(stack);
            const made = run(text) as unknown;
            return typeof made === "function" ? await (made as () => Promise<unknown>)() : made;
        },
        outputs,
        awsAnswers,
    );
}

/** One `pulumi up` of an example's page: of which project and stack, with which settings. */
export interface Update {
    project: ExampleProject;
    stack: string;
    settings: Settings;
}

/** The blocks of a page that are in one language; `""` for what a program prints. */
export function blocksIn(readme: string, language: string): string[] {
    return [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
        .filter((match) => match[1] === language)
        .map((match) => match[2]!);
}

/** The commands of a page, in order, without comments. */
export function commandsIn(readme: string): string[] {
    return blocksIn(readme, "sh")
        .flatMap((text) => text.split("\n"))
        .map((line) => line.replace(/\s+#.*$/, ""))
        .filter((line) => line !== "");
}

/**
 * Follows the commands of an example's page as a reader types them; answers with every update of it. Fails at a command of
 * Pulumi that it does not know.
 */
export function walkThrough(example: Example): Update[] {
    const stacks = new Map<string, Settings>();
    let project = example.projects[0]!;
    let stack = "";
    const updates: Update[] = [];
    const settings = () => {
        const found = stacks.get(`${project.name}/${stack}`);
        if (found === undefined) {
            throw new Error(`${example.name}: no stack is selected in ${project.name}`);
        }
        return found;
    };
    for (const line of commandsIn(example.readme)) {
        const folder = /^cd (?:\.\.\/)?(\S+)$/.exec(line)?.[1];
        const [, verb, name] = /^pulumi stack (init|select) (\S+)$/.exec(line) ?? [];
        const [, key, value = kubeconfig] =
            /pulumi config set (?:--(?:path|secret|type string) )*'?([^' ]+)'?(?: (\S+))?$/.exec(line) ?? [];
        const removed = /^pulumi config rm --path (\S+)$/.exec(line)?.[1];
        if (folder !== undefined) {
            project = example.projects.find((p) => path.basename(p.folder) === folder)!;
        } else if (name !== undefined) {
            stack = name;
            if (verb === "init") {
                stacks.set(`${project.name}/${stack}`, settingsOf(project, stack));
            }
        } else if (key !== undefined) {
            set(settings(), key, /--type string/.test(line) ? value : valueOf(value));
        } else if (removed !== undefined) {
            remove(settings(), removed);
        } else if (line === "pulumi up") {
            updates.push({ project, stack, settings: structuredClone(settings()) });
        } else if (/^(eval "\$\()?pulumi (?!stack output|destroy)/.test(line)) {
            throw new Error(`${example.name}: what does this do? ${line}`);
        }
    }
    return updates;
}

/** The keys that a program asks its configuration for. */
export function keysRead(project: ExampleProject): string[] {
    const named = [...programOf(project).matchAll(/config\.(?:get|require)\w*(?:<[^(]*>)?\(\s*"([^"]+)"/g)];
    return [...new Set(named.map((match) => match[1]!))].sort();
}
