import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../index";
import { devSettings } from "./devStack";
import { at, Graph, Node, Outputs, failure, graph, kubeconfig, plain, secret, valueOf } from "./graph";
import { knownMeshes, refusal } from "./problems";

const minimal: ProgressiveMeshClusterArgs = { mesh: { provider: "appmesh" } };

const platform = (
    args: ProgressiveMeshClusterArgs = minimal,
    outputs?: Outputs,
): Promise<Graph<ProgressiveMeshCluster>> => graph(() => new ProgressiveMeshCluster("dev", args), outputs);

const places = (nodes: Node[]) => nodes.map(({ type, name, parent, provider }) => [type, name, parent, provider]);
const keys = (nodes: Node[]) => nodes.map((n) => n.key);

const top = "ProgressiveMeshCluster dev";
const inCluster = "Provider dev";
const definitions = "Provider dev-definitions";
const definition = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const awsNodes = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** What the chart leaves open of the Pod Security Standard "restricted". */
const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
};

const everything = [
    ["eks:index:Cluster", "dev", top, ""],
    ["kubernetes:core/v1:ConfigMap", "dev-grafana-dashboards", top, inCluster],
    [definition, "dev-alertproviders.flagger.app", top, definitions],
    [definition, "dev-canaries.flagger.app", top, definitions],
    [definition, "dev-meshes.appmesh.k8s.aws", top, definitions],
    [definition, "dev-metrictemplates.flagger.app", top, definitions],
    ["aws:kms/key:Key", "dev-secrets", top, ""],
    ["kubernetes:appmesh.k8s.aws/v1beta2:Mesh", "dev-mesh", top, inCluster],
    ["kubernetes:core/v1:Namespace", "dev-appmesh-gateway", top, inCluster],
    ["kubernetes:core/v1:Namespace", "dev-appmesh-system", top, inCluster],
    ["kubernetes:core/v1:Namespace", "dev-flagger-system", top, inCluster],
    ["aws:eks/nodeGroup:NodeGroup", "dev-nodes", top, ""],
    ["pulumi-progressive-mesh:index:ProgressiveMeshCluster", "dev", "", ""],
    ["pulumi:providers:kubernetes", "dev", top, ""],
    ["pulumi:providers:kubernetes", "dev-apps", top, ""],
    ["pulumi:providers:kubernetes", "dev-definitions", top, ""],
    ["kubernetes:helm.sh/v3:Release", "dev-appmesh-controller", top, inCluster],
    ["kubernetes:helm.sh/v3:Release", "dev-appmesh-gateway", top, inCluster],
    ["kubernetes:helm.sh/v3:Release", "dev-appmesh-prometheus", top, inCluster],
    ["kubernetes:helm.sh/v3:Release", "dev-flagger", top, inCluster],
    ["kubernetes:helm.sh/v3:Release", "dev-grafana", top, inCluster],
    ["kubernetes:helm.sh/v3:Release", "dev-metrics-server", top, inCluster],
    ["aws:iam/role:Role", "dev-appmesh-controller", top, ""],
    ["aws:iam/role:Role", "dev-appmesh-gateway", top, ""],
    ["aws:iam/role:Role", "dev-nodes", top, ""],
    ["aws:iam/rolePolicy:RolePolicy", "dev-appmesh-controller", top, ""],
    ["aws:iam/rolePolicy:RolePolicy", "dev-appmesh-gateway", top, ""],
    [awsNodes, "dev-nodes-AmazonEC2ContainerRegistryPullOnly", top, ""],
    [awsNodes, "dev-nodes-AmazonEKSWorkerNodePolicy", top, ""],
    [awsNodes, "dev-nodes-AmazonEKS_CNI_Policy", top, ""],
    ["kubernetes:core/v1:Secret", "dev-grafana-admin", top, inCluster],
    ["kubernetes:core/v1:Service", "dev-appmesh-gateway", top, inCluster],
];

