import path from "node:path";

import ts from "typescript";

import { root } from "../unit/docs";
import { packageName } from "../unit/docsCompiler";

/** What the compiler has read so far: most of it is the SDKs' declarations, which are the same for all. */
const read = new Map<string, ts.SourceFile | undefined>();

/** Spares the compiler what another program, of the same settings, has read already. */
export function readBy(program: ts.Program): void {
    for (const file of program.getSourceFiles()) {
        read.set(file.fileName, file);
    }
}

/** Lets go of what has been read, which is more than all else here. */
export function forget(): void {
    read.clear();
}

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
