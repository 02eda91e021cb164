import assert from "node:assert/strict";

import { isDecided, rollbackOf } from "../../../../components/delivery/promotion/rollback";
import { event } from "../../page/scenes";

const said = (seconds: number, text: string) => event("podinfo", [seconds, text]);

describe("why a version was taken back", () => {
    const began = said(0, "New revision detected! Scaling up podinfo.apps");
    const waiting = said(
        10,
        "!canary deployment podinfo.apps not ready: waiting for rollout to finish: 0 of 1 updated replicas are available",
    );
    const decided = said(20, `!Rolling back podinfo.apps progress deadline exceeded ${waiting.message}`);
    const failed = said(21, "!Canary failed! Scaling down podinfo.apps");

    it("is the decision that Flagger said", () => {
        const events = [began, waiting, decided, failed];
        assert.equal(isDecided(events), true);
        assert.equal(rollbackOf(events).says, "its pods did not become ready in time");
    });

    it("is what it said last of the pods where Kubernetes has dropped the decision", () => {
        const events = [began, waiting, failed];
        assert.equal(isDecided(events), false);
        const { by, says, pods } = rollbackOf(events);
        assert.deepEqual([by, says], ["deadline", "its pods were not ready when Flagger last said something of them"]);
        assert.match(pods!, /0 of 1 updated replicas/);
    });

    it("is said to be unknown where nothing tells of it", () => {
        assert.equal(rollbackOf([began, failed]).by, "unknown");
    });
});
