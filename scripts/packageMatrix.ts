import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { root } from "../lab/paths";
import { versionSets } from "./package/cases";
import { EmptyProject } from "./package/project";

/**
 * Packs the library, installs it into empty projects as a user does, type-checks the README's first program there with every
 * compiler and way to find modules, and runs it under mocks. Ends with 1 if something was wrong. It needs a registry.
 */
async function main(): Promise<void> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "progressive-mesh-matrix-"));
    try {
        const [{ filename }] = JSON.parse(
            execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
                cwd: root,
                stdio: ["ignore", "pipe", "inherit"],
            }).toString(),
        ) as [{ filename: string }];
        for (const set of versionSets()) {
            const project = new EmptyProject(path.join(folder, set.name), set);
            await project.install(path.join(folder, filename));
            for (const { what, wrong } of await project.outcomes()) {
                console.log(`${wrong === "" ? "ok    " : "FAILED"}  ${set.name.padEnd(6)}  ${what}`);
                if (wrong !== "") {
                    process.exitCode = 1;
                    console.log(wrong.replace(/^/gm, "        "));
                }
            }
        }
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
