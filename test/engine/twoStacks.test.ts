import assert from "node:assert/strict";
import path from "node:path";

import { AppsV1Api } from "@kubernetes/client-node";

import type { CanaryAppArgs, ProgressiveMeshClusterArgs } from "../../index";
import { ask } from "../../lab/ask";
import { Lab } from "../../lab/lab";
import { pause, poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { app, give, givenPlatform, podinfo } from "./delivery";
import { theLab } from "./theLab";

const off = { enabled: false };
const programs = path.join(__dirname, "programs");

/** A platform whose Flagger asks for so much: with another amount Kubernetes makes a new pod. */
const withFlagger = (cpu: string): ProgressiveMeshClusterArgs => ({
    mesh: { provider: "appmesh" },
    addons: { grafana: off, metricsServer: off, flagger: { resources: { requests: { cpu } } } },
});

/** Where the stacks have their state together. */
const state = "shared";

/** A platform in one stack, and applications in others that refer to it. */
describe("applications in stacks of their own", function () {
    this.timeout(600_000);
    let lab: Lab;
    let platform: Project;
    let rollouts: Rollouts;
    const apps = new Map<string, { project: Project; args: Omit<CanaryAppArgs, "platform"> }>();

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        platform = await givenPlatform(lab, "given", withFlagger("250m"), { state });
        for (const name of ["one", "two"]) {
            const settings = { platform: "organization/given/test", name };
            const project = await lab.pulumi.project(name, path.join(programs, "referring"), name, settings, state);
            apps.set(name, { project, args: app(name, `of-${name}`, { waitForPromotion: { timeout: "6m" } }) });
        }
    });

    after(() => rollouts?.stop());

    async function up(name: string, tag: string) {
        const { project, args } = apps.get(name)!;
        args.workload!.image = podinfo(tag);
        await project.must(["config", "set", "app", JSON.stringify(args)]);
        return project.up();
    }

    const primary = (name: string) => rollouts.primaryImage(`of-${name}`, name);
    const revisions = (name: string) =>
        rollouts.messages(`of-${name}`, name).filter((message) => message.startsWith("New revision")).length;

    it("come up on the platform that they refer to, and are released there", async () => {
        succeeded(await platform.up());
        const { project } = apps.get("one")!;
        await project.configure({ ownProvider: "true" });
        (await Promise.all([up("one", "6.0.0"), up("two", "6.0.0")])).forEach(succeeded);
        // Each had a provider of its own once; that all share one now replaces nothing, not even together with a release.
        await project.configure({ ownProvider: "false" });
        const release = await up("one", "6.0.1");
        succeeded(release);
        assert.match(release.output, /pulumi:providers:kubernetes one deleted/);
        assert.doesNotMatch(release.output, /replac/);
        assert.deepEqual([primary("one"), primary("two")], [podinfo("6.0.1"), podinfo("6.0.0")]);
        const { url } = await apps.get("one")!.project.outputs();
        assert.equal((await ask(String(url), {})).version, "6.0.1");
    });

    it("go without the platform or each other taking notice", async () => {
        succeeded(await apps.get("two")!.project.destroy());
        succeeded(await platform.preview("--expect-no-changes"));
        succeeded(await apps.get("one")!.project.preview("--expect-no-changes"));
        const { url } = await apps.get("one")!.project.outputs();
        assert.equal((await ask(String(url), {})).status, 200);
    });

    it("go on with their rollouts while the platform's Flagger is changed under them, and start none for it", async () => {
        const before = revisions("one");
        await give(platform, withFlagger("260m"));
        succeeded(await platform.up());
        // Long enough for the new Flagger to have looked at every Canary.
        await pause(25);
        assert.equal(revisions("one"), before);
        assert.equal(primary("one"), podinfo("6.0.1"));

        const release = up("one", "6.0.2");
        const weight = () => rollouts.canary("of-one", "one")?.status?.canaryWeight;
        assert.ok(await poll(() => weight() === 30 || undefined, 120, 100));
        await give(platform, withFlagger("270m"));
        succeeded(await platform.up());
        succeeded(await release);
        assert.equal(primary("one"), podinfo("6.0.2"));
        const { spec } = await lab.controlPlane.kubeconfig
            .makeApiClient(AppsV1Api)
            .readNamespacedDeployment({ namespace: "flagger-system", name: "flagger" });
        assert.equal(spec!.template.spec!.containers[0]!.resources!.requests!.cpu, "270m");
    });

    it("leave nothing behind", async () => {
        succeeded(await apps.get("one")!.project.destroy());
        succeeded(await platform.destroy());
        await nothingLeft(lab);
    });
});
