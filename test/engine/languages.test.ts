import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { yamlLanguageHost } from "../../lab/toolchain/tools";
import { nothingLeft, succeeded } from "./asserts";
import { keep, podinfo } from "./delivery";
import { emptyState } from "./destroying";
import { InstalledExamples } from "./installedExamples";
import { theLab } from "./theLab";

/** What of a program in YAML is changed here. */
interface YamlProgram {
    resources: Record<"platform" | "podinfo", { properties: Record<string, Record<string, unknown>> }>;
}

const stackTrace = /\n\s+at .*\(|node_modules/;

/** examples/yaml with the packed library, in Pulumi's own language host for YAML. */
describe("a program in YAML", function () {
    this.timeout(1_200_000);
    let lab: Lab;
    let rollouts: Rollouts;
    let project: Project;
    let began = false;

    before(async () => {
        lab = await theLab([yamlLanguageHost]);
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        const installed = await InstalledExamples.prepare(lab);
        project = await installed.yamlProject();
    });

    after(() => rollouts?.stop());

    // Each builds on what the one before has left.
    beforeEach(function () {
        if (began && this.currentTest!.parent!.tests.some(({ state }) => state === "failed")) {
            this.skip();
        }
        began = true;
    });

    const phase = () => rollouts.canary("apps", "podinfo")?.status?.phase;
    const primary = () => rollouts.primaryImage("apps", "podinfo");
    const up = async (name: string) => keep(lab, `yaml-${name}`, await project.up());

    /** Runs something with the program changed. */
    async function changed<T>(
        change: (resources: YamlProgram["resources"]) => void,
        run: () => Promise<T>,
    ): Promise<T> {
        const file = path.join(project.folder, "Pulumi.yaml");
        const text = fs.readFileSync(file, "utf8");
        const program = parse(text) as YamlProgram;
        change(program.resources);
        fs.writeFileSync(file, stringify(program));
        try {
            return await run();
        } finally {
            fs.writeFileSync(file, text);
        }
    }

    it("is told in the preview what is wrong with a platform", async () => {
        const { code, output } = await changed(
            ({ platform }) => (platform.properties.mesh = { provider: "istoi" }),
            () => project.preview(),
        );
        assert.notEqual(code, 0, output);
        assert.match(output, /ProgressiveMeshCluster "platform": 1 problem in the arguments\n/);
        assert.match(output, /- mesh\.provider: "istoi" is not a mesh that this version knows\. Use one of .*istio/);
        assert.doesNotMatch(output, stackTrace);
    });

    it("is previewed before there is a platform", async () => {
        const { code, output } = await project.preview();
        assert.equal(code, 0, output);
        assert.match(output, /pulumi-progressive-mesh:index:ProgressiveMeshCluster +platform +create/);
    });

    it("brings up a platform and an application", async () => {
        succeeded(await up("first"));
        assert.deepEqual([phase(), primary()], ["Initialized", podinfo("6.0.0")]);
        assert.match(String((await project.outputs()).plan), /^podinfo: 10, 20, 30, 40, 50 % every 15 s; /);
    });

    it("changes nothing the second time", async () => {
        succeeded(await project.preview("--expect-no-changes"));
        const again = await up("again");
        succeeded(again);
        assert.match(again.output, /\n\s+\d+ unchanged\n/);
        assert.doesNotMatch(again.output, /\n\s+[~+-] \d+ /);
    });

    it("is told in the preview what is wrong with an application", async () => {
        const { code, output } = await changed(
            ({ podinfo: app }) => (app.properties.analysis = { interval: "15s", threshold: 0 }),
            () => project.preview(),
        );
        assert.notEqual(code, 0, output);
        assert.match(output, /CanaryApp "podinfo": 1 problem in the arguments\n/);
        assert.match(output, /analysis\.threshold/);
        assert.doesNotMatch(output, stackTrace);
    });

    it("releases a version, and waits until it is promoted", async () => {
        await project.must(["config", "set", "tag", "6.0.1"]);
        const release = await up("release");
        succeeded(release);
        assert.match(release.output, /CanaryApp podinfo .*promoted\n/);
        assert.deepEqual([phase(), primary()], ["Succeeded", podinfo("6.0.1")]);
    });

    it("fails when the version is rolled back, and says why", async () => {
        await project.must(["config", "set", "tag", "6.0.2-errors50"]);
        const { code, output } = await up("rollback");
        assert.notEqual(code, 0, output);
        assert.match(
            output,
            /CanaryApp "podinfo": apps\/podinfo is not promoted: it was rolled back: success rate was/,
        );
        assert.doesNotMatch(output, stackTrace);
        assert.deepEqual([phase(), primary()], ["Failed", podinfo("6.0.1")]);
    });

    it("leaves nothing behind", async () => {
        succeeded(keep(lab, "yaml-destroy", await project.destroy()));
        await emptyState(project);
        await nothingLeft(lab);
    });
});
