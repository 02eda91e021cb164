import assert from "node:assert/strict";

import { AppsV1Api, CoreV1Api, CustomObjectsApi } from "@kubernetes/client-node";

import type { ProgressiveMeshClusterArgs } from "../../index";
import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { nothingLeft, succeeded } from "./asserts";
import { givenPlatform } from "./delivery";
import { theLab } from "./theLab";

const off = { enabled: false };
const namespace = "flux-system";
const args: ProgressiveMeshClusterArgs = {
    mesh: { provider: "appmesh" },
    iam: {
        roles: {
            "appmesh-system/appmesh-controller": "arn:aws:iam::123456789012:role/controller",
            "appmesh-gateway/appmesh-gateway": "arn:aws:iam::123456789012:role/gateway",
        },
    },
    addons: {
        meshController: { values: { region: "us-west-2", accountId: "123456789012" } },
        gateway: { type: "ClusterIP" },
        grafana: off,
    },
    gitOps: {
        repository: { url: "https://git.example/org/apps", token: "of-the-repository" },
        kustomizations: {
            shared: { path: "./shared" },
            shop: { path: "./shop", dependsOn: ["shared"] },
        },
    },
};

/** The objects by which Flux is told; its controllers are names of images that the lab does not have. */
describe("GitOps", function () {
    this.timeout(600_000);
    let lab: Lab;
    let stack: Project;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        stack = await givenPlatform(lab, "git-ops", args, { kubeconfig: lab.controlPlane.kubeconfig.exportConfig() });
    });

    /** The spec of one of Flux's objects. */
    async function specOf(group: string, plural: string, name: string): Promise<unknown> {
        const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
        const object: unknown = await api.getNamespacedCustomObject({ group, version: "v1", plural, namespace, name });
        return (object as { spec: unknown }).spec;
    }

    it("installs two controllers, and tells them of the repository", async () => {
        succeeded(await stack.up());
        const { kubeconfig } = lab.controlPlane;
        const { items } = await kubeconfig.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace });
        assert.deepEqual(items.map(({ metadata }) => metadata!.name).sort(), [
            "kustomize-controller",
            "source-controller",
        ]);
        assert.deepEqual(await specOf("source.toolkit.fluxcd.io", "gitrepositories", "apps"), {
            url: "https://git.example/org/apps",
            interval: "1m",
            ref: { branch: "main" },
            secretRef: { name: "apps" },
        });
        const shared = {
            sourceRef: { kind: "GitRepository", name: "apps" },
            path: "./shared",
            interval: "10m",
            prune: true,
            timeout: "5m",
            deletionPolicy: "WaitForTermination",
            postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "platform" }] },
        };
        const group = "kustomize.toolkit.fluxcd.io";
        assert.deepEqual(await specOf(group, "kustomizations", "shared"), shared);
        assert.deepEqual(await specOf(group, "kustomizations", "shop"), {
            ...shared,
            path: "./shop",
            dependsOn: [{ name: "shared" }],
        });
    });

    it("tells applications where they are, and keeps the token to itself", async () => {
        const api = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const { data } = await api.readNamespacedConfigMap({ namespace, name: "platform" });
        const { gatewayAddress } = await stack.outputs();
        assert.ok(gatewayAddress);
        assert.equal(data!.gatewayAddress, gatewayAddress);
        assert.deepEqual(
            [data!.meshName, data!.meshNamespaceLabels],
            ["given", '{"mesh":"given","appmesh.k8s.aws/sidecarInjectorWebhook":"enabled"}'],
        );
        const secret = await api.readNamespacedSecret({ namespace, name: "apps" });
        assert.equal(Buffer.from(secret.data!.password!, "base64").toString(), "of-the-repository");
    });

    it("expects no changes, goes without a trace, and comes back where its definitions stayed", async () => {
        succeeded(await stack.preview("--expect-no-changes"));
        succeeded(await stack.refresh("--expect-no-changes"));
        succeeded(await stack.destroy());
        await nothingLeft(lab);
        succeeded(await stack.up());
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });
});
