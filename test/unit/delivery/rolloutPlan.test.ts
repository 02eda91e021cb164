import assert from "node:assert/strict";

import { rolloutPlan } from "../../../components/delivery/rolloutPlan";
import { refusal } from "../problems";

const sound = {
    name: "shop",
    analysis: { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
    progressDeadlineSeconds: 600,
    skipAnalysis: false,
};
const refused = async (changes: object) =>
    (await refusal(() => rolloutPlan({ ...sound, ...changes }))).map((line) => line.split(":")[0]);

describe("rolloutPlan's arguments", () => {
    it("are refused all at once, and not with what an array or a text is missing", async () => {
        assert.deepEqual(await refusal(() => rolloutPlan(undefined as never)), [
            "args: nothing given, but it is not an object. Give at least a name, an analysis and progressDeadlineSeconds.",
        ]);
        assert.deepEqual(
            await refused({
                name: 1,
                analysis: { ...sound.analysis, interval: 60 },
                webhooks: {},
                loadTest: { timeout: [] },
            }),
            ["name", "analysis.interval", "loadTest.command", "loadTest.timeout", "webhooks"],
        );
    });

    it("say in exactly one way how traffic is shifted", async () => {
        const { steps: _, ...neither } = sound.analysis;
        assert.deepEqual(await refused({ analysis: neither }), ["analysis.steps"]);
        assert.deepEqual(await refused({ analysis: undefined }), ["analysis"]);
        assert.deepEqual(await refused({ analysis: { ...neither, blueGreen: "1.5s" } }), ["analysis.blueGreen"]);
        assert.deepEqual(await refused({ analysis: { ...neither, abTest: { iterations: 0 } } }), [
            "analysis.abTest.iterations",
        ]);
    });

    it("cannot ask for so many weights that the plan never ends", async () => {
        for (const stepWeight of [0, -1, 1e-9, NaN]) {
            assert.deepEqual(await refused({ analysis: { ...sound.analysis, steps: { stepWeight } } }), [
                "analysis.steps.stepWeight",
            ]);
        }
        assert.deepEqual(await refused({ analysis: { ...sound.analysis, steps: { stepWeights: "10,20" } } }), [
            "analysis.steps.stepWeights",
        ]);
    });

    it("need a deadline, which nobody else knows", async () => {
        assert.deepEqual(await refused({ progressDeadlineSeconds: undefined }), ["progressDeadlineSeconds"]);
    });
});
