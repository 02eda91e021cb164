import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { identitiesOf } from "../test/upgrade/identities";
import { recordedPrograms } from "../test/upgrade/programs";

/** Writes what a release makes, for later ones to be held against: first the resources, then the states that the real engine keeps. */
async function main(version: string | undefined): Promise<void> {
    if (version === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
        throw new Error("Say of which release: npm run record-state -- 1.2.3");
    }
    const folder = path.join(__dirname, "../test/fixtures/states", version);
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, program] of Object.entries(recordedPrograms())) {
        const resources = (await identitiesOf(program)).map(({ urn, fixed }) => ({ urn, fixed }));
        const file = path.join(folder, `${name}.json`);
        const text = JSON.stringify({ program, resources });
        fs.writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: "json" }));
        process.stdout.write(`${name}: ${resources.length} resources\n`);
    }
    const { status } = spawnSync("npm", ["run", "test:engine", "--", "upgrade"], {
        stdio: "inherit",
        env: { ...process.env, PROGRESSIVE_MESH_RECORD: version },
    });
    if (status !== 0) {
        throw new Error("The engine's states were not recorded: see above.");
    }
}

main(process.argv[2]).then(
    () => process.exit(0),
    (error: Error) => {
        process.stderr.write(`${error.message}\n`);
        process.exit(1);
    },
);
