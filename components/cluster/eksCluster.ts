import { getPartitionOutput } from "@pulumi/aws/getPartition";
import type { types } from "@pulumi/eks";
import { Cluster as ControlPlane, type ClusterArgs } from "@pulumi/eks/cluster";
import { AuthenticationMode } from "@pulumi/eks/types/enums";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { accessEntries } from "./accessEntries";
import { Cluster } from "./cluster";
import { clusterArn } from "./clusterArn";
import { EksArgs, controlPlaneLogs } from "./eksArgs";
import { encryptionKey } from "./encryption";
import { IamArgs, withIam } from "./iam";
import { Network, buildNetwork } from "./network";
import { nodeGroups } from "./nodeGroups";
import { PodIdentityAgent } from "./podIdentityAgent";
import { serviceRole } from "./serviceRole";

const defaultVersion = "1.34";
const autoModePolicies = [
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
];

/** Builds an EKS cluster with its nodes, its OpenID Connect provider, and the Kubernetes provider for it. */
export function eksCluster(
    name: string,
    args: EksArgs,
    iam: IamArgs | undefined,
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): Cluster {
    const opts = { parent };
    const network = args.network && buildNetwork(name, args.network, tags, parent);
    const roles = ownRoles(name, args, iam, tags, parent);
    const cluster = new ControlPlane(
        name,
        {
            version: args.version ?? defaultVersion,
            ...subnetsOf(args, network),
            // Access entries instead of the aws-auth config map: nodes are let in by EKS itself.
            authenticationMode: AuthenticationMode.Api,
            createOidcProvider: true,
            skipDefaultNodeGroup: true,
            ...roles?.cluster,
            ...(args.autoMode === true && {
                autoMode: { enabled: true, ...roles?.autoMode },
                // Auto Mode's nodes answer DNS themselves.
                corednsAddonOptions: { enabled: false },
            }),
            endpointPublicAccess: args.endpoint?.publicAccess ?? true,
            endpointPrivateAccess: args.endpoint?.privateAccess ?? true,
            publicAccessCidrs: args.endpoint?.allowedCidrs,
            enabledClusterLogTypes: args.logs ?? controlPlaneLogs,
            encryptionConfigKeyArn: encryptionKey(name, args.encryption, tags, parent),
            upgradePolicy: { supportType: args.supportType ?? "STANDARD" },
            deletionProtection: args.deletionProtection ?? false,
            tags,
        },
        // Nodes of Auto Mode come with the first pods, whoever starts those.
        {
            ...opts,
            dependsOn: [...(roles?.policies ?? []), ...(args.autoMode === true ? (network?.routes ?? []) : [])],
        },
    );
    const clusterName = cluster.eksCluster.name;
    const where = clusterArn(cluster.eksCluster.arn);

    const nodes =
        args.autoMode === true
            ? []
            : nodeGroups(name, args.nodes, args.nodeGroups, {
                  clusterName,
                  version: args.version ?? defaultVersion,
                  partition: where.partition,
                  subnetIds: network?.privateSubnetIds ?? args.subnetIds ?? cluster.core.subnetIds,
                  after: network?.routes ?? [],
                  iam,
                  tags,
                  parent,
              });
    const entries = accessEntries(name, args.accessEntries, clusterName, where.partition, tags, parent);

    const kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    // Without an identity of its own a kubeconfig that is not known at preview would replace the provider, and with it
    // everything in the cluster. The issuer's address is unique to a cluster and lives as long.
    const provider = new Provider(
        name,
        { kubeconfig, clusterIdentifier: cluster.oidcProviderUrl },
        { ...opts, dependsOn: [cluster, ...nodes, ...entries] },
    );

    return {
        kubeconfig,
        name: clusterName,
        identifier: cluster.oidcIssuer,
        identity: withIam(
            { providerArn: cluster.oidcProviderArn, issuer: cluster.oidcIssuer, ...where, clusterName },
            iam,
        ),
        // Auto Mode has the agent built in.
        ...(args.autoMode !== true && {
            podIdentityAgent: new PodIdentityAgent(name, clusterName, tags, { ...opts, dependsOn: nodes }),
        }),
        provider,
    };
}

function subnetsOf(args: EksArgs, network: Network | undefined): Partial<ClusterArgs> {
    return network === undefined
        ? { vpcId: args.vpcId, subnetIds: args.subnetIds }
        : {
              vpcId: network.vpcId,
              publicSubnetIds: network.publicSubnetIds,
              privateSubnetIds: network.privateSubnetIds,
          };
}

/** The cluster's role, and that of Auto Mode's nodes, made here: the EKS component's own take no boundary and no path. */
interface OwnRoles {
    cluster: Pick<ClusterArgs, "serviceRole">;
    autoMode: Partial<types.input.AutoModeOptionsArgs>;
    policies: pulumi.Resource[];
}

function ownRoles(
    name: string,
    args: EksArgs,
    iam: IamArgs | undefined,
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): OwnRoles | undefined {
    if (iam?.permissionsBoundary === undefined && iam?.rolePath === undefined) {
        return undefined;
    }
    const common = {
        // There is no cluster yet to read it off.
        partition: getPartitionOutput({}, { parent }).partition,
        permissionsBoundary: iam.permissionsBoundary,
        path: iam.rolePath,
        tags,
    };
    const control = serviceRole(
        `${name}-cluster`,
        {
            ...common,
            description: "The control plane of an EKS cluster.",
            service: "eks.amazonaws.com",
            actions: ["sts:AssumeRole", "sts:TagSession"],
            policies: ["AmazonEKSClusterPolicy", ...(args.autoMode === true ? autoModePolicies : [])],
        },
        { parent },
    );
    if (args.autoMode !== true) {
        return { cluster: { serviceRole: control.role }, autoMode: {}, policies: control.policies };
    }
    const nodes = serviceRole(
        `${name}-auto`,
        {
            ...common,
            description: "Nodes of EKS Auto Mode: join and pull images.",
            service: "ec2.amazonaws.com",
            policies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
        },
        { parent },
    );
    return {
        cluster: { serviceRole: control.role },
        autoMode: { createNodeRole: false, computeConfig: { nodeRoleArn: nodes.role.arn } },
        policies: [...control.policies, ...nodes.policies],
    };
}
