import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { version } from "../../package.json";
import { lostBy } from "../upgrade/compare";
import { Identity, identitiesOf } from "../upgrade/identities";
import { Program } from "../upgrade/program";
import { recordedPrograms } from "../upgrade/programs";
import { root } from "./docs";

interface Recorded {
    program: Program;
    resources: Identity[];
}

const states = path.join(root, "test/fixtures/states");
const releases = fs.readdirSync(states);

function recorded(release: string): [string, Recorded][] {
    const folder = path.join(states, release);
    return (
        fs
            .readdirSync(folder)
            // The states of the real engine are beside them, in a folder of their own.
            .filter((file) => file.endsWith(".json"))
            .map((file) => [
                path.parse(file).name,
                JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as Recorded,
            ])
    );
}

describe("an upgrade", () => {
    it("has this version's record to start from: npm run record-state makes it", () => {
        assert.ok(releases.includes(version), `no record of ${version} in test/fixtures/states`);
        assert.deepEqual(
            recorded(version).map(([name]) => name),
            Object.keys(recordedPrograms()).sort(),
        );
    });

    for (const release of releases) {
        for (const [name, { program, resources }] of recorded(release)) {
            it(`from ${release} loses and replaces nothing of ${name}`, async () => {
                assert.ok(resources.length > 20, "the record is of a whole program");
                assert.deepEqual(lostBy(resources, await identitiesOf(program)), []);
            });
        }
    }
});

describe("what an upgrade is said to lose", () => {
    const urn = "pulumi-progressive-mesh:index:CanaryApp$kubernetes:apps/v1:Deployment::podinfo";
    const deployment = { urn, fixed: { "metadata.name": "podinfo" } };

    it("is a resource that is gone or has another name, with what that costs and how to keep it", () => {
        const renamed = { ...deployment, urn: `${urn}-workload`, formerly: [] };
        assert.deepEqual(lostBy([deployment], [renamed]), [
            `kubernetes:apps/v1:Deployment "podinfo" is not made any more (${urn}). Whoever upgrades has it deleted, and loses ` +
                "its pods, until the new ones are ready. If it only has another name, type or parent now, keep it: give what " +
                'took its place the option aliases: [{ name: "podinfo" }], with the type or parent that it had if that changed.',
        ]);
        assert.deepEqual(lostBy([deployment], [{ ...renamed, formerly: [urn] }]), []);
    });

    it("is a resource that is replaced for an input", () => {
        const moved = { ...deployment, fixed: { "metadata.name": "web" }, formerly: [] };
        assert.deepEqual(lostBy([deployment], [moved]), [
            'kubernetes:apps/v1:Deployment "podinfo": its metadata.name was "podinfo" and is "web", for which it is replaced. ' +
                "Whoever upgrades loses its pods, until the new ones are ready. " +
                "Leave it as it was, or let new programs alone have the new one.",
        ]);
    });

    it("is not what is new", () => {
        const more = { urn: "x::y", fixed: {}, formerly: [] };
        assert.deepEqual(lostBy([deployment], [{ ...deployment, formerly: [] }, more]), []);
    });
});
