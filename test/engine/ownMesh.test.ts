import assert from "node:assert/strict";
import path from "node:path";

import { AppsV1Api, CustomObjectsApi } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { theLab } from "./theLab";

/** The other way round: no gateway, so the application makes its mesh right after the controller; and a target that exists. */
describe("an application with a mesh of its own and a target of its own", () => {
    const program = path.join(__dirname, "programs", "ownMesh");
    let lab: Lab;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
    });

    it("converges after an update that was killed, and duplicates nothing", async () => {
        const stack = await lab.pulumi.project("killed", program, "test", { chartRepository: lab.charts });
        const killed = await stack.upEndedAt({ pattern: /Deployment legacy creat/, signal: "SIGKILL" });
        assert.notEqual(killed.code, 0);
        assert.match(killed.output, /Namespace legacy-given/, "the application has to have been begun");
        await stack.must(["cancel", "--yes"]);
        succeeded(await stack.refresh("--clear-pending-creates"));
        succeeded(await stack.up());
        succeeded(await stack.preview("--expect-no-changes"));
        const { items } = await lab.controlPlane.kubeconfig
            .makeApiClient(AppsV1Api)
            .listNamespacedDeployment({ namespace: "given" });
        assert.deepEqual(
            items
                .map((item) => item.metadata!.name)
                .filter((name) => !name!.endsWith("-primary"))
                .sort(),
            ["flagger-loadtester", "legacy"],
        );
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });

    it("comes up, is taken over by Flagger, expects no changes and goes without a trace", async () => {
        const stack = await lab.pulumi.project("own-mesh", program, "test", { chartRepository: lab.charts });
        const rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        succeeded(await stack.up());
        await rollouts.phase("given", "legacy", ["Initialized"], 120);
        rollouts.stop();
        const { items } = (await lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi).listClusterCustomObject({
            group: "appmesh.k8s.aws",
            version: "v1beta2",
            plural: "meshes",
        })) as { items: { metadata: { name: string } }[] };
        assert.deepEqual(
            items.map((mesh) => mesh.metadata.name),
            ["given"],
        );
        succeeded(await stack.preview("--expect-no-changes"));
        succeeded(await stack.refresh("--expect-no-changes"));
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });
});
