import assert from "node:assert/strict";

import { RolloutPlan } from "../../../../components/delivery/plan";
import {
    WaitForPromotionArgs,
    checkWait,
    waitSeconds,
} from "../../../../components/delivery/promotion/waitForPromotion";
import { linesOf } from "../../problems";

/** A rollout that takes two minutes and a half. */
const plan = { promotionSeconds: 150 } as RolloutPlan;

const lines = (wait: unknown, kind = "Deployment", given?: RolloutPlan) =>
    linesOf((p) => checkWait(p, "wait", wait as WaitForPromotionArgs, { kind, plan: given }));

describe("waitSeconds", () => {
    it("is half an hour unless told", () => {
        assert.equal(waitSeconds({}), 1800);
        assert.equal(waitSeconds({ timeout: "90s" }), 90);
        assert.equal(waitSeconds({ timeout: "2m" }), 120);
    });
});

describe("checkWait", () => {
    for (const wait of [{}, { timeout: "151s" }, { timeout: "3m" }, { timeout: undefined }]) {
        it(`accepts ${JSON.stringify(wait)}`, () => {
            assert.deepEqual(lines(wait, "Deployment", plan), []);
            assert.deepEqual(lines(wait, "DaemonSet", plan), []);
        });
    }

    for (const wait of [null, true, "30m", 30, []]) {
        it(`refuses ${JSON.stringify(wait)}`, () => {
            assert.deepEqual(lines(wait, "Deployment", plan), [
                `wait: ${JSON.stringify(wait)} does not say how to wait. Write {} or { timeout: "30m" }.`,
            ]);
        });
    }

    for (const timeout of [null, 30, "30", "1h", "0s", "-1m", "1.5m", {}, { toString: "" }]) {
        it(`refuses the timeout ${JSON.stringify(timeout)}`, () => {
            assert.deepEqual(lines({ timeout }, "Deployment", plan), [
                `wait.timeout: ${JSON.stringify(timeout)} is not a duration that Flagger reads as written: a whole number ` +
                    'of seconds or minutes. Write it like "30s" or "5m".',
            ]);
        });
    }

    for (const evidence of [{}, { configMap: "web-evidence" }, { rollouts: 20 }, undefined]) {
        it(`accepts the evidence ${JSON.stringify(evidence)}`, () => {
            assert.deepEqual(lines({ evidence }, "Deployment", plan), []);
        });
    }

    it("refuses evidence that is kept nowhere, or without bounds, all at once", () => {
        assert.deepEqual(lines({ evidence: { configMap: "Web", rollouts: 0 } }, "Deployment", plan), [
            'wait.evidence.configMap: "Web" is not a Kubernetes name of at most 63 characters. Use lower-case letters, digits ' +
                "and dashes, beginning and ending with a letter or digit.",
            "wait.evidence.rollouts: 0 is not a whole number from 1 to 20 (rollouts). Give a number in that range.",
        ]);
        for (const evidence of [true, null, [], "web"]) {
            assert.match(
                lines({ evidence }, "Deployment", plan).join(),
                /^wait\.evidence: .* is not an object\. Write \{\} or \{ configMap: "podinfo-evidence", rollouts: 5 \}\.$/,
            );
        }
    });

    it("refuses a Service", () => {
        assert.deepEqual(lines({}, "Service"), [
            "wait: {} cannot tell when a Service is promoted: there are no pods to compare. Leave it out.",
        ]);
    });

    it("refuses less time than the rollout takes", () => {
        assert.deepEqual(lines({ timeout: "150s" }, "Deployment", plan), [
            'wait.timeout: "150s" is less than the rollout takes at the least, 2 min 30 s. Give 5m or so.',
        ]);
        assert.deepEqual(lines({}, "Deployment", { ...plan, promotionSeconds: 1800 }), [
            "wait.timeout: nothing given, but it would be 30m, which is less than the rollout takes at the least, 30 min. " +
                "Give 60m or so.",
        ]);
    });

    it("leaves the time alone where no plan can be made", () => {
        assert.deepEqual(lines({ timeout: "1s" }), []);
    });
});
