import assert from "node:assert/strict";

import { AnalysisArgs, analysisSpec, checkAnalysis } from "../../../components/delivery/analysis";
import { BlueGreenArgs } from "../../../components/delivery/blueGreen";
import { appMesh } from "../../../components/mesh/appMesh";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf } from "../problems";

const able: Mesh = {
    ...appMesh,
    title: "Mirror Mesh",
    capabilities: { ...appMesh.capabilities, mirroring: ["blueGreen"] },
};

const withIt = (blueGreen: unknown): AnalysisArgs => ({
    interval: "1m",
    threshold: 1,
    blueGreen: blueGreen as BlueGreenArgs,
});
const lines = (blueGreen: unknown, mesh = appMesh) =>
    linesOf((problems) => checkAnalysis(problems, "analysis", withIt(blueGreen), mesh));

describe("blue/green", () => {
    it("is accepted with a number of checks, and with traffic led back by steps", () => {
        assert.deepEqual(lines({ iterations: 1 }), []);
        assert.deepEqual(lines({ iterations: 10_000, mirror: false, stepWeightPromotion: 10 }), []);
    });

    it("needs a number of checks", () => {
        assert.deepEqual(lines({}), [
            "analysis.blueGreen.iterations: nothing given, but it is required. Give the number of checks.",
        ]);
        assert.deepEqual(lines({ iterations: 0 }), [
            "analysis.blueGreen.iterations: 0 is not a whole number from 1 to 10000 (checks; with 0 Flagger would " +
                "stand still without a weight to move to). Give a number in that range.",
        ]);
    });

    it("mirrors where the mesh can do so in blue/green, and only there", () => {
        const mirrored = { iterations: 1, mirror: true, mirrorWeight: 50 };
        assert.deepEqual(lines(mirrored, able), []);
        assert.deepEqual(lines(mirrored), [
            "analysis.blueGreen.mirror: true is more than AWS App Mesh can do: it copies no requests, and Flagger " +
                "would judge the canary without them. Leave it out, or choose a mesh that mirrors.",
        ]);
        assert.deepEqual(
            linesOf((problems) =>
                checkAnalysis(
                    problems,
                    "analysis",
                    { interval: "1m", threshold: 1, steps: { stepWeight: 10, mirror: true } },
                    able,
                ),
            ),
            [
                "analysis.steps.mirror: true is more than Mirror Mesh can do: it copies no requests, and Flagger " +
                    "would never get past its first step. Leave it out, or choose a mesh that mirrors.",
            ],
        );
    });

    it("becomes iterations without users to match", () => {
        assert.deepEqual(analysisSpec(withIt({ iterations: 10 })), { interval: "1m", threshold: 1, iterations: 10 });
        assert.deepEqual(
            analysisSpec(withIt({ iterations: 10, mirror: true, mirrorWeight: 50, stepWeightPromotion: 20 })),
            {
                interval: "1m",
                threshold: 1,
                iterations: 10,
                mirror: true,
                mirrorWeight: 50,
                stepWeightPromotion: 20,
            },
        );
    });
});
