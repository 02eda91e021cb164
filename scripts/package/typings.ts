import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

import { root } from "../../lab/paths";

/** Checks the types of everything, and puts the declarations that `index.ts` leads to into one file, with their comments. */
export async function writeTypings(bin: string): Promise<void> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "progressive-mesh-typings-"));
    try {
        const compiler = path.join(root, "node_modules/typescript/bin/tsc");
        const options = ["-p", "tsconfig.build.json", "--outDir", folder];
        execFileSync(process.execPath, [compiler, ...options], { cwd: root, stdio: "inherit" });
        await bundle(path.join(folder, "index.d.ts"), path.join(bin, "index.d.ts"));
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

async function bundle(input: string, file: string): Promise<void> {
    const external = (id: string) => !id.startsWith(".") && !path.isAbsolute(id);
    const bundled = await rollup({ input, external, plugins: [dts()] });
    await bundled.write({ file, format: "es" });
}
