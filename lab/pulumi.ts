import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { bundle } from "./images/images";
import { root } from "./paths";
import { descendants, kill } from "./processTree";
import { Toolchain } from "./toolchain/ensure";
import { generatedLanguages, pulumiVersion, sdkGenerators, yamlLanguageHost } from "./toolchain/tools";

/** What a Pulumi command printed and how it ended. */
export interface PulumiResult {
    code: number;
    output: string;
    /** Processes that the command had started when a signal ended it, and that the signal did not end: its providers. */
    orphans: number[];
}

/** When, and by which signal, a command is ended. */
export interface EndAt {
    /** At the first line of its output that matches. */
    pattern?: RegExp;
    /** So many milliseconds after that line, or without one after its start. */
    after?: number;
    /** Then once this has come to pass. */
    once?: () => Promise<unknown>;
    signal: NodeJS.Signals;
    /** Whether the signal also goes to all that the command has started, as when a machine or a container is lost. */
    withChildren?: boolean;
}

/** The real Pulumi command, with a home, a backend and plugins of the lab's own. */
export class Pulumi {
    private constructor(
        private readonly executable: string,
        private readonly folder: string,
        readonly environment: NodeJS.ProcessEnv,
        /** Where the stand-in for AWS keeps what exists. */
        readonly awsAccount: string,
    ) {}

    /** Sets up a Pulumi home in a folder, for a cluster. */
    static async prepare(tools: Toolchain, folder: string, kubeconfigFile: string): Promise<Pulumi> {
        const home = path.join(folder, "home");
        const standIns = path.join(folder, "standins");
        const awsAccount = path.join(folder, "aws");
        const commands = path.join(folder, "commands");
        for (const made of [home, standIns, awsAccount, commands]) {
            fs.mkdirSync(made, { recursive: true });
        }
        const sources = ["aws", "awsCommand", "eks", "languageHost"];
        await bundle(
            sources.map((name) => path.join(__dirname, "standins", `${name}.ts`)),
            standIns,
        );
        const installed = (name: string) =>
            (
                JSON.parse(fs.readFileSync(path.join(root, "node_modules/@pulumi", name, "package.json"), "utf8")) as {
                    version: string;
                }
            ).version;
        const command = (place: string, start: string) =>
            fs.writeFileSync(place, `#!/bin/sh\nexec ${start} "$@"\n`, { mode: 0o755 });
        const plugin = (kind: string, name: string, version: string, start: string) => {
            const place = path.join(home, "plugins", `${kind}-${name}-v${version}`);
            fs.mkdirSync(place, { recursive: true });
            command(path.join(place, `pulumi-${kind}-${name}`), start);
        };
        const script = (name: string) => `"${process.execPath}" "${path.join(standIns, `${name}.js`)}"`;
        plugin("resource", "aws", installed("aws"), script("aws"));
        plugin("resource", "eks", installed("eks"), script("eks"));
        plugin("language", "nodejs", pulumiVersion.slice(1), script("languageHost"));
        const yaml = tools[yamlLanguageHost.name];
        if (yaml !== undefined) {
            plugin("language", "yaml", pulumiVersion.slice(1), `"${yaml}"`);
        }
        const generators = tools[sdkGenerators.name];
        if (generators !== undefined) {
            for (const language of generatedLanguages) {
                plugin("language", language, pulumiVersion.slice(1), `"${generators}" ${language}`);
            }
        }
        // What the kubeconfig of an EKS cluster asks for a token.
        command(path.join(commands, "aws"), script("awsCommand"));
        // Whatever version the SDK asks for, the one that the lab has serves it.
        plugin("resource", "kubernetes", installed("kubernetes"), `"${tools["pulumi-kubernetes"]}"`);

        const environment: NodeJS.ProcessEnv = {
            ...process.env,
            PATH: `${commands}:${path.dirname(tools["pulumi"]!)}:${process.env.PATH}`,
            NODE_PATH: path.join(root, "node_modules"),
            PULUMI_HOME: home,
            // Labs that run side by side would otherwise share the charts that Helm keeps in the user's home.
            HELM_CACHE_HOME: path.join(home, "helm", "cache"),
            HELM_CONFIG_HOME: path.join(home, "helm", "config"),
            HELM_DATA_HOME: path.join(home, "helm", "data"),
            PULUMI_CONFIG_PASSPHRASE: "lab",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            LAB_AWS_ACCOUNT: awsAccount,
            LAB_AWS_VERSION: installed("aws"),
            LAB_EKS_VERSION: installed("eks"),
            LAB_PULUMI_VERSION: pulumiVersion.slice(1),
            LAB_KUBECONFIG: kubeconfigFile,
        };
        return new Pulumi(tools["pulumi"]!, folder, environment, awsAccount);
    }

    /** The names of what exists in the AWS account that is none. */
    awsResources(): string[] {
        return fs.readdirSync(this.awsAccount).map((file) => {
            const { type, name } = JSON.parse(fs.readFileSync(path.join(this.awsAccount, file), "utf8")) as Record<
                string,
                string
            >;
            return `${type} ${name}`;
        });
    }

