import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkEks } from "../../../components/cluster/eksCluster";
import { EksArgs, ProgressiveMeshCluster } from "../../../index";
import { awsOutputs, graph, kubeconfig, secret } from "../graph";
import { linesOf } from "../problems";

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
        });
    });

    it("gives it one managed node group with just the policies of a node", async () => {
        const { node, nodes } = await cluster();
        const group = node("NodeGroup dev-nodes");
        assert.deepEqual(group.props, {
            clusterName: "dev",
            nodeRoleArn: "arn:aws:iam::123456789012:role/dev-nodes",
            subnetIds: ["subnet-a", "subnet-b"],
            instanceTypes: ["m5.large"],
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
        assert.deepEqual(group.instanceTypes, ["c7g.xlarge"]);
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

describe("checkEks", () => {
    const check = (args: unknown) => linesOf((problems) => checkEks(problems, "eks", args as EksArgs));

    it("accepts what can be built", () => {
        for (const args of [
            undefined,
            {},
            { version: "1.34", vpcId: "v", subnetIds: ["s"], nodes: { min: 0, max: 1, desired: 1 } },
            { subnetIds: ["s"] },
            { nodes: { min: 7 } },
        ]) {
            assert.deepEqual(check(args), []);
        }
    });

    const traps: [string, unknown, string[]][] = [
        [
            "a version in another form",
            { version: "v1.34" },
            ['eks.version: "v1.34" is not a Kubernetes version as EKS names them. Write it like "1.34".'],
        ],
        [
            "a version that is known too late",
            { version: pulumi.output("1.34") },
            [
                "eks.version: a value that is known only at deployment decides which resources exist, so it has to be known " +
                    "when the program runs. Give a plain value, for example from config.",
            ],
        ],
        [
            "a VPC without subnets",
            { vpcId: "vpc-1" },
            [
                "eks.subnetIds: nothing given, but it has to come with a VPC, or EKS would put nodes into subnets of another one. " +
                    "Name subnets of that VPC, in at least two zones.",
            ],
        ],
        [
            "numbers that are none",
            { nodes: { min: -1, max: 2.5, desired: 1001 } },
            [
                "eks.nodes.min: -1 is not a whole number from 0 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.max: 2.5 is not a whole number from 1 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.desired: 1001 is not a whole number from 0 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.desired: 1001 is not between the least and the greatest number of nodes, -1 and 2.5. " +
                    "Give a number from -1 to 2.5, or leave it out.",
            ],
        ],
        [
            "a greatest number below the least, and only that",
            { nodes: { min: 5, max: 3 } },
            ["eks.nodes.max: 3 is less than the least number of nodes, 5. Give at least 5."],
        ],
        [
            "a number to begin with that is out of bounds",
            { nodes: { min: 2, max: 4, desired: 5 } },
            [
                "eks.nodes.desired: 5 is not between the least and the greatest number of nodes, 2 and 4. " +
                    "Give a number from 2 to 4, or leave it out.",
            ],
        ],
    ];
    for (const [what, args, lines] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(check(args), lines);
        });
    }
});
