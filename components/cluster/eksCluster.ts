import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";
import { Problems, checkInteger, checkPlain } from "../validation";

/** The EKS cluster to build. */
export interface EksArgs {
    /**
     * Kubernetes version of the control plane and its nodes.
     * @default "1.34"
     */
    version?: string;
    /**
     * The VPC to build in.
     * @default - the region's default VPC
     */
    vpcId?: pulumi.Input<string>;
    /**
     * Subnets of that VPC for the control plane and the nodes, in at least two zones.
     * @default - the subnets of the default VPC
     */
    subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * The nodes.
     * @default - two m5.large
     */
    nodes?: NodesArgs;
}

/** The nodes of an EKS cluster: one managed node group. */
export interface NodesArgs {
    /**
     * EC2 instance type.
     * @default "m5.large"
     */
    instanceType?: string;
    /**
     * How many nodes to begin with. Changes made later by an autoscaler are left alone.
     * @default - the least number
     */
    desired?: number;
    /**
     * The least number of nodes.
     * @default 2
     */
    min?: number;
    /**
     * The greatest number of nodes.
     * @default 4
     */
    max?: number;
}

/** What the rest of the platform needs of its cluster. */
export interface Cluster {
    /** The kubeconfig as JSON text; a secret. */
    kubeconfig: pulumi.Output<string>;
    name: pulumi.Output<string>;
    identity: IdentityConnection;
    /** The provider for everything inside. It waits for the nodes, so what uses it does, and goes before them. */
    provider: k8s.Provider;
}

const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/** Checks the cluster's arguments. */
export function checkEks(problems: Problems, path: string, args: EksArgs | undefined): void {
    if (args === undefined) {
        return;
    }
    if (checkPlain(problems, `${path}.version`, args.version) && args.version !== undefined) {
        problems.require(/^1\.\d{2}$/.test(args.version), {
            path: `${path}.version`,
            value: args.version,
            rule: "is not a Kubernetes version as EKS names them",
            fix: `Write it like "1.34".`,
        });
    }
    problems.require(args.vpcId === undefined || args.subnetIds !== undefined, {
        path: `${path}.subnetIds`,
        rule: "has to come with a VPC, or EKS would put nodes into subnets of another one",
        fix: "Name subnets of that VPC, in at least two zones.",
    });
    const { min = 2, max = Math.max(4, min), desired = min } = args.nodes ?? {};
    checkInteger(problems, `${path}.nodes.min`, args.nodes?.min, 0, 1000, "nodes");
    checkInteger(problems, `${path}.nodes.max`, args.nodes?.max, 1, 1000, "nodes");
    checkInteger(problems, `${path}.nodes.desired`, args.nodes?.desired, 0, 1000, "nodes");
    problems.require(min <= max, {
        path: `${path}.nodes.max`,
        value: max,
        rule: `is less than the least number of nodes, ${min}`,
        fix: `Give at least ${min}.`,
    });
    problems.require(min > max || (desired >= min && desired <= max), {
        path: `${path}.nodes.desired`,
        value: desired,
        rule: `is not between the least and the greatest number of nodes, ${min} and ${max}`,
        fix: `Give a number from ${min} to ${max}, or leave it out.`,
    });
}

/** Builds an EKS cluster with one managed node group, its OpenID Connect provider, and the Kubernetes provider for it. */
export function eksCluster(
    name: string,
    args: EksArgs,
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): Cluster {
    const opts = { parent };
    const cluster = new eks.Cluster(
        name,
        {
            version: args.version ?? "1.34",
            vpcId: args.vpcId,
            subnetIds: args.subnetIds,
            // Access entries instead of the aws-auth config map: nodes are let in by EKS itself.
            authenticationMode: eks.AuthenticationMode.Api,
            createOidcProvider: true,
            skipDefaultNodeGroup: true,
            tags,
        },
        opts,
    );

    const nodeRole = new aws.iam.Role(
        `${name}-nodes`,
        {
            description: "Nodes of an EKS cluster: join, pull images, give pods addresses.",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
            }),
            tags,
        },
        opts,
    );
    const where = clusterArn(cluster.eksCluster.arn);
    const attachments = nodePolicies.map(
        (policy) =>
            new aws.iam.RolePolicyAttachment(
                `${name}-nodes-${policy}`,
                {
                    role: nodeRole.name,
                    policyArn: pulumi.interpolate`arn:${where.partition}:iam::aws:policy/${policy}`,
                },
                opts,
            ),
    );
    const { min = 2, max = Math.max(4, min), desired = min, instanceType = "m5.large" } = args.nodes ?? {};
    const nodes = new aws.eks.NodeGroup(
        `${name}-nodes`,
        {
            clusterName: cluster.eksCluster.name,
            nodeRoleArn: nodeRole.arn,
            subnetIds: args.subnetIds ?? cluster.core.subnetIds,
            instanceTypes: [instanceType],
            scalingConfig: { minSize: min, maxSize: max, desiredSize: desired },
            tags,
        },
        { ...opts, dependsOn: attachments, ignoreChanges: ["scalingConfig.desiredSize"] },
    );

    const kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    const provider = new k8s.Provider(
        name,
        {
            kubeconfig,
            // Without an identity of its own a kubeconfig that is not known at preview would replace the provider, and with
            // it everything in the cluster. The issuer's address is unique to a cluster and lives as long.
            clusterIdentifier: cluster.oidcProviderUrl,
        },
        { ...opts, dependsOn: [cluster, nodes] },
    );

    return {
        kubeconfig,
        name: cluster.eksCluster.name,
        identity: { providerArn: cluster.oidcProviderArn, issuer: cluster.oidcIssuer, ...where },
        provider,
    };
}

/** Partition, region and account out of a cluster's ARN, which spares asking AWS for each. */
function clusterArn(arn: pulumi.Output<string>): Record<"partition" | "region" | "accountId", pulumi.Output<string>> {
    const field = (index: number) => arn.apply((a) => a.split(":")[index] ?? "");
    return { partition: field(1), region: field(3), accountId: field(4) };
}