    /**
     * Makes a project whose program lies elsewhere, so that nothing is written there: the stack's settings are a copy.
     * `program` is a folder with a Pulumi.yaml and stack files. Where its main file is an index.js of which only the TypeScript
     * is there, that is translated once: to do it in each run takes longer than what most of these programs do. Stacks refer to
     * each other where their state is in one folder, `state`.
     */
    async project(
        name: string,
        program: string,
        stack: string,
        config: Record<string, string>,
        state?: string,
    ): Promise<Project> {
        const folder = path.join(this.folder, "projects", name);
        fs.mkdirSync(folder, { recursive: true });
        for (const entry of fs.readdirSync(program)) {
            if (/^Pulumi(\..+)?\.yaml$/.test(entry)) {
                fs.copyFileSync(path.join(program, entry), path.join(folder, entry));
            } else if (!entry.startsWith(".git")) {
                fs.symlinkSync(path.join(program, entry), path.join(folder, entry));
            }
        }
        const modules = path.join(folder, "node_modules");
        if (!fs.existsSync(modules)) {
            fs.symlinkSync(path.join(root, "node_modules"), modules);
        }
        const settings = parse(fs.readFileSync(path.join(program, "Pulumi.yaml"), "utf8")) as { main?: string };
        if (settings.main === "index.js" && !fs.existsSync(path.join(program, "index.js"))) {
            await bundle([path.join(program, "index.ts")], folder);
        }
        const project = new Project(this, folder, stack, path.join(this.folder, "states", state ?? name));
        await project.must(["stack", "init", stack]);
        await project.configure(config);
        return project;
    }

    /**
     * Runs the command in a project's folder, with its state in another, handing on each line as it comes. `end` ends it by a
     * signal when a line matches.
     */
    run(
        args: string[],
        cwd: string,
        backend: string,
        onLine: (line: string) => void = () => undefined,
        end?: EndAt,
        environment: NodeJS.ProcessEnv = {},
    ): Promise<PulumiResult> {
        fs.mkdirSync(backend, { recursive: true });
        return new Promise((resolve, reject) => {
            const child = spawn(this.executable, [...args, "--non-interactive", "--color", "never"], {
                cwd,
                env: { ...this.environment, ...environment, PULUMI_BACKEND_URL: `file://${backend}` },
                stdio: ["ignore", "pipe", "pipe"],
            });
            let output = "";
            let rest = "";
            let orphans: number[] = [];
            const stop = ({ signal, withChildren = false }: EndAt) => {
                if (child.exitCode !== null || child.signalCode !== null) {
                    return;
                }
                const started = descendants(child.pid!);
                child.kill(signal);
                if (withChildren) {
                    started.forEach((pid) => kill(pid, signal));
                } else {
                    orphans = started;
                }
            };
            let timer: NodeJS.Timeout | undefined;
            const begin = (at: EndAt) => {
                const wait = at.once ?? (() => Promise.resolve());
                timer ??= setTimeout(() => void wait().then(() => stop(at), reject), at.after ?? 0);
            };
            if (end !== undefined && end.pattern === undefined) {
                begin(end);
            }
            const take = (data: Buffer) => {
                output += data.toString();
                rest += data.toString();
                const lines = rest.split("\n");
                rest = lines.pop()!;
                lines.forEach(onLine);
                if (end?.pattern !== undefined && lines.some((line) => end.pattern!.test(line))) {
                    begin(end);
                }
            };
            child.stdout.on("data", take);
            child.stderr.on("data", take);
            child.on("error", reject);
            child.on("close", (code) => {
                clearTimeout(timer);
                resolve({ code: code ?? 1, output, orphans });
            });
        });
    }
}

/** A Pulumi project with one stack of it selected. */
export class Project {
    constructor(
        private readonly pulumi: Pulumi,
        readonly folder: string,
        readonly stack: string,
        /** The folder that holds its state. */
        readonly backend: string,
    ) {}

    /** Sets values of the stack's configuration, by path: `app.workload.image`. */
    async configure(config: Record<string, string>): Promise<void> {
        const pairs = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
        if (pairs.length > 0) {
            await this.must(["config", "set-all", "--path", ...pairs]);
        }
    }

    up(onLine?: (line: string) => void): Promise<PulumiResult> {
        return this.run(["up", "--yes", "--skip-preview"], onLine);
    }

    /** Begins an update and ends it: SIGKILL leaves it no chance to tidy up, SIGINT is what Ctrl-C sends. */
    upEndedAt(end: EndAt): Promise<PulumiResult> {
        return this.run(["up", "--yes", "--skip-preview"], undefined, end);
    }

    /** Begins to destroy and ends that. */
    destroyEndedAt(end: EndAt): Promise<PulumiResult> {
        return this.run(["destroy", "--yes", "--skip-preview"], undefined, end);
    }

    preview(...args: string[]): Promise<PulumiResult> {
        return this.run(["preview", ...args]);
    }

    refresh(...args: string[]): Promise<PulumiResult> {
        return this.run(["refresh", "--yes", "--skip-preview", ...args]);
    }

    destroy(onLine?: (line: string) => void): Promise<PulumiResult> {
        return this.run(["destroy", "--yes", "--skip-preview"], onLine);
    }

    async outputs(): Promise<Record<string, unknown>> {
        return JSON.parse((await this.must(["stack", "output", "--json", "--show-secrets"])).output) as Record<
            string,
            unknown
        >;
    }

    run(
        args: string[],
        onLine?: (line: string) => void,
        end?: EndAt,
        environment?: NodeJS.ProcessEnv,
    ): Promise<PulumiResult> {
        const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", this.stack];
        return this.pulumi.run([...args, ...stack], this.folder, this.backend, onLine, end, environment);
    }

    /** Runs the command and throws its output when it fails. */
    async must(args: string[]): Promise<PulumiResult> {
        const result = await this.run(args);
        if (result.code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} ended with ${result.code}:\n${result.output}`);
        }
        return result;
    }
}
