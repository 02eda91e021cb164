import assert from "node:assert/strict";

import fc from "fast-check";

import { checkMirroring, mirroringSpec } from "../../../components/delivery/mirroring";
import { appMesh } from "../../../components/mesh/appMesh";
import { MeshCapabilities } from "../../../components/mesh/capabilities";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

type Strategy = "steps" | "blueGreen";

const mirroringIn = (...mirroring: MeshCapabilities["mirroring"]): Mesh => ({
    ...appMesh,
    title: "Mirror Mesh",
    capabilities: { ...appMesh.capabilities, mirroring },
});
const able = mirroringIn("steps", "blueGreen");

const lines = (args: unknown, mesh = able, strategy: Strategy = "steps") =>
    linesOf((problems) => checkMirroring(problems, "analysis.steps", args as object, strategy, mesh));
const paths = (args: unknown) =>
    pathsOf((problems) => checkMirroring(problems, "analysis.steps", args as object, "steps", able));

const cannot = (title: string, what: string) =>
    `analysis.steps.mirror: true is more than ${title} can do: it copies no requests, and Flagger would ${what}. ` +
    "Leave it out, or choose a mesh that mirrors.";
const stuck = "never get past its first step";
const blind = "judge the canary without them";

describe("checkMirroring", () => {
    it("accepts none on any mesh, also where that is said", () => {
        for (const mesh of [appMesh, able]) {
            assert.deepEqual(lines({}, mesh), []);
            assert.deepEqual(lines({ mirror: false }, mesh), []);
        }
    });

    it("accepts it in the strategies in which the mesh can, and in no other", () => {
        const strategies: Strategy[] = ["steps", "blueGreen"];
        const allowed = (mesh: Mesh) => strategies.map((strategy) => lines({ mirror: true }, mesh, strategy));
        assert.deepEqual(allowed(appMesh), [[cannot("AWS App Mesh", stuck)], [cannot("AWS App Mesh", blind)]]);
        assert.deepEqual(allowed(mirroringIn("steps")), [[], [cannot("Mirror Mesh", blind)]]);
        assert.deepEqual(allowed(mirroringIn("blueGreen")), [[cannot("Mirror Mesh", stuck)], []]);
        assert.deepEqual(allowed(able), [[], []]);
    });

    it("accepts a share from 1 to 100, and refuses any other", () => {
        assert.deepEqual(lines({ mirror: true, mirrorWeight: 1 }), []);
        assert.deepEqual(lines({ mirror: true, mirrorWeight: 100 }), []);
        const line = (value: unknown) =>
            `analysis.steps.mirrorWeight: ${JSON.stringify(value)} is not a whole number from 1 to 100 (percent). ` +
            "Give a number in that range.";
        for (const mirrorWeight of [0, 101, 2.5, "50", null, []]) {
            assert.deepEqual(lines({ mirror: true, mirrorWeight }), [line(mirrorWeight)]);
        }
    });

    it("refuses a share of nothing", () => {
        const line =
            "analysis.steps.mirrorWeight: 50 says how much is mirrored where nothing is. " +
            "Set `mirror` to true, or leave it out.";
        assert.deepEqual(lines({ mirrorWeight: 50 }), [line]);
        assert.deepEqual(lines({ mirror: false, mirrorWeight: 50 }), [line]);
    });

    it("refuses what is no switch", () => {
        for (const mirror of ["true", 1, null, [], {}]) {
            assert.deepEqual(lines({ mirror }), [
                `analysis.steps.mirror: ${JSON.stringify(mirror)} is neither true nor false. Give true or false.`,
            ]);
        }
    });

    it("reports instead of breaking, given anything, and accepts only switches and shares", () => {
        const any = fc.oneof(fc.constantFrom(undefined, true, false, Number.NaN, 0, 1, 100, 101), fc.jsonValue());
        const isShare = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100;
        fc.assert(
            fc.property(any, any, (mirror, mirrorWeight) => {
                const sound =
                    (mirror === undefined || typeof mirror === "boolean") &&
                    (mirrorWeight === undefined || (mirror === true && isShare(mirrorWeight)));
                assert.equal(paths({ mirror, mirrorWeight }).length === 0, sound);
            }),
            { numRuns: 500 },
        );
    });
});

describe("mirroringSpec", () => {
    it("says what is mirrored, and nothing where nothing is", () => {
        assert.deepEqual(mirroringSpec({ mirror: true, mirrorWeight: 30 }), { mirror: true, mirrorWeight: 30 });
        assert.deepEqual(mirroringSpec({ mirror: true }), { mirror: true });
        assert.deepEqual(mirroringSpec({ mirror: false }), {});
        assert.deepEqual(mirroringSpec({}), {});
    });
});