describe("ProgressiveMeshCluster", () => {
    it("makes exactly these resources", async () => {
        const { nodes } = await platform();
        assert.deepEqual(places(nodes), everything);
        assert.deepEqual(keys(nodes.filter((n) => n.read)), ["Service dev-appmesh-gateway"]);
        assert.deepEqual(keys(nodes.filter((n) => n.remote)), ["Cluster dev"]);
    });

    it("plans the same before anything exists, and looks for no service yet", async () => {
        const { nodes, node } = await platform(minimal, () => ({}));
        assert.deepEqual(places(nodes), everything);
        assert.equal(node("Service dev-appmesh-gateway").props.id, pulumi.runtime.unknownValue);
    });

    it("gives Flagger the mesh, the metrics and the cluster's name", async () => {
        const { node } = await platform();
        assert.deepEqual(node("Release dev-flagger").props.values, {
            meshProvider: "appmesh:v1beta2",
            metricsServer: "http://appmesh-prometheus.appmesh-system:9090",
            clusterName: "dev",
            kubeconfigQPS: 500,
            kubeconfigBurst: 1000,
            securityContext: { context: restricted },
        });
    });

    it("reads metrics elsewhere when told to, with its own Prometheus or without", async () => {
        for (const enabled of [true, false]) {
            const { node, result } = await platform({
                ...minimal,
                metricsServer: "http://mine:9090",
                addons: { prometheus: { enabled } },
            });
            assert.equal(at(node("Release dev-flagger").props, "values", "metricsServer"), "http://mine:9090");
            assert.deepEqual(
                at(
                    node("Release dev-grafana").props,
                    "values",
                    "datasources",
                    "datasources.yaml",
                    "datasources",
                    0,
                    "url",
                ),
                "http://mine:9090",
            );
            assert.equal(await valueOf(result.connection.metricsServer), "http://mine:9090");
        }
    });

    it("installs at the same time what asks Prometheus for metrics, on every mesh", async () => {
        for (const provider of ["appmesh", "istio", "linkerd", "kubernetes", "envoy-gateway"]) {
            const { nodes } = await platform({ mesh: { provider } });
            const releases = nodes.filter(({ key }) => /^Release dev-(flagger|grafana)$/.test(key));
            assert.equal(releases.length, 2, provider);
            for (const { key, dependsOn } of releases) {
                assert.deepEqual(
                    dependsOn.filter((needed) => needed.startsWith("Release ")),
                    [],
                    `${provider}: ${key}`,
                );
            }
        }
    });

    it("follows its Prometheus into another namespace", async () => {
        const { node } = await platform({ ...minimal, addons: { prometheus: { namespace: "metrics" } } });
        assert.equal(
            at(node("Release dev-flagger").props, "values", "metricsServer"),
            "http://appmesh-prometheus.metrics:9090",
        );
    });

    it("warns once that App Mesh has ended, and that everyone reaches the API server", async () => {
        const { messages } = await platform();
        assert.deepEqual(
            messages.map(({ severity, about, text }) => [severity, about, text.split(":")[0]]),
            [
                ["warning", top, "AWS App Mesh ended on 2026-09-30"],
                ["warning", top, "eks.endpoint"],
            ],
        );
    });

    it("tags every AWS resource that takes tags", async () => {
        const { nodes } = await platform({ ...minimal, tags: { environment: "dev" } });
        const inAws = nodes.filter((n) => n.type.startsWith("aws:") || n.type.startsWith("eks:"));
        const tagless = ["RolePolicy", "RolePolicyAttachment"];
        assert.deepEqual(
            inAws.filter((n) => !tagless.includes(n.key.split(" ")[0]!)).map((n) => [n.key, n.props.tags]),
            [
                "Cluster dev",
                "Key dev-secrets",
                "NodeGroup dev-nodes",
                "Role dev-appmesh-controller",
                "Role dev-appmesh-gateway",
                "Role dev-nodes",
            ].map((key) => [key, { environment: "dev" }]),
        );
    });

    it("makes a namespace that several add-ons share once, and none that Kubernetes brings", async () => {
        const namespace = "tools";
        const { nodes } = await platform({
            ...minimal,
            addons: { flagger: { namespace }, grafana: { namespace }, prometheus: { namespace: "default" } },
        });
        assert.deepEqual(keys(nodes.filter((n) => n.type.endsWith(":Namespace"))), [
            "Namespace dev-appmesh-gateway",
            "Namespace dev-appmesh-system",
            "Namespace dev-tools",
        ]);
    });

    describe("connection", () => {
        it("is all that an application needs", async () => {
            const { result } = await platform();
            assert.deepEqual(await valueOf(result.connection as never), {
                kubeconfig,
                clusterName: "dev",
                mesh: { provider: "appmesh", name: "dev", xray: false },
                metricsServer: "http://appmesh-prometheus.appmesh-system:9090",
                gateway: { address: "gateway.example" },
                identity: {
                    providerArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/0123",
                    issuer: "oidc.eks.us-west-2.amazonaws.com/id/0123",
                    partition: "aws",
                    region: "us-west-2",
                    accountId: "123456789012",
                    clusterName: "dev",
                },
            });
        });

        it("has a kubeconfig that is secret and comes after everything an application needs", async () => {
            const { node } = await platform();
            const apps = node("Provider dev-apps");
            assert.equal(secret(apps.props.kubeconfig), kubeconfig);
            assert.deepEqual(apps.propDeps.kubeconfig, [
                "Cluster dev",
                "Mesh dev-mesh",
                "Release dev-appmesh-controller",
                "Release dev-appmesh-gateway",
                "Release dev-appmesh-prometheus",
                "Release dev-flagger",
                "Release dev-metrics-server",
            ]);
            assert.equal(apps.props.clusterIdentifier, "oidc.eks.us-west-2.amazonaws.com/id/0123");
        });

        it("hands on the mirror, and leaves out what the platform does not have", async () => {
            const mirror = { chartRepository: "http://charts", imageRegistry: "registry" };
            const { result } = await platform({ ...minimal, mirror, addons: { gateway: { enabled: false } } });
            assert.deepEqual(result.connection.mirror, mirror);
            assert.deepEqual(result.connection.mesh, { provider: "appmesh", xray: false });
            assert.deepEqual(Object.keys(result.connection), [
                "kubeconfig",
                "clusterName",
                "mesh",
                "metricsServer",
                "identity",
                "mirror",
            ]);
        });
    });

    it("answers with addresses and Grafana's password, the one in its Secret", async () => {
        const { node, result } = await platform(devSettings.platform);
        assert.equal(await valueOf(result.clusterName), "dev");
        assert.equal(await valueOf(result.gatewayAddress), "gateway.example");
        assert.equal(await valueOf(result.grafanaAddress), "http://grafana.flagger-system");
        assert.equal(await pulumi.isSecret(result.grafanaPassword), true);
        const { data } = plain(node("Secret dev-grafana-admin").props) as { data: Record<string, string> };
        assert.equal(await valueOf(result.grafanaPassword), Buffer.from(data["admin-password"]!, "base64").toString());
    });

    it("answers with empty addresses for what is switched off", async () => {
        const { result } = await platform({
            ...minimal,
            addons: { gateway: { enabled: false }, grafana: { enabled: false } },
        });
        assert.equal(await valueOf(result.gatewayAddress), "");
        assert.equal(await valueOf(result.grafanaAddress), "");
        assert.equal(await valueOf(result.grafanaPassword), "");
    });

    describe("refuses before anything is registered", () => {
        const refused = (args: unknown) =>
            refusal(() => new ProgressiveMeshCluster("dev", args as ProgressiveMeshClusterArgs));

        it("a mesh that is missing", async () => {
            const lines = [`mesh.provider: nothing given, but it is required. Use one of ${knownMeshes}.`];
            assert.deepEqual(await refused({}), lines);
            assert.deepEqual(await refused({ mesh: {} }), lines);
        });

        it("a mesh that is unknown, also one that every object has", async () => {
            assert.deepEqual(await refused({ mesh: { provider: "constructor" } }), [
                `mesh.provider: "constructor" is not a mesh that this version knows. Use one of ${knownMeshes}.`,
            ]);
        });

        it("a version that is not one", async () => {
            for (const version of ["latest", "1.x", "^1.44.0", "1.44"]) {
                assert.deepEqual(await refused({ ...minimal, addons: { flagger: { version } } }), [
                    `addons.flagger.version: ${JSON.stringify(version)} is not one exact chart version. ` +
                        'Pin it, like "1.44.0": a range or "latest" makes two runs of one program differ.',
                ]);
            }
        });

        it("a Flagger without metrics", async () => {
            assert.deepEqual(await refused({ ...minimal, addons: { prometheus: { enabled: false } } }), [
                "metricsServer: nothing given, but it is required when the platform's own Prometheus is off: " +
                    "Flagger cannot judge without metrics. " +
                    "Give the address of yours, or enable addons.prometheus.",
            ]);
        });

        it("blocks that are none, and tags that AWS would not take", async () => {
            const paths = async (changes: object) =>
                (await refused({ ...minimal, ...changes })).map((line) => line.split(": ")[0]);
            for (const nothing of [null, "x", [], pulumi.output({})]) {
                assert.deepEqual(await paths({ eks: nothing, mirror: nothing, tags: nothing }), [
                    "tags",
                    "eks",
                    "mirror",
                ]);
                assert.deepEqual(await paths({ eks: { nodes: nothing } }), ["eks.nodes"]);
            }
            assert.deepEqual(await paths({ tags: { team: 5, "a/b": true } }), ["tags.team", 'tags["a/b"]']);
            for (const address of [NaN, "", {}, pulumi.output("https://charts.example")]) {
                assert.deepEqual(await paths({ mirror: { chartRepository: address, imageRegistry: address } }), [
                    "mirror.chartRepository",
                    "mirror.imageRegistry",
                ]);
            }
        });

        it("add-ons that are none", async () => {
            const paths = async (addons: unknown) =>
                (await refused({ ...minimal, addons })).map((line) => line.split(": ")[0]);
            for (const nothing of [null, "x", [null], pulumi.output({})]) {
                assert.equal((await paths(nothing))[0], "addons");
            }
            assert.deepEqual(await paths({ flagger: null, unheardOf: null }), ["addons.flagger", "addons.unheardOf"]);
        });

        it("a name that is none", async () => {
            const lines = await refusal(() => new ProgressiveMeshCluster("", { mesh: { provider: "kubernetes" } }));
            assert.deepEqual(lines, ['name: "" is no name for a resource. Give a text that is not empty.']);
        });

        it("everything at once, in one error that says it to a person too", async () => {
            const { error, nodes } = await failure(
                () =>
                    new ProgressiveMeshCluster("dev", {
                        mesh: { provider: "appmesh", name: "My Mesh" },
                        eks: { version: "1.3" },
                        addons: { flagger: { version: "latest" }, prometheus: { enabled: false } },
                    }),
            );
            assert.deepEqual(nodes, []);
            assert.equal(
                (error as Error).message,
                [
                    'ProgressiveMeshCluster "dev": 4 problems in the arguments',
                    '  - mesh.name: "My Mesh" is not a Kubernetes name of at most 63 characters. ' +
                        "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
                    '  - eks.version: "1.3" is not a Kubernetes version as EKS names them. Write it like "1.34".',
                    '  - addons.flagger.version: "latest" is not one exact chart version. ' +
                        'Pin it, like "1.44.0": a range or "latest" makes two runs of one program differ.',
                    "  - metricsServer: nothing given, but it is required when the platform's own Prometheus is off: " +
                        "Flagger cannot judge without metrics. " +
                        "Give the address of yours, or enable addons.prometheus.",
                ].join("\n"),
            );
        });
    });
});
