import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { documentedProgram, root } from "../unit/docs";
import { nothingLeft, succeeded } from "./asserts";
import { keep, podinfo } from "./delivery";
import { theLab } from "./theLab";

/** The program is TypeScript that changes, so it is not translated before it runs. */
const settings = `name: documented
runtime:
    name: nodejs
    options:
        typescript: false
        nodeargs: --import tsx
main: index.ts
`;

/** The program of docs/canary-app.md, as a reader would type it and then release a new version. */
describe("the documented program", function () {
    this.timeout(600_000);
    const applications = { podinfo: "apps", frontend: "web", checkout: "shop" };
    let lab: Lab;
    let folder: string;
    let stack: Project;
    let rollouts: Rollouts;

    /** Puts the program in the folder, with the lab's charts and this library's sources. */
    const write = (program: string) => {
        const charts = `mirror: { chartRepository: ${JSON.stringify(lab.charts)} },`;
        const text = program
            .replace('mesh: { provider: "appmesh" },', (mesh) => `${mesh} ${charts}`)
            .replace('from "pulumi-progressive-mesh"', () => `from ${JSON.stringify(path.join(root, "index"))}`);
        assert.ok(text.includes(charts) && text.includes(root), text);
        fs.writeFileSync(path.join(folder, "index.ts"), text);
    };

    const primaries = () =>
        Object.entries(applications).map(([name, namespace]) => rollouts.primaryImage(namespace, name));

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "documented-"));
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), settings);
        write(documentedProgram());
        stack = await lab.pulumi.project("documented", folder, "test", {});
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    });

    it("comes up", async () => {
        succeeded(keep(lab, "documented-up", await stack.up()));
        assert.deepEqual(primaries(), Array(3).fill(podinfo("6.0.0")));
        succeeded(await stack.preview("--expect-no-changes"));
    });

    it("releases a new version of each application, by steps, an A/B test and blue/green", async () => {
        const program = documentedProgram();
        assert.equal(program.split(podinfo("6.0.0")).length, 4, "one image for each application");
        write(program.replaceAll(podinfo("6.0.0"), podinfo("6.0.1")));
        const update = keep(lab, "documented-release", await stack.up());
        succeeded(update);
        assert.deepEqual(primaries(), Array(3).fill(podinfo("6.0.1")));
        for (const name of Object.keys(applications)) {
            assert.match(update.output, new RegExp(`CanaryApp ${name} .*promoted\\n`), "it was waited for");
        }
        const weights = rollouts.messages("apps", "podinfo").flatMap((m) => /canary weight (\d+)$/.exec(m)?.[1] ?? []);
        assert.deepEqual(weights, ["20", "40", "60"]);
        assert.ok(rollouts.messages("web", "frontend").includes("Advance frontend.web canary iteration 5/5"));
        assert.ok(rollouts.messages("shop", "checkout").includes("Routing all traffic to canary"));
    });

    after(async () => {
        rollouts?.stop();
        succeeded(await stack.destroy());
        fs.rmSync(folder, { recursive: true });
        await nothingLeft(lab);
    });
});
