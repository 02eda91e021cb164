import { createRequire } from "node:module";
import vm from "node:vm";

import ts from "typescript";

import * as library from "../../index";

/** How a reader's program names this library. */
export const packageName = "pulumi-progressive-mesh";

/** What modules are in JavaScript, by their texts: an example runs with one setting after another. */
const compiled = new Map<string, string>();

function javaScriptOf(text: string): string {
    const { outputText } = ts.transpileModule(text, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    return outputText;
}

/** Runs the text of a module in this process, with this library or what stands in for it; answers what it exports. */
export function run(text: string, ofPackage: object = library): Record<string, unknown> {
    const javaScript = compiled.get(text) ?? javaScriptOf(text);
    compiled.set(text, javaScript);
    const others = createRequire(__filename);
    const load = (name: string): unknown => (name === packageName ? ofPackage : others(name));
    // A module that is one function puts that in the place of its exports.
    const module: { exports: Record<string, unknown> } = { exports: {} };
    const body = vm.compileFunction(javaScript, ["module", "exports", "require"]) as (
        module: object,
        exports: object,
        require: (name: string) => unknown,
    ) => void;
    body(module, module.exports, load);
    return module.exports;
}
