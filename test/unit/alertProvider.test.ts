import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { AlertProvider, SharedAlertProviderArgs } from "../../components/alertProvider";
import { connection, sharedProvider } from "./devStack";
import { graph, kubeconfig, secret, valueOf } from "./graph";
import { refusal } from "./problems";

const address = "https://hooks.slack.com/services/hunter2";
const good: SharedAlertProviderArgs = {
    platform: connection,
    namespace: "monitoring",
    provider: { type: "slack", address, channel: "ops" },
};

const made = (changes: Partial<SharedAlertProviderArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
    graph(() => new AlertProvider("slack", { ...good, ...changes }, opts));
const refused = (changes: object, name = "slack") => refusal(() => new AlertProvider(name, { ...good, ...changes }));

const top = "AlertProvider slack";
const objectType = "kubernetes:flagger.app/v1beta1:AlertProvider";

describe("AlertProvider", () => {
    it("makes exactly these resources", async () => {
        const { nodes } = await made();
        assert.deepEqual(nodes.map(({ type, name, parent, provider }) => [type, name, parent, provider]).sort(), [
            ["kubernetes:core/v1:Secret", "slack-webhook", top, `Provider ${sharedProvider}`],
            [objectType, "slack", top, `Provider ${sharedProvider}`],
            ["pulumi-progressive-mesh:index:AlertProvider", "slack", "", ""],
            ["pulumi:providers:kubernetes", sharedProvider, "", ""],
        ]);
    });

    it("makes the provider that was asked for, with its address in a Secret", async () => {
        const { nodes, node } = await made();
        const provider = nodes.find((n) => n.type === objectType)!;
        assert.deepEqual(provider.props, {
            apiVersion: "flagger.app/v1beta1",
            kind: "AlertProvider",
            metadata: { name: "slack", namespace: "monitoring" },
            spec: { type: "slack", channel: "ops", secretRef: { name: "slack-webhook" } },
        });
        assert.deepEqual(node("Secret slack-webhook").props.metadata, {
            name: "slack-webhook",
            namespace: "monitoring",
        });
        assert.deepEqual(secret(node("Secret slack-webhook").props.stringData), { address });
    });

    it("can have another name than the component", async () => {
        const { nodes, node, result } = await made({ providerName: "on-call" });
        const provider = nodes.find((n) => n.type === objectType)!;
        assert.deepEqual(
            [provider.name, provider.props.metadata],
            ["slack", { name: "on-call", namespace: "monitoring" }],
        );
        assert.deepEqual(node("Secret slack-webhook").props.metadata, {
            name: "on-call-webhook",
            namespace: "monitoring",
        });
        assert.equal(await valueOf(result.providerName), "on-call");
    });

    it("says where it is, in a way that whoever refers to it comes after it", async () => {
        const { node, result } = await graph(() => {
            const provider = new AlertProvider("slack", good);
            new k8s.core.v1.ConfigMap("refers", { data: { name: provider.ref.name } });
            return provider;
        });
        assert.equal(await valueOf(result.providerName), "slack");
        assert.equal(await valueOf(result.namespace), "monitoring");
        assert.deepEqual(await valueOf(pulumi.output(result.ref)), { name: "slack", namespace: "monitoring" });
        assert.deepEqual(node("ConfigMap refers").dependsOn, [top]);
    });

    it("reaches the cluster by the connection's kubeconfig, kept as a secret, or as its user says", async () => {
        const { node } = await made();
        assert.equal(secret(node(`Provider ${sharedProvider}`).props.kubeconfig), kubeconfig);
        const { nodes } = await graph(() => {
            const provider = new k8s.Provider("mine");
            return new AlertProvider("slack", good, { provider });
        });
        assert.deepEqual(
            nodes.filter((n) => n.type.startsWith("kubernetes:")).map((n) => n.provider),
            ["Provider mine", "Provider mine"],
        );
    });

    it("refuses before anything is registered, all at once, and never shows the address", async () => {
        const lines = await refused({
            platform: { ...connection, mesh: { provider: "x" } },
            namespace: "Monitoring",
            providerName: "-",
            provider: { type: "irc", address: "hooks/hunter2" },
        });
        assert.deepEqual(
            lines.map((line) => line.split(":")[0]),
            ["platform.mesh.provider", "namespace", "providerName", "provider.address", "provider.type"],
        );
        assert.doesNotMatch(lines.join("\n"), /hunter2/);
    });

    it("refuses what is missing", async () => {
        const paths = async (changes: object, name?: string) =>
            (await refused(changes, name)).map((line) => line.split(":")[0]);
        assert.deepEqual(await paths({ platform: undefined }), ["platform"]);
        assert.deepEqual(await paths({ namespace: undefined }), ["namespace"]);
        assert.deepEqual(await paths({ provider: undefined }), ["provider"]);
        assert.deepEqual(await paths({}, "Slack"), ["name"]);
    });
});
