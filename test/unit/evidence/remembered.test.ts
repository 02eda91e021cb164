import assert from "node:assert/strict";

import { recordOf } from "../../../components/evidence/record";
import { decode, encode } from "../../../components/evidence/codec";
import { detail } from "../../../components/page/render/detail";
import { wholeRollout } from "../../../components/page/source";
import { Scene, scenes, sourceOf, start } from "../page/scenes";

const end = { reason: "Failed", lastUpdateTime: new Date(start + 71_000).toISOString() };

/** The scene of a version that was taken back, with its end as Flagger's status has it. */
function ended(changes: Partial<Scene> = {}): Scene {
    const scene = scenes.rolledBack();
    scene.canary.status = { ...scene.canary.status, conditions: [end] };
    return { ...scene, ...changes };
}

async function seen(scene: Scene) {
    const source = sourceOf([scene]);
    const found = await wholeRollout(source, await source.look(), "apps/rolled-back", start + scene.now * 1000);
    return found!;
}

/** What the wait would have kept of it. */
async function kept(changes: object = {}) {
    const rollout = await seen(ended());
    const record = recordOf(rollout, {
        canary: ended().canary,
        revision: "2230c306d0",
        outcome: "rolled-back",
        began: start,
        ended: "2026-11-27T12:01:11Z",
        looks: [],
    });
    return { configMap: "apps/rolled-back-evidence", records: [decode(encode({ ...record, ...changes }))!] };
}

describe("a rollout that the cluster has forgotten", () => {
    const forgotten = { events: [], values: undefined, now: 9000 };

    it("is shown as it was, from what was kept", async () => {
        const before = await seen(ended());
        const after = await seen(ended({ ...forgotten, kept: await kept() }));
        assert.equal(after.cause?.headline, "Success rate was 50.31 %, and has to be at least 99 %.");
        for (const part of ["cause", "weights", "planned", "began", "ended", "moments"] as const) {
            assert.deepEqual(after[part], before[part], part);
        }
        assert.deepEqual(after.checks[0], before.checks[0]);
        assert.deepEqual(after.checks[1]!.samples, [], "Flagger did not come to it, for the one before it had failed");
        assert.equal(after.unmeasured, undefined);
        const page = detail(after).text;
        assert.match(page, /They were kept in ConfigMap apps\/rolled-back-evidence\./);
        assert.match(page, /<h2 id="kept">The last rollouts<\/h2>/);
        assert.match(page, /rolled-back after 1 min 11 s/);
    });

    it("without evidence says so", async () => {
        const { cause, checks } = await seen(ended(forgotten));
        assert.match(cause!.headline, /does not hold what Flagger said/);
        assert.ok(checks.every(({ samples }) => samples.length === 0));
    });

    it("is not taken for one that was kept before it", async () => {
        const { cause } = await seen(ended({ ...forgotten, kept: await kept({ ended: "2026-11-27T11:00:00Z" }) }));
        assert.match(cause!.headline, /does not hold what Flagger said/);
    });

    it("is shown from the cluster as far as that still knows it", async () => {
        const shown = await seen(ended({ kept: await kept({ says: "else", checks: [] }) }));
        assert.deepEqual([shown.valuesKeptIn, shown.checks[0]!.samples.length], [undefined, 5]);
    });

    it("shows no more of what was kept than text", async () => {
        const shown = await seen(ended({ kept: await kept({ image: "<script>", says: "<b>", unmeasured: "<i>" }) }));
        assert.doesNotMatch(detail(shown).text, /<script>|<b>|<i>/);
    });
});
