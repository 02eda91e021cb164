import fs from "node:fs";
import path from "node:path";

import ts from "typescript";

import { root } from "../../lab/paths";
import { writeJavaScript } from "../package/javaScript";

const packageName = "pulumi-progressive-mesh";

/**
 * Makes a folder as a user has it whose programs are compiled: the package as it is published and every SDK under `node_modules`,
 * and the programs beside. Types are not checked, which takes most of a build.
 *
 * @param programs Files, each by the name that it gets.
 */
export async function compile(folder: string, programs: Record<string, string>): Promise<void> {
    fs.rmSync(folder, { recursive: true, force: true });
    const modules = path.join(folder, "node_modules");
    const library = path.join(modules, packageName);
    fs.mkdirSync(library, { recursive: true });
    for (const name of fs.readdirSync(path.join(root, "node_modules"))) {
        if (name !== packageName && !name.startsWith(".")) {
            fs.symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
        }
    }
    fs.copyFileSync(path.join(root, "package.json"), path.join(library, "package.json"));
    await writeJavaScript(path.join(library, "bin"));
    for (const [name, file] of Object.entries(programs)) {
        translate(file, path.join(folder, name));
    }
}

function translate(from: string, to: string): void {
    const { outputText } = ts.transpileModule(fs.readFileSync(from, "utf8"), {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
        fileName: from,
    });
    const file = to.replace(/\.ts$/, ".js");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, outputText);
}
