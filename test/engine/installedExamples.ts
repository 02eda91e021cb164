import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import * as tar from "tar";
import { parse, stringify } from "yaml";

import { Lab } from "../../lab/lab";
import { root } from "../../lab/paths";
import { Project } from "../../lab/pulumi";
import { ExampleProject } from "../unit/examples";

const packageName = "pulumi-progressive-mesh";

/** The examples as a user has them: each in a folder of its own, and this library packed and installed for them. */
export class InstalledExamples {
    private constructor(
        private readonly lab: Lab,
        private readonly folder: string,
    ) {}

    /** Packs the library and lays it beside the packages that it names as its peers, of which there is one copy of each. */
    static async prepare(lab: Lab): Promise<InstalledExamples> {
        const folder = fs.mkdtempSync(path.join(lab.folder, "examples-"));
        const modules = path.join(folder, "node_modules");
        const library = path.join(modules, packageName);
        fs.mkdirSync(library, { recursive: true });
        const [{ filename }] = JSON.parse(
            execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
                cwd: root,
                stdio: ["ignore", "pipe", "ignore"],
            }).toString(),
        ) as [{ filename: string }];
        await tar.x({ file: path.join(folder, filename), cwd: library, strip: 1 });
        const installed = path.join(root, "node_modules");
        for (const entry of fs.readdirSync(installed)) {
            fs.symlinkSync(path.join(installed, entry), path.join(modules, entry));
        }
        fs.cpSync(path.join(root, "examples"), path.join(folder, "examples"), { recursive: true });
        // What the compiler finds is the unit test's business, and takes it longer than most of these previews.
        lab.pulumi.environment.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
        return new InstalledExamples(lab, folder);
    }

    /** examples/yaml with its stack. A program in YAML names the plugin by its place in the project's own node_modules. */
    async yamlProject(): Promise<Project> {
        const program = this.withModules("yaml");
        const file = path.join(program, "Pulumi.yaml");
        const settings = parse(fs.readFileSync(file, "utf8")) as {
            resources: { platform: { properties: Record<string, unknown> } };
        };
        settings.resources.platform.properties.mirror = { chartRepository: this.lab.charts };
        fs.writeFileSync(file, stringify(settings));
        return this.otherProject("yaml", program, {});
    }

    /** examples/python with its stack; its SDK is not generated yet. */
    pythonProject(): Promise<Project> {
        return this.otherProject("python", this.withModules("python"), { "mirror.chartRepository": this.lab.charts });
    }

    /** An empty project in YAML, with the library installed. */
    async emptyProject(): Promise<Project> {
        const program = this.withModules("empty");
        fs.writeFileSync(path.join(program, "Pulumi.yaml"), "name: empty\nruntime: yaml\n");
        return this.lab.pulumi.project("empty", program, "local", {});
    }

    private withModules(example: string): string {
        const program = path.join(this.folder, "examples", example);
        fs.mkdirSync(program, { recursive: true });
        fs.symlinkSync(path.join(this.folder, "node_modules"), path.join(program, "node_modules"));
        return program;
    }

    private async otherProject(name: string, program: string, settings: Record<string, string>): Promise<Project> {
        const project = await this.lab.pulumi.project(`example-${name}`, program, "local", settings);
        // The lab has load balancers, and they are the quicker way in.
        await project.must(["config", "set", "gatewayType", "LoadBalancer"]);
        await this.giveKubeconfig(project);
        return project;
    }

    /** A project of an example with one of its stacks, with the lab's charts. Stacks refer to each other in one `state`. */
    async project(example: ExampleProject, stack: string, state?: string): Promise<Project> {
        const name = `example-${example.name.replaceAll("/", "-")}-${stack}`;
        const settings = { "mirror.chartRepository": this.lab.charts };
        const program = path.join(this.folder, "examples", example.name);
        const project = await this.lab.pulumi.project(name, program, stack, settings, state);
        await this.giveKubeconfig(project);
        return project;
    }

    private async giveKubeconfig(project: Project): Promise<void> {
        const kubeconfig = fs.readFileSync(this.lab.controlPlane.kubeconfigFile, "utf8");
        await project.must(["config", "set", "--secret", "kubeconfig", kubeconfig]);
    }
}
