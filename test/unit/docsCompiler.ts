import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

import ts from "typescript";

import * as library from "../../index";
import { root } from "./docs";

/** How a reader's program names this library. */
const packageName = "pulumi-progressive-mesh";

/** What the compiler has read so far: most of it is the SDK's declarations, which are the same for every page. */
const read = new Map<string, ts.SourceFile | undefined>();

/** What TypeScript finds wrong with the texts of modules, by the places that they come from. */
export function complaints(modules: Record<string, string>): string[] {
    const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
        config: unknown;
    };
    const options: ts.CompilerOptions = {
        ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
        // An example may name what only the next paragraph uses.
        noUnusedLocals: false,
        noUnusedParameters: false,
        paths: { [packageName]: [path.join(root, "index.ts")] },
    };
    const texts = new Map(
        Object.entries(modules).map(([place, text], index) => [path.join(root, `docs-${index}.ts`), { place, text }]),
    );
    const files = ts.createCompilerHost(options);
    const program = ts.createProgram([...texts.keys()], options, {
        ...files,
        fileExists: (name) => texts.has(name) || files.fileExists(name),
        readFile: (name) => texts.get(name)?.text ?? files.readFile(name),
        getSourceFile: (name, target, ...more) => {
            const text = texts.get(name)?.text;
            if (text !== undefined) {
                return ts.createSourceFile(name, text, target);
            }
            if (!read.has(name)) {
                read.set(name, files.getSourceFile(name, target, ...more));
            }
            return read.get(name);
        },
    });
    return [...texts].flatMap(([name, { place, text }]) => {
        const source = program.getSourceFile(name)!;
        return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
            ({ messageText, start = 0 }) =>
                `${place}: ${ts.flattenDiagnosticMessageText(messageText, " ")} at ${text.slice(start, start + 40)}`,
        );
    });
}

/** Runs the text of a module in this process, with this library or what stands in for it; answers what it exports. */
export function run(text: string, ofPackage: object = library): Record<string, unknown> {
    const { outputText } = ts.transpileModule(text, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const others = createRequire(__filename);
    const load = (name: string): unknown => (name === packageName ? ofPackage : others(name));
    // A module that is one function puts that in the place of its exports.
    const module: { exports: Record<string, unknown> } = { exports: {} };
    const body = vm.compileFunction(outputText, ["module", "exports", "require"]) as (
        module: object,
        exports: object,
        require: (name: string) => unknown,
    ) => void;
    body(module, module.exports, load);
    return module.exports;
}
