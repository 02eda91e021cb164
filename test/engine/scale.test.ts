import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { Measurement, atRest, measure } from "../../lab/scale/measurement";
import { ScaleSettings } from "../../lab/scale/settings";
import { theLab } from "./theLab";

const apps = 20;
const settings: ScaleSettings = {
    perNamespace: 10,
    interval: "10s",
    wait: true,
    release: true,
    skipCheckpoints: false,
    flagger: { kubernetesQps: 200, kubernetesBurst: 400 },
};

/** What `npm run scale` does, with few applications: it says of itself what was lost. */
describe("many applications on one platform", function () {
    this.timeout(600_000);
    let lab: Lab;
    let measured: Measurement;
    const step = (what: string) => measured.steps.find((each) => each.what === what)!;

    before(async () => {
        lab = await theLab();
        measured = await measure(lab, apps, settings, (text) => console.log(`      ${text}`));
    });

    for (const what of [
        "up, create",
        "all initialised",
        "up, no change",
        "up, change all",
        "all promoted",
        "destroy",
    ]) {
        it(`${what}: nothing is lost`, () => assert.deepEqual(step(what).wrong, []));
    }

    it("are measured by the real programs' own counts", () => {
        const { uses, requests, reads, stateBytes } = step("up, change all");
        for (const kind of [
            "engine",
            "program",
            "kubernetes provider",
            "API server",
            "etcd",
            "flagger",
            "prometheus",
        ]) {
            assert.ok((uses[kind]?.peakBytes ?? 0) > 2 ** 20, `${kind}: ${JSON.stringify(uses[kind])}`);
        }
        // Each application's primary at least was read, and Flagger asked for each more than once.
        assert.ok(reads >= apps, `${reads} reads`);
        assert.ok(step(atRest).requests.pods > apps);
        assert.ok(requests.pods > apps && requests.all > requests.pods, JSON.stringify(requests));
        assert.ok(stateBytes > 10_000, `${stateBytes} bytes of state`);
    });

    it("are told of while somebody waits for them, and not asked for every two seconds", () => {
        const { seconds, requests } = step("up, change all");
        const namespaces = apps / settings.perNamespace;
        // A list for the first look, one each half minute, and what the lab itself asks.
        const few = namespaces * (3 + seconds / 20);
        assert.ok(requests.canaryLists <= few, `${requests.canaryLists} lists in ${seconds} s`);
    });

    it("have no provider of their own: the platform has three, and the namespaces one", () => {
        assert.ok(step("up, create").uses["kubernetes provider"]!.processes <= 5);
    });
});
