import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import type { Canary, CanaryFeed } from "../../../../components/delivery/promotion/canaryFeed";
import { Standstill } from "../../../../components/delivery/promotion/standstill";
import type { Workloads } from "../../../../components/operate/pendingVersion";

const minute = 60_000;
const none = new Map<string, Canary>();
const long = new Date(Date.now() - 100 * minute);

/** One that Flagger has left at this weight. */
function left(canaryWeight: number, phase = "Progressing"): Canary {
    return {
        metadata: { name: "web", namespace: "shop" },
        spec: { analysis: { interval: "10s", stepWeight: 5, maxWeight: 50 } },
        status: { phase, canaryWeight, lastTransitionTime: long.toISOString() },
    } as Canary;
}

describe("a wait's look at a rollout that stands still", () => {
    let asked: number;

    const standstill = (answers = true, workloads: Promise<Workloads> = Promise.reject(new Error("forbidden"))) => {
        workloads.catch(() => undefined);
        asked = 0;
        const feed = {
            said: () => {
                asked += 1;
                return answers ? Promise.resolve([]) : Promise.reject(new Error("no"));
            },
        };
        const cluster = { client, kubeconfig: new client.KubeConfig() };
        return new Standstill(cluster, feed as unknown as CanaryFeed, { both: () => workloads }, 10);
    };

    it("asks nothing before five of Flagger's looks and a minute, then once a minute, and answers once", async () => {
        const one = standstill();
        const states: (string | undefined)[] = [];
        for (const seconds of [0, 109, 111, 120, 172, 235]) {
            states.push((await one.saw(left(5), none, seconds * 1000))?.state);
        }
        assert.deepEqual(states, [undefined, undefined, "silent", undefined, undefined, undefined]);
        assert.equal(asked, 3);
        // Whoever comes to another place is told anew.
        assert.equal(await one.saw(left(10), none, 236_000), undefined);
        assert.equal((await one.saw(left(10), none, 347_000))?.state, "silent");
    });

    it("sees that Flagger has forgotten one, by what it has not made", async () => {
        const one = standstill(true, Promise.resolve({ target: {} }));
        await one.saw(left(0, "Initializing"), none, 0);
        assert.match((await one.saw(left(0, "Initializing"), none, 111_000))!.remedy, /restart it/);
        const made = standstill(true, Promise.resolve({ target: {}, primary: {} }));
        await made.saw(left(0, "Initializing"), none, 0);
        assert.equal(await made.saw(left(0, "Initializing"), none, 111_000), undefined);
    });

    it("sees another Canary that releases the same", async () => {
        const one = standstill();
        const targetRef = { kind: "Deployment", name: "web" };
        const [web, other] = ["web", "other"].map((name) => {
            const { spec, ...canary } = left(5);
            return { ...canary, metadata: { name, namespace: "shop" }, spec: { ...spec, targetRef } } as Canary;
        }) as [Canary, Canary];
        const all = new Map([web, other].map((canary) => [canary.metadata!.name!, canary]));
        await one.saw(web, all, 0);
        assert.equal((await one.saw(web, all, 111_000))?.state, "shared-target");
    });

    it("asks nothing of one at rest, and concludes nothing from no answer", async () => {
        const one = standstill();
        await one.saw(left(0, "Succeeded"), none, 0);
        assert.equal(await one.saw(left(0, "Succeeded"), none, 10 * minute), undefined);
        assert.equal(asked, 0);
        const unheard = standstill(false);
        await unheard.saw(left(5), none, 0);
        assert.equal(await unheard.saw(left(5), none, 10 * minute), undefined);
        assert.equal(asked, 1);
    });
});
