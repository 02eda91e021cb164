import assert from "node:assert/strict";

import { CustomObjectsApi } from "@kubernetes/client-node";

import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { pause, poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import type { ProgressiveMeshClusterArgs } from "../../index";
import { envoyGatewayHooks, nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, give, givenPlatform } from "./delivery";
import { Serving } from "./moving";
import { assertServed, sinceServed } from "./served";
import { theLab } from "./theLab";

const perSecond = 20;
const namespace = "shop";
const off = { enabled: false };
const addons = { grafana: off, metricsServer: off };

/**
 * An application moves from App Mesh to Istio and from there to the Gateway API, as docs/migration.md says it: two meshes stand
 * side by side, one line changes, and it is a rollout like any other. Users ask all the time, by the old gateway and by the new one.
 */
describe("a move between meshes", function () {
    this.timeout(900_000);
    // Each step stands on the one before.
    this.bail(true);
    let lab: Lab;
    let stack: Project;
    let platform: SharedPlatform;
    let shop: Program;
    let rollouts: Rollouts;
    let serving: Serving;
    let old: Client;

    /** Changes the platform, and lets the application know. */
    async function change(args: ProgressiveMeshClusterArgs): Promise<void> {
        await give(stack, { ...args, addons: { ...addons, ...args.addons } });
        platform = await SharedPlatform.of(lab, stack);
        await platform.connect(shop);
    }

    /** Where users come in to a mesh of the platform. */
    function addressAt(mesh: "gateway" | "secondMesh"): string {
        const connection = JSON.parse(platform.connection) as {
            gateway: { address: string };
            secondMesh?: { gateway: { address: string } };
        };
        const { address } = mesh === "gateway" ? connection.gateway : connection.secondMesh!.gateway;
        return `http://${address}/shop/`;
    }

    /** Moves the application by the one line, and answers how the rollout ended. */
    async function move(mesh: string | undefined): Promise<string> {
        if (mesh === undefined) {
            delete shop.apps.shop!.args.mesh;
        } else {
            shop.apps.shop!.args.mesh = mesh;
        }
        succeeded(await shop.up());
        return (await rollouts.outcome(namespace, "shop", 300)).phase;
    }

    /** Fails if a request was lost, by a door that was open all the time. */
    async function unharmed(client: Client, by: string): Promise<void> {
        const answers = sinceServed(await client.stop());
        assertServed(answers);
        console.log(`      ${answers.length} requests by ${by}, none lost`);
    }

    before("the application is on App Mesh", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        stack = await givenPlatform(lab, "platform", { mesh: { provider: "appmesh" }, addons });
        platform = await SharedPlatform.of(lab, stack);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        shop = await platform.program("shop", { shop: { args: app("shop", namespace) } });
        succeeded(await shop.up());
        await rollouts.phase(namespace, "shop", ["Initialized"], 180);
        old = new Client(addressAt("gateway"), { perSecond });
        await poll(() => old.answers().find(({ status }) => status === 200), 60);
        serving = new Serving(lab, namespace, "shop");
    });

    after(() => {
        rollouts?.stop();
        serving?.stop();
    });

    it("begins with a second mesh beside the first one, of which applications take no notice", async () => {
        await change({ mesh: { provider: "appmesh" }, secondMesh: { provider: "istio" } });
        const before = rollouts.messages(namespace, "shop").length;
        succeeded(await shop.up());
        await pause(15);
        assert.deepEqual(rollouts.messages(namespace, "shop").slice(before), []);
    });

    it("is a rollout on the new mesh, while both gateways lead to the application", async () => {
        const next = new Client(addressAt("secondMesh"), { perSecond });
        assert.equal(await move("istio"), "Succeeded", rollouts.messages(namespace, "shop").join("\n"));
        // Users go on to come by the old address for a while.
        await pause(10);
        await unharmed(old, "App Mesh's gateway");
        old = next;
    });

    it("ends with the old mesh gone, when its objects are", async () => {
        await deleteAppMeshObjects(lab);
        await change({ mesh: { provider: "istio" }, secondMesh: { provider: "envoy-gateway" } });
        assert.equal(await move(undefined), "Succeeded", rollouts.messages(namespace, "shop").join("\n"));
    });

    it("goes on to the Gateway API in the same way", async () => {
        const next = new Client(addressAt("secondMesh"), { perSecond });
        assert.equal(await move("envoy-gateway"), "Succeeded", rollouts.messages(namespace, "shop").join("\n"));
        await pause(10);
        await unharmed(old, "Istio's gateway");
        old = next;
    });

    it("has had the application served at every moment", async () => {
        assert.deepEqual(serving.stop(), []);
        await unharmed(old, "Envoy Gateway");
        succeeded(await shop.project.destroy());
        succeeded(await stack.destroy());
        await nothingLeft(lab, envoyGatewayHooks);
    });
});

/** What docs/migration.md has people do by kubectl: what Flagger made for the old mesh stays otherwise. */
async function deleteAppMeshObjects(lab: Lab): Promise<void> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    for (const plural of ["gatewayroutes", "virtualservices", "virtualrouters", "virtualnodes"]) {
        const all = { group: "appmesh.k8s.aws", version: "v1beta2", namespace, plural };
        await api.deleteCollectionNamespacedCustomObject(all);
        const gone = await poll(async () => {
            const { items } = (await api.listNamespacedCustomObject(all)) as { items: unknown[] };
            return items.length === 0 ? true : undefined;
        }, 60);
        assert.ok(gone, `${plural} are still there`);
    }
}
