import assert from "node:assert/strict";

import {
    AdmissionregistrationV1Api,
    ApiextensionsV1Api,
    AppsV1Api,
    CoreV1Api,
    KubernetesObjectApi,
} from "@kubernetes/client-node";

import { everyObject } from "../../components/destroy/everyObject";
import type { CanaryAppArgs, ProgressiveMeshClusterArgs } from "../../index";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project, PulumiResult } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, give, givenPlatform, keep } from "./delivery";
import { letGo, lettingGo, patch, stuck } from "./stuck";
import { theLab } from "./theLab";
import { together } from "./together";

const off = { enabled: false };
const onAppMesh: ProgressiveMeshClusterArgs = {
    mesh: { provider: "appmesh" },
    addons: { grafana: off, metricsServer: off },
};
const appMeshs = /^finalizers\.appmesh\.k8s\.aws\//;
const flaggers = /^finalizer\.flagger\.app$/;

/** A deletion that is held ends with an error after this; the library's own bounds are minutes. */
const bound = "45s";

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

    const namespace = (name: string) => `left-${name}`;

    async function start(name: string, changes: Partial<CanaryAppArgs> = {}): Promise<Program> {
        const program = await shared.program(name, { [name]: { args: app(name, namespace(name), changes) } });
        await program.project.must(["config", "set", "bound", bound]);
        succeeded(await program.up());
        await rollouts.phase(namespace(name), name, ["Initialized", "Succeeded"], 120);
        return program;
    }

    /** Fails unless the command ended with an error and nothing of the stack was forgotten on the way. */
    function refused(name: string, result: PulumiResult): string {
        keep(lab, name, result);
        assert.notEqual(result.code, 0, result.output);
        return result.output;
    }

    async function emptyState(project: Project): Promise<void> {
        const { output } = await project.must(["stack", "export"]);
        const { deployment } = JSON.parse(output) as { deployment: { resources?: { urn: string }[] } };
        const left = (deployment.resources ?? []).map(({ urn }) => urn).filter((urn) => !urn.includes("pulumi:Stack"));
        assert.deepEqual(left, []);
    }

    describe("of a platform that is half there", () => {
        it("takes away what an interrupted up has made", async () => {
            const end = { pattern: /Release given-flagger creat/, signal: "SIGINT" } as const;
            refused("interrupted", await platform.upEndedAt(end));
            succeeded(keep(lab, "interrupted-destroy", await platform.destroy()));
            await emptyState(platform);
            await nothingLeft(lab);
        });

        it("takes away what is there when a release fails", async () => {
            const resources = { requests: { cpu: "1000" } };
            await give(platform, { ...onAppMesh, addons: { ...onAppMesh.addons, flagger: { resources } } });
            await platform.must(["config", "set", "bound", bound]);
            const failed = refused("failed", await platform.up());
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
                const program = await start("mid", { revertOnDeletion: true });
                program.image("mid", "6.0.1");
                succeeded(await program.up());
                const weight = () => rollouts.canary(namespace("mid"), "mid")?.status?.canaryWeight;
                assert.ok(await poll(() => (weight() ?? 0) > 0 || undefined, 120, 100), "the rollout is under way");
                succeeded(await program.project.destroy());
                await emptyState(program.project);
            },

            "whose rollout has failed takes away everything": async () => {
                const program = await start("bad", { progressDeadlineSeconds: 20 });
                program.image("bad", "6.0.2-unready");
                succeeded(await program.up());
                await rollouts.phase(namespace("bad"), "bad", ["Failed"], 150);
                succeeded(await program.project.destroy());
                await emptyState(program.project);
            },

            "in whose namespace something of somebody else's is held ends, and says so": async () => {
                const program = await start("guest");
                const metadata = { name: "kept", namespace: namespace("guest"), finalizers: ["example.com/kept"] };
                const guest = { apiVersion: "v1", kind: "ConfigMap", metadata };
                await KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig).create(guest);

                const output = refused("guest", await program.project.destroy());
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

    describe("out of order", () => {
        it("of a platform that applications are still on ends and names who holds it; they go without Flagger, then it goes", async () => {
            const program = await start("early", { revertOnDeletion: true });
            await platform.must(["config", "set", "bound", bound]);
            succeeded(await platform.up());

            const first = refused("platform-first", await platform.destroy());
            assert.match(first, /Release given-appmesh-gateway/);
            assert.match(
                (await stuck(lab)).text,
                /^VirtualGateway appmesh-gateway\/appmesh-gateway, .*\n {2}held by finalizers\.appmesh/m,
            );

            const output = refused("without-flagger", await program.project.destroy());
            assert.match(output, /finalizers might be preventing deletion \(finalizer\.flagger\.app\)/);
            assert.match(output, /left-early\/early/);
            assert.match(
                (await stuck(lab)).text,
                /^Canary left-early\/early, .*\n {2}held by finalizer\.flagger\.app: /m,
            );
            assert.equal(await letGo(lab, flaggers), 1);
            succeeded(await program.project.destroy());
            await emptyState(program.project);

            // Helm forgot the release when its time was over; Pulumi has to be told to look.
            assert.match(refused("release-forgotten", await platform.destroy()), /release: not found/);
            succeeded(
                keep(
                    lab,
                    "platform-refreshed",
                    await platform.run(["destroy", "--refresh", "--yes", "--skip-preview"]),
                ),
            );
            await emptyState(platform);
            await nothingLeft(lab);
        });

        it("without the mesh's controller and Flagger's definitions ends and names what is held, and goes when that is let go", async () => {
            await platform.must(["config", "rm", "bound"]);
            shared = await SharedPlatform.of(lab, platform);
            const program = await start("lost");
            const { kubeconfig } = lab.controlPlane;
            await kubeconfig
                .makeApiClient(AppsV1Api)
                .deleteNamespacedDeployment({ namespace: "appmesh-system", name: "appmesh-controller" });
            const noPods = async () => {
                const { items } = await kubeconfig
                    .makeApiClient(CoreV1Api)
                    .listNamespacedPod({ namespace: "appmesh-system" });
                return items.some(({ metadata }) => metadata?.name?.startsWith("appmesh-controller"))
                    ? undefined
                    : true;
            };
            assert.ok(await poll(noPods, 60), "the controller's pod is gone");

            const output = refused("without-controller", await program.project.destroy());
            assert.match(
                output,
                /finalizers might be preventing deletion \(finalizers\.appmesh\.k8s\.aws\/aws-appmesh-resources\)/,
            );
            assert.match(output, /left-lost\/lost/);
            assert.match(
                (await stuck(lab)).text,
                /^GatewayRoute left-lost\/lost, .*\n {2}held by finalizers\.appmesh\.k8s\.aws/m,
            );

            // What nobody answers any more refuses the change that would let go.
            await assert.rejects(letGo(lab, appMeshs), /failed calling webhook/);
            const webhooks = kubeconfig.makeApiClient(AdmissionregistrationV1Api);
            await webhooks.deleteMutatingWebhookConfiguration({
                name: "appmesh-controller-mutating-webhook-configuration",
            });
            await webhooks.deleteValidatingWebhookConfiguration({
                name: "appmesh-controller-validating-webhook-configuration",
            });

            // With its definition a Canary goes, and with it whatever Flagger made of it.
            await kubeconfig
                .makeApiClient(ApiextensionsV1Api)
                .deleteCustomResourceDefinition({ name: "canaries.flagger.app" });
            const noCanary = async () =>
                (await everyObject(kubeconfig)).objects.some(({ kind }) => kind === "Canary") ? undefined : true;
            assert.ok(await poll(noCanary, 60, 1000), "the Canary went with its definition");
            succeeded(await lettingGo(lab, appMeshs, program.project.destroy()));
            await emptyState(program.project);
            succeeded(keep(lab, "platform-without-controller", await lettingGo(lab, appMeshs, platform.destroy())));
            await emptyState(platform);
            await nothingLeft(lab);
            assert.equal((await stuck(lab)).code, 0);
        });
    });
});
