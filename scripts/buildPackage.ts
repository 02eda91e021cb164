import fs from "node:fs";
import path from "node:path";

import { root } from "../lab/paths";
import { writeJavaScript } from "./package/javaScript";
import { writeTypings } from "./package/typings";

/** Makes `bin`, what the package is loaded from, out of the sources. `npm run build` runs it, and so does `npm pack`. */
async function main(): Promise<void> {
    const bin = path.join(root, "bin");
    fs.rmSync(bin, { recursive: true, force: true });
    await writeJavaScript(bin);
    await writeTypings(bin);
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
