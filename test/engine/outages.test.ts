import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { pause } from "../../lab/poll";
import { PulumiResult } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Report } from "./faults/report";
import { steps } from "./faults/steps";
import { draws, tries } from "./faults/tries";
import { Whole } from "./faults/whole";
import { theLab } from "./theLab";

/** For how long the program is away, in seconds. */
const away = 4;

/** The API server, or the etcd behind it, is killed at random moments and started again. */
describe("the cluster's control plane lost for a moment", function () {
    this.timeout(600_000);
    // A try that was not survived leaves no ground for the next.
    this.bail(true);
    const report = new Report("outages");
    const draw = draws("outages");
    let lab: Lab;
    let whole: Whole;
    let rollouts: Rollouts;
    const lasts = { up: 0, destroy: 0 };

    before("how long the commands take by themselves", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        whole = await Whole.make(lab, "outages");
        lasts.up = await whole.raise();
        const began = Date.now();
        succeeded(await whole.project.destroy());
        lasts.destroy = Date.now() - began;
        await whole.gone();
    });

    after(() => {
        rollouts?.stop();
        report.show();
    });

    /** Runs a command through an outage at a random moment of it. */
    async function through(
        program: "kube-apiserver" | "etcd",
        command: () => Promise<PulumiResult>,
        milliseconds: number,
    ): Promise<PulumiResult> {
        const after = Math.round(draw() * milliseconds);
        console.log(`      ${program} away after ${after} of ${milliseconds} ms`);
        const outage = pause(after / 1000).then(() => lab.controlPlane.outage(program, away));
        const [result] = await Promise.all([command(), outage]);
        return result;
    }

    for (const program of ["kube-apiserver", "etcd"] as const) {
        const killed = program === "etcd" ? "etcd killed and restarted" : "API server killed and restarted";

        for (let index = 0; index < tries; index++) {
            it(`${program} in up: try ${index + 1}`, () =>
                report.try(`${killed} in \`up\``, async () => {
                    await whole.change("6.0.0");
                    const result = await through(program, () => whole.up(), lasts.up);
                    const needed = result.code === 0 ? [] : await whole.goOn();
                    await whole.settled();
                    return needed;
                }));

            it(`${program} while a promotion is waited for: try ${index + 1}`, () =>
                report.try(`${killed} while \`up\` waits for a promotion`, async () => {
                    const before = await whole.histories();
                    await whole.change("6.0.1");
                    const updated = whole.up();
                    await rollouts.phase("waits", "waits", ["Progressing"], 120);
                    await pause(draw() * 30);
                    await lab.controlPlane.outage(program, away);
                    const result = await updated;
                    // This one needs nothing: it waits on, and its end is true.
                    succeeded(result);
                    // Without etcd the API server lets requests wait, and a short outage shows in nothing.
                    if (program === "kube-apiserver") {
                        assert.match(result.output, /the cluster does not answer/);
                    }
                    assert.match(result.output, /CanaryApp waits .*promoted/);
                    await whole.settled(before);
                    return [];
                }));

            it(`${program} in destroy: try ${index + 1}`, () =>
                report.try(`${killed} in \`destroy\``, async () => {
                    const result = await through(program, () => whole.project.destroy(), lasts.destroy);
                    const needed: string[] = [];
                    if (result.code !== 0) {
                        succeeded(await whole.project.run(["destroy", "--yes", "--skip-preview", "--refresh"]));
                        needed.push(steps.destroyAgain);
                    }
                    await whole.gone();
                    return needed;
                }));
        }
    }
});
