import assert from "node:assert/strict";

import { AdmissionregistrationV1Api, ApiextensionsV1Api, AppsV1Api, CoreV1Api } from "@kubernetes/client-node";

import { everyObject } from "../../components/destroy/everyObject";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { SharedPlatform, givenPlatform, keep } from "./delivery";
import { emptyState, onAppMesh, refused, start } from "./destroying";
import { scaleDeployment } from "./scaleDeployment";
import { letGo, lettingGo, stuck } from "./stuck";
import { theLab } from "./theLab";

const appMeshs = /^finalizers\.appmesh\.k8s\.aws\//;
const flaggers = /^finalizer\.flagger\.app$/;

/** What is destroyed while something else holds it ends with an error that names it, and goes by the way of docs/destroy.md. */
describe("destroy of what is held", function () {
    this.timeout(900_000);
    let lab: Lab;
    let platform: Project;
    let shared: SharedPlatform;
    let rollouts: Rollouts;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        platform = await givenPlatform(lab, "given", onAppMesh);
        // From the start: a release whose bound changes is upgraded, and App Mesh's controller with new certificates.
        await platform.must(["config", "set", "bound", "90s"]);
        shared = await SharedPlatform.of(lab, platform);
    });

    after(() => rollouts?.stop());

    /** The pods of a Deployment, by the beginning of their names, are gone. */
    async function withoutPods(namespace: string, deployment: string): Promise<void> {
        const none = async () => {
            const { items } = await lab.controlPlane.kubeconfig
                .makeApiClient(CoreV1Api)
                .listNamespacedPod({ namespace });
            return items.some(({ metadata }) => metadata!.name!.startsWith(`${deployment}-`)) ? undefined : true;
        };
        assert.ok(await poll(none, 60), `the pods of ${deployment} are gone`);
    }

    it("of an application without Flagger ends and names the Canary, and goes when that is let go", async () => {
        const program = await start(shared, rollouts, "early", { revertOnDeletion: true });
        await scaleDeployment(lab, "flagger-system", "flagger", 0);
        await withoutPods("flagger-system", "flagger");

        const output = refused(lab, "without-flagger", await program.project.destroy());
        assert.match(
            output,
            /:Canary \(early\):\n.*finalizers might be preventing deletion \(finalizer\.flagger\.app\)/,
        );
        assert.match((await stuck(lab)).text, /^Canary left-early\/early, .*\n {2}held by finalizer\.flagger\.app: /m);
        assert.equal(await letGo(lab, flaggers), 1);
        succeeded(await program.project.destroy());
        await emptyState(program.project);
        await scaleDeployment(lab, "flagger-system", "flagger", 1);
    });

    it("of a platform that applications are still on ends and names who holds it, and goes after they have gone", async () => {
        const program = await start(shared, rollouts, "left");

        const first = refused(lab, "platform-first", await platform.destroy());
        assert.match(first, /Release given-appmesh-gateway/);
        assert.match(
            (await stuck(lab)).text,
            /^VirtualGateway appmesh-gateway\/appmesh-gateway, .*\n {2}held by finalizers\.appmesh/m,
        );

        // Nothing else has gone yet: Flagger is there to end what it has made.
        succeeded(keep(lab, "applications-second", await program.project.destroy()));
        await emptyState(program.project);

        // Helm forgot the release when its time was over; Pulumi has to be told to look.
        assert.match(refused(lab, "release-forgotten", await platform.destroy()), /release: not found/);
        succeeded(
            keep(lab, "platform-refreshed", await platform.run(["destroy", "--refresh", "--yes", "--skip-preview"])),
        );
        await emptyState(platform);
        await nothingLeft(lab);
    });

    it("without the mesh's controller and Flagger's definitions ends and names what is held, and goes when that is let go", async () => {
        shared = await SharedPlatform.of(lab, platform);
        const program = await start(shared, rollouts, "lost");
        const { kubeconfig } = lab.controlPlane;
        await kubeconfig
            .makeApiClient(AppsV1Api)
            .deleteNamespacedDeployment({ namespace: "appmesh-system", name: "appmesh-controller" });
        await withoutPods("appmesh-system", "appmesh-controller");

        const output = refused(lab, "without-controller", await program.project.destroy());
        assert.match(
            output,
            /:GatewayRoute \(lost-gateway-route\):\n.*preventing deletion \(finalizers\.appmesh\.k8s\.aws\/aws-appmesh-resources[,)]/,
        );
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
