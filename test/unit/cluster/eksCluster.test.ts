import assert from "node:assert/strict";

import { EksArgs, ProgressiveMeshCluster } from "../../../index";
import { at, awsAnswers, awsOutputs, graph, kubeconfig, secret } from "../graph";

const cluster = (eks?: EksArgs) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, eks }));

describe("eksCluster", () => {
    it("builds a cluster without node groups of its own, open to access entries and to IRSA", async () => {
        const { node } = await cluster();
        assert.deepEqual(node("Cluster dev").props, {
            version: "1.34",
            authenticationMode: "API",
            createOidcProvider: true,
            skipDefaultNodeGroup: true,
            endpointPublicAccess: true,
            endpointPrivateAccess: true,
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            encryptionConfigKeyArn: "arn:aws:kms:us-west-2:123456789012:key/dev-secrets",
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: false,
        });
    });

    it("encrypts Secrets with a key that AWS rotates, and that outlives the cluster", async () => {
        const { node, before } = await cluster();
        assert.deepEqual(node("Key dev-secrets").props, {
            description: "Secrets of the EKS cluster of dev.",
            enableKeyRotation: true,
            deletionWindowInDays: 30,
        });
        assert.ok(before("Cluster dev").has("Key dev-secrets"));
    });

    it("makes no key where one is given, or none is wanted", async () => {
        const keyArn = "arn:aws:kms:us-west-2:123456789012:key/mine";
        for (const [encryption, expected] of [
            [{ keyArn }, keyArn],
            [{ enabled: false }, undefined],
        ] as const) {
            const { node, nodes } = await cluster({ encryption });
            assert.equal(node("Cluster dev").props.encryptionConfigKeyArn, expected);
            assert.deepEqual(
                nodes.filter((n) => n.type.startsWith("aws:kms")),
                [],
            );
        }
    });

    it("hands on endpoint, logs, support and protection as they are given", async () => {
        const { node } = await cluster({
            endpoint: { publicAccess: true, privateAccess: false, allowedCidrs: ["203.0.113.0/24"] },
            logs: [],
            supportType: "EXTENDED",
            deletionProtection: true,
        });
        const { props } = node("Cluster dev");
        assert.deepEqual(
            [props.endpointPublicAccess, props.endpointPrivateAccess, props.publicAccessCidrs],
            [true, false, ["203.0.113.0/24"]],
        );
        assert.deepEqual(props.enabledClusterLogTypes, []);
        assert.deepEqual(props.upgradePolicy, { supportType: "EXTENDED" });
        assert.equal(props.deletionProtection, true);
    });

    it("warns while everyone may knock, until it is said that everyone is meant", async () => {
        const warned = async (endpoint?: EksArgs["endpoint"]) =>
            (await cluster({ endpoint })).messages.some(({ text }) => text.startsWith("eks.endpoint: everyone"));
        assert.equal(await warned(), true);
        assert.equal(await warned({ privateAccess: false }), true);
        assert.equal(await warned({ allowedCidrs: ["203.0.113.0/24"] }), false);
        assert.equal(await warned({ allowedCidrs: ["0.0.0.0/0"] }), false);
        assert.equal(await warned({ publicAccess: false }), false);
    });

    it("gives it one managed node group with just the policies of a node", async () => {
        const { node, nodes } = await cluster();
        const group = node("NodeGroup dev-nodes");
        assert.deepEqual(group.props, {
            clusterName: "dev",
            nodeRoleArn: "arn:aws:iam::123456789012:role/dev-nodes",
            subnetIds: ["subnet-a", "subnet-b"],
            instanceTypes: ["m5.large"],
            version: "1.34",
            scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
        });
        assert.deepEqual(group.ignoreChanges, ["scalingConfig.desiredSize"]);
        assert.deepEqual(JSON.parse(node("Role dev-nodes").props.assumeRolePolicy as string), {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        });
        const attachments = nodes.filter((n) => n.key.startsWith("RolePolicyAttachment "));
        assert.deepEqual(
            attachments.map((n) => n.props),
            ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"].map(
                (policy) => ({
                    role: "dev-nodes-in-aws",
                    policyArn: `arn:aws:iam::aws:policy/${policy}`,
                }),
            ),
        );
        // A node that comes up before its policies never joins, and one that outlives them never drains.
        assert.deepEqual(group.dependsOn, ["Cluster dev", "Role dev-nodes", ...attachments.map((n) => n.key)]);
    });

    it("takes version, network and nodes from the user", async () => {
        const { node } = await cluster({
            version: "1.33",
            vpcId: "vpc-1",
            subnetIds: ["subnet-1", "subnet-2"],
            nodes: { instanceType: "c7g.xlarge", min: 3, max: 9, desired: 5 },
        });
        const { version, vpcId, subnetIds } = node("Cluster dev").props;
        assert.deepEqual([version, vpcId, subnetIds], ["1.33", "vpc-1", ["subnet-1", "subnet-2"]]);
        const group = node("NodeGroup dev-nodes").props;
        assert.deepEqual(group.subnetIds, ["subnet-1", "subnet-2"]);
        assert.deepEqual([group.instanceTypes, group.version], [["c7g.xlarge"], "1.33"]);
        assert.deepEqual(group.scalingConfig, { minSize: 3, maxSize: 9, desiredSize: 5 });
    });

    it("lets the greatest number of nodes grow with the least", async () => {
        const { node } = await cluster({ nodes: { min: 6 } });
        assert.deepEqual(node("NodeGroup dev-nodes").props.scalingConfig, { minSize: 6, maxSize: 6, desiredSize: 6 });
    });

    it("reaches into the cluster only while it has nodes, and stays the same provider when its address changes", async () => {
        const { node } = await cluster();
        const provider = node("Provider dev");
        assert.deepEqual(provider.dependsOn, ["Cluster dev", "NodeGroup dev-nodes"]);
        assert.equal(secret(provider.props.kubeconfig), kubeconfig);
        assert.equal(provider.props.clusterIdentifier, "https://oidc.eks.us-west-2.amazonaws.com/id/0123");
    });

    it("makes several node groups with one role, and reaches into the cluster only while all are there", async () => {
        const { node, nodes } = await cluster({
            version: "1.33",
            nodeGroups: {
                general: {},
                arm: {
                    architecture: "arm64",
                    instanceTypes: ["m7g.large", "m6g.large"],
                    spot: true,
                    min: 0,
                    max: 8,
                    diskSize: 50,
                    labels: { tier: "batch" },
                    taints: [
                        { key: "batch", value: "yes", effect: "NoSchedule" },
                        { key: "a", effect: "NoExecute" },
                    ],
                },
            },
        });
        const common = {
            clusterName: "dev",
            nodeRoleArn: "arn:aws:iam::123456789012:role/dev-nodes",
            subnetIds: ["subnet-a", "subnet-b"],
            version: "1.33",
        };
        assert.deepEqual(node("NodeGroup dev-nodes-general").props, {
            ...common,
            amiType: "AL2023_x86_64_STANDARD",
            instanceTypes: ["m5.large"],
            capacityType: "ON_DEMAND",
            scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
        });
        assert.deepEqual(node("NodeGroup dev-nodes-arm").props, {
            ...common,
            amiType: "AL2023_ARM_64_STANDARD",
            instanceTypes: ["m7g.large", "m6g.large"],
            capacityType: "SPOT",
            scalingConfig: { minSize: 0, maxSize: 8, desiredSize: 0 },
            diskSize: 50,
            labels: { tier: "batch" },
            taints: [
                { key: "batch", value: "yes", effect: "NO_SCHEDULE" },
                { key: "a", effect: "NO_EXECUTE" },
            ],
        });
        assert.deepEqual(
            nodes.filter((n) => n.type === "aws:iam/role:Role" && n.name.includes("nodes")).map((n) => n.name),
            ["dev-nodes"],
        );
        assert.deepEqual(node("Provider dev").dependsOn, [
            "Cluster dev",
            "NodeGroup dev-nodes-arm",
            "NodeGroup dev-nodes-general",
        ]);
    });

    it("warns when no pod without tolerations would find a node", async () => {
        const taints = [{ key: "gpu", effect: "NoSchedule" }];
        const warned = async (eks: EksArgs) =>
            (await cluster(eks)).messages.some(({ text }) =>
                text.startsWith("eks.nodeGroups: every group has a taint"),
            );
        assert.equal(await warned({ nodeGroups: { gpu: { taints } } }), true);
        assert.equal(await warned({ nodeGroups: { gpu: { taints }, general: {} } }), false);
        assert.equal(
            await warned({ nodeGroups: { gpu: { taints: [{ key: "a", effect: "PreferNoSchedule" }] } } }),
            false,
        );
        assert.equal(await warned({}), false);
    });

    it("leaves the nodes to Auto Mode", async () => {
        const { node, nodes } = await cluster({ autoMode: true });
        const { props } = node("Cluster dev");
        assert.deepEqual(props.autoMode, { enabled: true, createNodeRole: true });
        assert.equal(at(props, "corednsAddonOptions", "enabled"), false);
        assert.deepEqual(
            nodes.filter((n) => /NodeGroup|nodes/.test(n.key)).map((n) => n.key),
            [],
        );
        assert.deepEqual(node("Provider dev").dependsOn, ["Cluster dev"]);
    });

    describe("access entries", () => {
        const accessEntries = {
            team: {
                principalArn: "arn:aws:iam::123456789012:role/team",
                kubernetesGroups: ["developers"],
                accessPolicies: [
                    { policy: "AmazonEKSViewPolicy" },
                    { policy: "AmazonEKSEditPolicy", namespaces: ["apps"] },
                ],
            },
        };

        it("let others in, to the whole cluster or to namespaces", async () => {
            const { node } = await cluster({ accessEntries });
            assert.deepEqual(node("AccessEntry dev-access-team").props, {
                clusterName: "dev",
                principalArn: "arn:aws:iam::123456789012:role/team",
                kubernetesGroups: ["developers"],
            });
            const policy = (name: string) => node(`AccessPolicyAssociation dev-access-team-${name}`);
            assert.deepEqual(policy("AmazonEKSViewPolicy").props, {
                clusterName: "dev",
                principalArn: "arn:aws:iam::123456789012:role/team",
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                accessScope: { type: "cluster" },
            });
            assert.deepEqual(policy("AmazonEKSEditPolicy").props.accessScope, {
                type: "namespace",
                namespaces: ["apps"],
            });
            assert.ok(policy("AmazonEKSEditPolicy").dependsOn.includes("AccessEntry dev-access-team"));
        });

        it("are there before everything in the cluster, and after it at destroy", async () => {
            const { nodes, before } = await cluster({ accessEntries });
            const inside = nodes.filter((n) => n.provider === "Provider dev");
            assert.ok(inside.length > 10);
            for (const { key } of inside) {
                const first = before(key);
                for (const access of [
                    "AccessEntry dev-access-team",
                    "AccessPolicyAssociation dev-access-team-AmazonEKSViewPolicy",
                    "AccessPolicyAssociation dev-access-team-AmazonEKSEditPolicy",
                    "NodeGroup dev-nodes",
                ]) {
                    assert.ok(first.has(access), `${key} does not wait for ${access}`);
                }
            }
        });
    });

    describe("roles with a boundary and a path", () => {
        const iam = { permissionsBoundary: "arn:aws:iam::123456789012:policy/bound", rolePath: "/team/" };
        const bounded = (eks: EksArgs) =>
            graph(
                () => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, eks, iam }),
                awsOutputs,
                awsAnswers,
            );

        it("are all of them, that of the control plane too", async () => {
            const { node, nodes, result } = await bounded({});
            const roles = nodes.filter((n) => n.type === "aws:iam/role:Role");
            assert.deepEqual(
                roles.map(({ name, props }) => [name, props.permissionsBoundary, props.path]),
                ["dev-appmesh-controller", "dev-appmesh-gateway", "dev-cluster", "dev-nodes"].map((name) => [
                    name,
                    iam.permissionsBoundary,
                    iam.rolePath,
                ]),
            );
            assert.deepEqual(JSON.parse(node("Role dev-cluster").props.assumeRolePolicy as string), {
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Service: "eks.amazonaws.com" },
                        Action: ["sts:AssumeRole", "sts:TagSession"],
                    },
                ],
            });
            const policy = node("RolePolicyAttachment dev-cluster-AmazonEKSClusterPolicy");
            assert.equal(policy.props.policyArn, "arn:aws-cn:iam::aws:policy/AmazonEKSClusterPolicy");
            const built = node("Cluster dev");
            assert.ok("serviceRole" in built.props);
            assert.ok(built.dependsOn.includes(policy.key));
            const { identity } = result.connection;
            assert.deepEqual(
                [identity?.permissionsBoundary, identity?.rolePath],
                [iam.permissionsBoundary, iam.rolePath],
            );
        });

        it("are those of Auto Mode as well", async () => {
            const { node, nodes } = await bounded({ autoMode: true });
            assert.deepEqual(
                nodes
                    .filter((n) => n.name.startsWith("dev-cluster") || n.name.startsWith("dev-auto"))
                    .map((n) => n.key),
                [
                    "Role dev-auto",
                    "Role dev-cluster",
                    "RolePolicyAttachment dev-auto-AmazonEC2ContainerRegistryPullOnly",
                    "RolePolicyAttachment dev-auto-AmazonEKSWorkerNodeMinimalPolicy",
                    "RolePolicyAttachment dev-cluster-AmazonEKSBlockStoragePolicy",
                    "RolePolicyAttachment dev-cluster-AmazonEKSClusterPolicy",
                    "RolePolicyAttachment dev-cluster-AmazonEKSComputePolicy",
                    "RolePolicyAttachment dev-cluster-AmazonEKSLoadBalancingPolicy",
                    "RolePolicyAttachment dev-cluster-AmazonEKSNetworkingPolicy",
                ],
            );
            assert.deepEqual(node("Cluster dev").props.autoMode, {
                enabled: true,
                createNodeRole: false,
                computeConfig: { nodeRoleArn: "arn:aws:iam::123456789012:role/dev-auto" },
            });
        });
    });

    it("reads the partition, region and account off the cluster", async () => {
        const { node } = await graph(
            () => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" } }),
            (resource) => ({
                ...awsOutputs(resource),
                ...(resource.type === "eks:index:Cluster" && {
                    eksCluster: { name: "dev", arn: "arn:aws-cn:eks:cn-north-1:999:cluster/dev" },
                }),
            }),
        );
        assert.equal(
            node("RolePolicyAttachment dev-nodes-AmazonEKS_CNI_Policy").props.policyArn,
            "arn:aws-cn:iam::aws:policy/AmazonEKS_CNI_Policy",
        );
        const { region, accountId } = node("Release dev-appmesh-controller").props.values as Record<string, unknown>;
        assert.deepEqual([region, accountId], ["cn-north-1", "999"]);
    });
});
