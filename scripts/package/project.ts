import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { VersionSet, compilers, firstProgram, mocks, moduleSystems, resolutions } from "./cases";

const execute = promisify(execFile);
const packageName = "pulumi-progressive-mesh";

/** What was tried, and what was wrong with it: empty if nothing was. */
export interface Outcome {
    what: string;
    wrong: string;
}

/** An empty project with the packed library, the SDKs and the compilers, and the program once for each module system. */
export class EmptyProject {
    constructor(
        private readonly folder: string,
        private readonly set: VersionSet,
    ) {}

    async install(packed: string): Promise<void> {
        // The package `node` fetches this one from a script at installation; none needs to run.
        const node = `node-${process.platform}-${process.arch}`;
        const wanted = Object.entries({ ...this.set.versions, ...compilers, [node]: this.set.node });
        write(path.join(this.folder, "package.json"), JSON.stringify({ private: true }));
        write(path.join(this.folder, "mocks.cjs"), mocks);
        for (const type of moduleSystems) {
            write(path.join(this.folder, type, "package.json"), JSON.stringify({ type }));
            write(path.join(this.folder, type, "program.ts"), firstProgram());
        }
        // By name and version, so that npm notes what it took: it takes a noted "latest" for a version that is not there.
        const packages = [...wanted.map(([name, version]) => `${name}@${version}`), packed];
        await this.run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages]);
    }

    /** Everything, one after the other. */
    async outcomes(): Promise<Outcome[]> {
        const outcomes = [{ what: `one copy of each SDK: ${this.versions()}`, wrong: await this.duplicates() }];
        for (const type of moduleSystems) {
            for (const compiler of Object.keys(compilers)) {
                for (const { module, moduleResolution } of resolutions) {
                    outcomes.push({
                        what: `${type}: TypeScript ${this.versionOf(compiler)}, ${moduleResolution}`,
                        wrong: await this.compile(type, compiler, module, moduleResolution),
                    });
                }
            }
            outcomes.push({
                what: `${type}: runs under mocks on Node.js ${this.versionOf(this.node())}`,
                wrong: await this.runProgram(type),
            });
        }
        return outcomes;
    }

    private node(): string {
        return `node-${process.platform}-${process.arch}`;
    }

    private versions(): string {
        return Object.keys(this.set.versions)
            .map((name) => `${name.replace("@pulumi/", "")} ${this.versionOf(name)}`)
            .join(", ");
    }

    private versionOf(name: string): string {
        return (read(path.join(this.folder, "node_modules", name, "package.json")) as { version: string }).version;
    }

    /** npm's own check of the tree, and copies below the top, where a second SDK would be. */
    private async duplicates(): Promise<string> {
        const { packages } = read(path.join(this.folder, "package-lock.json")) as { packages: object };
        const copies = Object.keys(packages).filter((where) =>
            Object.keys(this.set.versions).some((name) => where.endsWith(`/node_modules/${name}`)),
        );
        return copies.length > 0 ? `also in ${copies.join(", ")}` : this.attempt("npm", ["ls", "--omit=dev"]);
    }

    /** Type-checks the program and the package's typings; what the SDKs' own typings do wrong is not counted. */
    private async compile(type: string, compiler: string, module: string, moduleResolution: string): Promise<string> {
        const modules = path.join(this.folder, "node_modules", compiler);
        const { bin } = read(path.join(modules, "package.json")) as { bin: { tsc: string } };
        const settings = {
            compilerOptions: {
                module,
                moduleResolution,
                target: "es2022",
                strict: true,
                types: [],
                outDir: moduleResolution,
            },
            files: ["program.ts"],
        };
        write(path.join(this.folder, type, `tsconfig.${moduleResolution}.json`), JSON.stringify(settings));
        const args = [path.join(modules, bin.tsc), "-p", path.join(type, `tsconfig.${moduleResolution}.json`)];
        const said = await this.attempt(process.execPath, [...args, "--pretty", "false"]);
        const errors = said.split("\n").filter((line) => /error TS\d+/.test(line));
        const own = errors.filter((line) => line.includes(packageName) || !line.includes("node_modules"));
        // A compiler that could not even start says no error of this form.
        return errors.length === 0 ? said : own.join("\n");
    }

    private runProgram(type: string): Promise<string> {
        const node = path.join(this.folder, "node_modules", this.node(), "bin/node");
        return this.attempt(node, ["--require", "./mocks.cjs", path.join(type, "nodenext/program.js")]);
    }

    /** What a command said, if it failed. */
    private async attempt(command: string, args: string[]): Promise<string> {
        try {
            await this.run(command, args);
            return "";
        } catch (error) {
            const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
            return `${stdout}${stderr}`.trim() || message;
        }
    }

    private async run(command: string, args: string[]): Promise<void> {
        await execute(command, args, { cwd: this.folder, maxBuffer: 64 * 1024 * 1024 });
    }
}

function read(file: string): unknown {
    return JSON.parse(fs.readFileSync(file, "utf8"));
}

function write(file: string, text: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
}
