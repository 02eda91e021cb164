import assert from "node:assert/strict";

import { KubernetesObjectApi } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { SharedPlatform, give, givenPlatform, keep } from "./delivery";
import { bound, emptyState, namespaceOf, onAppMesh, refused, start } from "./destroying";
import { patch, stuck } from "./stuck";
import { theLab } from "./theLab";
import { together } from "./together";

/** Destroy from every state, by the commands of docs/destroy.md: it leaves nothing, or ends and the way on is plain. */
describe("destroy", function () {
    this.timeout(600_000);
    let lab: Lab;
    let platform: Project;
    let shared: SharedPlatform;
    let rollouts: Rollouts;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        platform = await givenPlatform(lab, "given", onAppMesh);
    });

    after(() => rollouts?.stop());

    describe("of a platform that is half there", () => {
        it("takes away what an interrupted up has made", async () => {
            const end = { pattern: /Release given-flagger creat/, signal: "SIGINT" } as const;
            refused(lab, "interrupted", await platform.upEndedAt(end));
            succeeded(keep(lab, "interrupted-destroy", await platform.destroy()));
            await emptyState(platform);
            await nothingLeft(lab);
        });

        it("takes away what is there when a release fails", async () => {
            const resources = { requests: { cpu: "1000" } };
            await give(platform, { ...onAppMesh, addons: { ...onAppMesh.addons, flagger: { resources } } });
            await platform.must(["config", "set", "bound", bound]);
            const failed = refused(lab, "failed", await platform.up());
            assert.match(failed, /Release given-flagger/);
            succeeded(keep(lab, "failed-destroy", await platform.destroy()));
            await emptyState(platform);
            await nothingLeft(lab);
            await platform.must(["config", "rm", "bound"]);
            await give(platform, onAppMesh);
        });
    });

    describe("of an application", () => {
        before(async () => {
            shared = await SharedPlatform.of(lab, platform);
        });

        together({
            "in the middle of a rollout gives back and takes away everything": async () => {
                const program = await start(shared, rollouts, "mid", { revertOnDeletion: true });
                program.image("mid", "6.0.1");
                succeeded(await program.up());
                const weight = () => rollouts.canary(namespaceOf("mid"), "mid")?.status?.canaryWeight;
                assert.ok(await poll(() => (weight() ?? 0) > 0 || undefined, 120, 100), "the rollout is under way");
                succeeded(await program.project.destroy());
                await emptyState(program.project);
            },

            "whose rollout has failed takes away everything": async () => {
                const program = await start(shared, rollouts, "bad", { progressDeadlineSeconds: 20 });
                program.image("bad", "6.0.2-unready");
                succeeded(await program.up());
                await rollouts.phase(namespaceOf("bad"), "bad", ["Failed"], 150);
                succeeded(await program.project.destroy());
                await emptyState(program.project);
            },

            "in whose namespace something of somebody else's is held ends, and says so": async () => {
                const program = await start(shared, rollouts, "guest");
                const metadata = { name: "kept", namespace: namespaceOf("guest"), finalizers: ["example.com/kept"] };
                const guest = { apiVersion: "v1", kind: "ConfigMap", metadata };
                await KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig).create(guest);

                const output = refused(lab, "guest", await program.project.destroy());
                assert.match(output, /Namespace guest-left-guest/);
                assert.match(output, /timed out waiting for the condition/);
                const { code, text } = await stuck(lab);
                assert.equal(code, 1);
                assert.match(text, /^ConfigMap left-guest\/kept, .*\n {2}held by example\.com\/kept: /m);
                assert.match(text, /^Namespace left-guest, /m);

                await patch(lab, { ...guest, metadata: { ...metadata, finalizers: [] } });
                succeeded(await program.project.destroy());
                await emptyState(program.project);
            },
        });
    });

    after(async () => {
        succeeded(await platform.destroy());
        await nothingLeft(lab);
    });
});
