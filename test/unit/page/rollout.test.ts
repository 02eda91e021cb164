import assert from "node:assert/strict";

import { keyOf } from "../../../components/operate/canary";
import { Rollout, rolloutOf, urgentFirst } from "../../../components/page/rollout";
import { wholeWeights } from "../../../components/page/weights";
import { Scene, event, scene, scenes, start } from "./scenes";

function shown({ canary, events, images, values, now }: Scene): Rollout {
    return rolloutOf(canary, { events, images, measured: { values }, now: start + now * 1000 });
}

const rollout = (name: keyof typeof scenes) => shown(scenes[name]());
const seconds = (samples: { time: number; value: number }[]) =>
    samples.map(({ time, value }) => [(time - start) / 1000, value]);

describe("a rollout's weights", () => {
    const at = (...values: [time: number, value: number][]) => values.map(([time, value]) => ({ time, value }));

    it("are what Flagger said, to the second, where none is missing", () => {
        assert.deepEqual(wholeWeights(at([1, 0], [2, 5], [3, 0]), at([0, 0], [5, 5])), at([1, 0], [2, 5], [3, 0]));
        assert.deepEqual(wholeWeights(at([1, 0]), undefined), at([1, 0]));
    });

    it("are what was counted where Kubernetes has dropped what Flagger said, to the end that it did say", () => {
        const counted = at([0, 0], [5, 5], [10, 10]);
        assert.deepEqual(wholeWeights(at([1, 0], [4, 5], [20, 0]), counted), [...counted, ...at([20, 0])]);
        assert.deepEqual(wholeWeights(at([1, 0], [4, 5]), counted), counted);
        assert.deepEqual(wholeWeights([], counted), counted);
    });
});

describe("a rollout on the page", () => {
    it("that was rolled back says which check failed, by how much and how often, what it left and what to do", () => {
        const { phase, cause, checks } = rollout("rolledBack");
        assert.deepEqual([phase.word, phase.tone], ["Rolled back", "bad"]);
        assert.equal(cause?.headline, "Success rate was 50.31 %, and has to be at least 99 %.");
        assert.deepEqual(cause?.evidence, ["5 checks have failed; 5 roll it back."]);
        assert.match(cause.left, /^The primary still runs the version before and has all the traffic\.$/);
        assert.match(cause.remedy, /^Repair the version, or go back to the one before, and run `pulumi up` again/);
        assert.deepEqual(
            checks.map(({ name, failed, min, max, unit }) => [name, failed, min ?? max, unit]),
            [
                ["request-success-rate", 5, 99, "%"],
                ["request-duration", 0, 500, "ms"],
            ],
        );
    });

    it("begins with its own revision: what was said of the one before is left out, and what Kubernetes folded together counts once", () => {
        const { moments, began } = rollout("rolledBack");
        assert.equal(began, start);
        assert.deepEqual(
            [moments[0]?.text, moments[0]?.times],
            ["New revision detected! Scaling up rolled-back.apps", 1],
        );
        assert.ok(!moments.some(({ text }) => text.includes("815ms")));
    });

    it("shows the weights as they were beside those that were planned", () => {
        const promoted = rollout("promoted");
        assert.deepEqual(seconds(promoted.weights), [
            [0, 0],
            [10, 10],
            [30, 20],
            [40, 30],
            [50, 40],
            [60, 50],
            [80, 0],
        ]);
        assert.deepEqual(seconds(promoted.planned), [
            [10, 10],
            [20, 20],
            [30, 30],
            [40, 40],
            [50, 50],
            [70, 0],
        ]);
        assert.equal(promoted.cause, undefined);
        assert.equal(promoted.checks[0]?.failed, 1);
    });

    it("takes failed values from what Flagger said where the metrics server is not reached", () => {
        const { checks, phase } = rollout("halted");
        assert.equal(phase.word, "Halted");
        assert.deepEqual(
            [checks[1]?.from, seconds(checks[1]!.samples)],
            [
                "events",
                [
                    [30, 815],
                    [40, 1204],
                ],
            ],
        );
        assert.equal(checks[1]?.failed, 2);
    });

    const states: [keyof typeof scenes, word: string, headline: RegExp | undefined][] = [
        ["initialized", "Ready", undefined],
        ["underWay", "Under way", undefined],
        ["waiting", "Waits for approval", /passed its checks, and a gate holds its promotion/],
        ["waitingToBegin", "Waits for approval", /a gate holds it before its first request/],
        ["wedged", "Does not move", /stood at the same place for 14 min 35 s/],
        ["silent", "Flagger is silent", /has said nothing for 19 min 50 s/],
        ["promotionFailed", "Promotion failed", /the primary did not come up with it/],
        ["unready", "Rolled back", /^Its pods did not become ready in time\.$/],
        ["unmeasured", "Rolled back", /could not measure it, so nothing is known against the version/],
    ];
    for (const [name, word, headline] of states) {
        it(`is judged: ${name}`, () => {
            const { phase, cause } = rollout(name);
            assert.equal(phase.word, word);
            assert.equal(cause === undefined, headline === undefined, cause?.headline);
            assert.match(cause?.headline ?? "", headline ?? /^$/);
        });
    }

    it("that waits for its promotion keeps the weight that Flagger's status has lost", () => {
        assert.equal(rollout("waiting").weight, 50);
        assert.equal(rollout("promotionFailed").weight, 100);
    });

    it("that was rejected by hand says so", () => {
        const { cause } = shown(
            scene("podinfo", { phase: "Failed" }, [
                [0, "New revision detected! Scaling up podinfo.apps"],
                [20, "!Rollback check rollback passed"],
                [20, "!Rolling back podinfo.apps manual webhook invoked"],
                [20, "!Canary failed! Scaling down podinfo.apps"],
            ]),
        );
        assert.match(cause!.headline, /^Somebody had it rolled back/);
    });

    it("whose events are gone is still told", () => {
        const { cause, weights } = shown(scene("podinfo", { phase: "Failed" }, [], { now: 9000 }));
        assert.match(cause!.headline, /Kubernetes keeps events for an hour/);
        assert.deepEqual(weights, []);
    });

    it("names what Flagger would never finish of its settings, also before a release", () => {
        assert.match(
            rollout("wedged").cause!.evidence[0]!,
            /^analysis\.stepWeights\[1\]: 20 is not greater than the weight before it, 30/,
        );
        const never = shown(scene("podinfo", { phase: "Initialized" }, [], { analysis: { stepWeight: 0 } }));
        assert.match(never.cause!.headline, /never finish/);
    });

    it("is read of whatever stands in a Canary", () => {
        for (const spec of [undefined, {}, { analysis: {} }, { analysis: { metrics: [{}] } }]) {
            const canary = { metadata: { namespace: "a", name: "b" }, spec };
            assert.equal(rolloutOf(canary, { events: [event("b", [0, ""])], now: start }).key, keyOf(canary));
        }
    });

    it("stands before others where it needs somebody", () => {
        const all = (["promoted", "underWay", "waiting", "rolledBack", "initialized"] as const).map(rollout);
        assert.deepEqual(
            urgentFirst(all).map(({ name }) => name),
            ["rolled-back", "waiting", "under-way", "promoted", "initialized"],
        );
    });
});
