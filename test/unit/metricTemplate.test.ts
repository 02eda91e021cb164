import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { MetricTemplate, SharedMetricTemplateArgs } from "../../components/metricTemplate";
import { connection, sharedProvider } from "./devStack";
import { graph, kubeconfig, secret, valueOf } from "./graph";
import { knownMeshes, refusal } from "./problems";

const good: SharedMetricTemplateArgs = {
    platform: connection,
    namespace: "monitoring",
    template: {
        provider: "prometheus",
        address: "http://prometheus:9090",
        query: 'errors{app="{{ target }}"}',
        credentials: { token: "hunter2" },
    },
};

const made = (changes: Partial<SharedMetricTemplateArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
    graph(() => new MetricTemplate("errors", { ...good, ...changes }, opts));
const refused = (changes: object, name = "errors") => refusal(() => new MetricTemplate(name, { ...good, ...changes }));

const top = "MetricTemplate errors";
const objectType = "kubernetes:flagger.app/v1beta1:MetricTemplate";

describe("MetricTemplate", () => {
    it("makes exactly these resources", async () => {
        const { nodes } = await made();
        assert.deepEqual(nodes.map(({ type, name, parent, provider }) => [type, name, parent, provider]).sort(), [
            ["kubernetes:core/v1:Secret", "errors-credentials", top, `Provider ${sharedProvider}`],
            [objectType, "errors", top, `Provider ${sharedProvider}`],
            ["pulumi-progressive-mesh:index:MetricTemplate", "errors", "", ""],
            ["pulumi:providers:kubernetes", sharedProvider, "", ""],
        ]);
    });

    it("makes the template that was asked for, with its credentials in a Secret", async () => {
        const { nodes, node } = await made();
        const template = nodes.find((n) => n.type === objectType)!;
        assert.deepEqual(template.props, {
            apiVersion: "flagger.app/v1beta1",
            kind: "MetricTemplate",
            metadata: { name: "errors", namespace: "monitoring" },
            spec: {
                provider: {
                    type: "prometheus",
                    address: "http://prometheus:9090",
                    secretRef: { name: "errors-credentials" },
                },
                query: 'errors{app="{{ target }}"}',
            },
        });
        assert.deepEqual(node("Secret errors-credentials").props.metadata, {
            name: "errors-credentials",
            namespace: "monitoring",
        });
        assert.deepEqual(secret(node("Secret errors-credentials").props.stringData), { token: "hunter2" });
    });

    it("can have another name than the component", async () => {
        const { nodes, node, result } = await made({ templateName: "shop-errors" });
        const template = nodes.find((n) => n.type === objectType)!;
        assert.deepEqual(
            [template.name, template.props.metadata],
            ["errors", { name: "shop-errors", namespace: "monitoring" }],
        );
        assert.deepEqual(node("Secret errors-credentials").props.metadata, {
            name: "shop-errors-credentials",
            namespace: "monitoring",
        });
        assert.equal(await valueOf(result.templateName), "shop-errors");
    });

    it("says where it is, in a way that whoever refers to it comes after it", async () => {
        const { node, result } = await graph(() => {
            const template = new MetricTemplate("errors", good);
            new k8s.core.v1.ConfigMap("refers", { data: { name: template.ref.name } });
            return template;
        });
        assert.equal(await valueOf(result.templateName), "errors");
        assert.equal(await valueOf(result.namespace), "monitoring");
        assert.deepEqual(await valueOf(pulumi.output(result.ref)), { name: "errors", namespace: "monitoring" });
        assert.deepEqual(node("ConfigMap refers").dependsOn, [top]);
    });

    it("reaches the cluster by the connection's kubeconfig, kept as a secret, or as its user says", async () => {
        const { node } = await made();
        assert.equal(secret(node(`Provider ${sharedProvider}`).props.kubeconfig), kubeconfig);
        const { nodes } = await graph(() => {
            const provider = new k8s.Provider("mine");
            return new MetricTemplate("errors", good, { provider });
        });
        assert.deepEqual(
            nodes.filter((n) => n.type.startsWith("kubernetes:")).map((n) => n.provider),
            ["Provider mine", "Provider mine"],
        );
    });

    it("refuses before anything is registered, all at once", async () => {
        assert.deepEqual(
            await refused({
                platform: { ...connection, mesh: { provider: "x" } },
                namespace: "Monitoring",
                templateName: "-",
                template: { provider: "prometheus", query: "{{ variables.a }}" },
            }),
            [
                `platform.mesh.provider: "x" is not a mesh that this version knows. Use one of ${knownMeshes}.`,
                'namespace: "Monitoring" is not a Kubernetes name of at most 63 characters. ' +
                    "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
                'templateName: "-" is not a Kubernetes name of at most 63 characters. ' +
                    "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
                "template.address: nothing given, but it is required for prometheus: Flagger would fail every check. " +
                    'Give a URL, like "http://prometheus.monitoring".',
            ],
        );
    });

    it("refuses what is missing", async () => {
        const paths = async (changes: object, name?: string) =>
            (await refused(changes, name)).map((line) => line.split(":")[0]);
        assert.deepEqual(await paths({ platform: undefined }), ["platform"]);
        assert.deepEqual(await paths({ namespace: undefined }), ["namespace"]);
        assert.deepEqual(await paths({ template: undefined }), ["template"]);
        assert.deepEqual(await paths({}, "Errors"), ["name"]);
    });
});
