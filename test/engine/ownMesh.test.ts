import assert from "node:assert/strict";
import path from "node:path";

import { CustomObjectsApi } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { theLab } from "./theLab";

/** The other way round: no gateway, so the application makes its mesh right after the controller; and a target that exists. */
describe("an application with a mesh of its own and a target of its own", () => {
    let lab: Lab;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
    });

    it("comes up, is taken over by Flagger, expects no changes and goes without a trace", async () => {
        const program = path.join(__dirname, "programs", "ownMesh");
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
