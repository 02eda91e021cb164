import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { ensureTools } from "../../lab/toolchain/ensure";
import { generatedLanguages, languageTools, pulumiPython } from "../../lab/toolchain/tools";
import { nothingLeft, succeeded } from "./asserts";
import { keep, podinfo } from "./delivery";
import { emptyState } from "./destroying";
import { InstalledExamples } from "./installedExamples";
import { goBuild, inline, packageCommand, writeMetadata } from "./otherLanguages";
import { theLab } from "./theLab";

/** What of a program in YAML is changed here. */
interface YamlProgram {
    resources: Record<"platform" | "podinfo", { properties: Record<string, Record<string, unknown>> }>;
}

const stackTrace = /\n\s+at .*\(|node_modules\/@/;

/** The examples in other languages, with the packed library. */
describe("other languages", function () {
    this.timeout(1_200_000);
    let lab: Lab;
    let python: string;
    let installed: InstalledExamples;
    let rollouts: Rollouts;
    let project: Project;

    before(async () => {
        lab = await theLab(languageTools);
        python = (await ensureTools(languageTools))[pulumiPython.name]!;
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        installed = await InstalledExamples.prepare(lab);
    });

    after(() => rollouts?.stop());

    // Each builds on what the one before has left.
    beforeEach(function () {
        if (this.currentTest!.parent!.tests.some(({ state }) => state === "failed")) {
            this.skip();
        }
    });

    /** Waits until the application is in a phase, and answers which version users get then. */
    async function usersGet(phase: string): Promise<string | undefined> {
        await rollouts.phase("apps", "podinfo", [phase], 180);
        return rollouts.primaryImage("apps", "podinfo");
    }

    async function leavesNothing(name: string): Promise<void> {
        succeeded(keep(lab, `${name}-destroy`, await project.destroy()));
        await emptyState(project);
        await nothingLeft(lab);
    }

    describe("YAML, in its real language host", () => {
        before(async () => {
            project = await installed.yamlProject();
        });

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
            assert.match(
                output,
                /- mesh\.provider: "istoi" is not a mesh that this version knows\. Use one of .*istio/,
            );
            assert.doesNotMatch(output, stackTrace);
        });

        it("is previewed before there is a platform", async () => {
            const { code, output } = await project.preview();
            assert.equal(code, 0, output);
            assert.match(output, /pulumi-progressive-mesh:index:ProgressiveMeshCluster +platform +create/);
        });

        it("brings up a platform and an application", async () => {
            succeeded(await up("first"));
            assert.equal(await usersGet("Initialized"), podinfo("6.0.0"));
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
                ({ podinfo: app }) => (app.properties.analysis!.threshold = 0),
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
            assert.equal(await usersGet("Succeeded"), podinfo("6.0.1"));
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
            assert.equal(await usersGet("Failed"), podinfo("6.0.1"));
        });

        it("leaves nothing behind", () => leavesNothing("yaml"));
    });

    describe("Python, inline by the Automation API", () => {
        before(async () => {
            await nothingLeft(lab);
            project = await installed.pythonProject();
        });

        const run = async (name: string, ...args: string[]) =>
            keep(lab, `python-${name}`, await inline(lab, python, project, ...args));

        it("is generated an SDK by the real command", async () => {
            succeeded(await packageCommand(lab, project, "gen-sdk", "--language", "python", "--out", "sdk"));
            succeeded(await writeMetadata(lab, python, project));
        });

        it("brings up a platform and an application", async () => {
            succeeded(await run("first", "up"));
            assert.equal(await usersGet("Initialized"), podinfo("6.0.0"));
            assert.match(String((await project.outputs()).plan), /^podinfo: 10, 20, 30, 40, 50 % every 15 s; /);
        });

        it("changes nothing the second time", async () => {
            succeeded(await run("again", "preview", "expect_no_changes"));
        });

        it("is told in the preview what is wrong with an application", async () => {
            await project.must(["config", "set", "tag", "6.0.1"]);
            const file = path.join(project.folder, "__main__.py");
            const program = fs.readFileSync(file, "utf8");
            // It is a link into the example.
            fs.rmSync(file);
            fs.writeFileSync(file, program.replace("threshold=5", "threshold=0"));
            const { code, output } = await run("wrong", "preview");
            fs.writeFileSync(file, program);
            assert.notEqual(code, 0, output);
            assert.match(output, /CanaryApp "podinfo": 1 problem in the arguments\n/);
            assert.match(output, /analysis\.threshold/);
        });

        it("releases a version, and waits until it is promoted", async () => {
            succeeded(await run("release", "up"));
            assert.equal(await usersGet("Succeeded"), podinfo("6.0.1"));
        });

        it("leaves nothing behind", () => leavesNothing("python"));
    });

    describe("packages", () => {
        before(async () => {
            project = await installed.emptyProject();
        });

        it("are added to a program in YAML", async () => {
            succeeded(await packageCommand(lab, project, "add"));
            const { packages } = parse(fs.readFileSync(path.join(project.folder, "Pulumi.yaml"), "utf8")) as {
                packages: Record<string, string>;
            };
            assert.deepEqual(packages, {
                "pulumi-progressive-mesh": "./node_modules/pulumi-progressive-mesh/plugin",
            });
        });

        for (const language of generatedLanguages) {
            it(`are generated in ${language}`, async () => {
                succeeded(await packageCommand(lab, project, "gen-sdk", "--language", language, "--out", "sdk"));
                assert.ok(fs.readdirSync(path.join(project.folder, "sdk", language)).length > 2);
            });
        }

        it("compile in Go", async () => {
            succeeded(await goBuild(path.join(project.folder, "sdk", "go")));
        });
    });
});
