import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { appMesh } from "../../../components/mesh/appMesh";
import { kubernetes } from "../../../components/mesh/kubernetes";
import { meshes } from "../../../components/mesh/meshes";
import { matrixPages, meshMatrix, withMatrix } from "../../../scripts/meshMatrix";
import { root } from "../docs";

/** The cells of a row, by its first. */
const rowOf = (matrix: string, head: string) =>
    matrix
        .split("\n")
        .map((line) => line.split("|").map((cell) => cell.trim()))
        .find(([, first]) => first === head)
        ?.slice(2, -1);

describe("the table of meshes", () => {
    it("has a column for each mesh, whichever there are", () => {
        const head = meshMatrix(meshes).split("\n")[0]!;
        for (const provider of Object.keys(meshes)) {
            assert.ok(head.includes(`\`${provider}\``), provider);
        }
        assert.equal(head.split("|").length, Object.keys(meshes).length + 3);
    });

    it("tells what a mesh can do by its capabilities", () => {
        const mesh = {
            ...appMesh,
            capabilities: { ...appMesh.capabilities, mirroring: ["blueGreen"] as const, refused: { rewrite: "no" } },
        };
        const matrix = meshMatrix({ a: mesh, b: kubernetes });
        assert.deepEqual(rowOf(matrix, "weighted steps"), ["yes", "no"]);
        assert.deepEqual(rowOf(matrix, "A/B test, by headers"), ["exact, prefix, suffix, regex", "no"]);
        assert.deepEqual(rowOf(matrix, "copies of requests to the canary"), ["in blue/green", "no"]);
        assert.deepEqual(rowOf(matrix, "`service.rewrite`"), ["refused", "ignored"]);
        assert.deepEqual(rowOf(matrix, "built-in metrics"), ["Flagger's", "the application's own"]);
        assert.deepEqual(rowOf(matrix, "a gateway of its own"), ["yes", "no"]);
    });

    for (const [page, heads] of Object.entries(matrixPages)) {
        it(`is in ${page} as the code has it`, () => {
            const text = fs.readFileSync(path.join(root, page), "utf8");
            assert.equal(text, withMatrix(text, meshMatrix(meshes, heads)), "run `npm run meshes`");
        });
    }

    it("goes into a page that has a place for it, and into no other", () => {
        assert.throws(() => withMatrix("# A page\n", ""), /the page has no marks/);
    });
});
