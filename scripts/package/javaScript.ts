import fs from "node:fs";
import path from "node:path";

import { build, transform } from "esbuild";

import { root } from "../../lab/paths";

/** What Node starts with, by its place in `bin`. */
const entryPoints = {
    index: "index.ts",
    "policy/index": "policy/index.ts",
    "plugin/main": "plugin/main.ts",
    cli: "components/cli/main.ts",
};

/** What installing the package installs, or its user has. Everything else is bundled. */
const external = ["@pulumi/*", "@kubernetes/client-node"];

/** Lines stay short, because Node prints the whole line that an error comes from. */
const small = { minify: true, lineLimit: 160, platform: "node", target: "node20" } as const;

/**
 * Writes `bin` out of the sources as few files without comments. Pulumi knows a component by the name of its class, and a stack
 * trace is read by the names of its functions: they stay.
 *
 * esbuild divides a bundle, so that what the entries share is there once, only as ECMAScript modules. The parts become CommonJS
 * one by one: a program in either module system loads the package, and has one copy of it.
 */
export async function writeJavaScript(bin: string): Promise<void> {
    const { outputFiles, metafile } = await build({
        ...small,
        entryPoints,
        external,
        keepNames: true,
        absWorkingDir: root,
        outdir: bin,
        bundle: true,
        splitting: true,
        chunkNames: "parts/[hash]",
        format: "esm",
        metafile: true,
        write: false,
        logLevel: "warning",
    });
    for (const { path: file, text } of outputFiles) {
        const { code } = await transform(text, { ...small, format: "cjs" });
        const { inputs } = metafile.outputs[path.relative(root, file)]!;
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, withLicences(loadedWhenUsed(code), Object.keys(inputs)));
    }
}

/** How esbuild writes the import of a part of an SDK that makes resources, with or without what it puts around it. */
const sdkImport = /=((?:[\w$]+\()?require\("@pulumi\/(?:aws|eks|kubernetes)\/[^"]+"\)(?:,1)?\)?)(?=[,;])/g;

/** What stands for such a part until something of it is asked for. */
const later = "const later=load=>{let sdk;return new Proxy({},{get:(_,name)=>(sdk??=load())[name]})};";

/** Has each part of an SDK loaded when the first resource of it is made: a program with applications alone needs none of AWS. */
function loadedWhenUsed(code: string): string {
    const lazy = code.replace(sdkImport, "=later(()=>$1)");
    return lazy === code ? code : lazy.replace(/^("use strict";)?/, `$1${later}`);
}

/** The licences of bundled packages ask to stay with their code. */
function withLicences(code: string, inputs: string[]): string {
    const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
    const comment = (name: string) => {
        const text = fs.readFileSync(path.join(root, "node_modules", name, "LICENSE"), "utf8").trim();
        return `/* With ${name}:\n\n${text.replaceAll("*/", "")}\n*/\n`;
    };
    return [...packages].sort().map(comment).join("") + code;
}
