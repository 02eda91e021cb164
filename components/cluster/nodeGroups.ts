import * as awsEks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";

import { IamArgs } from "./iam";
import { NodeGroupArgs, NodesArgs, architectures, scalingOf, taintEffects } from "./nodeGroupArgs";
import { serviceRole } from "./serviceRole";

const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/** What node groups are made of. */
export interface NodeGroupsScope {
    clusterName: pulumi.Input<string>;
    /** The Kubernetes version of the nodes: the cluster's. */
    version: string;
    partition: pulumi.Input<string>;
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** What the nodes need to join the cluster and pull images, and what has to outlive them. */
    after: pulumi.Resource[];
    iam?: IamArgs;
    tags?: Record<string, pulumi.Input<string>>;
    parent: pulumi.Resource;
}

/** Makes the node groups of a cluster, all with one role. */
export function nodeGroups(
    name: string,
    nodes: NodesArgs | undefined,
    groups: Record<string, NodeGroupArgs> | undefined,
    scope: NodeGroupsScope,
): awsEks.NodeGroup[] {
    const { partition, iam, tags, parent } = scope;
    const { role, policies } = serviceRole(
        `${name}-nodes`,
        {
            description: "Nodes of an EKS cluster: join, pull images, give pods addresses.",
            service: "ec2.amazonaws.com",
            policies: nodePolicies,
            partition,
            permissionsBoundary: iam?.permissionsBoundary,
            path: iam?.rolePath,
            tags,
        },
        { parent },
    );
    const group = (childName: string, args: Partial<awsEks.NodeGroupArgs>, scaling: NodesArgs | undefined) => {
        const { min, max, desired } = scalingOf(scaling);
        return new awsEks.NodeGroup(
            childName,
            {
                clusterName: scope.clusterName,
                nodeRoleArn: role.arn,
                subnetIds: scope.subnetIds,
                version: scope.version,
                scalingConfig: { minSize: min, maxSize: max, desiredSize: desired },
                tags,
                ...args,
            },
            { parent, dependsOn: [...policies, ...scope.after], ignoreChanges: ["scalingConfig.desiredSize"] },
        );
    };
    if (groups === undefined) {
        return [group(`${name}-nodes`, { instanceTypes: [nodes?.instanceType ?? "m5.large"] }, nodes)];
    }
    return Object.entries(groups).map(([key, args]) => group(`${name}-nodes-${key}`, propertiesOf(args), args));
}

function propertiesOf(args: NodeGroupArgs): Partial<awsEks.NodeGroupArgs> {
    const { amiType, instanceType } = architectures[args.architecture ?? "x86_64"]!;
    return {
        amiType,
        instanceTypes: args.instanceTypes ?? [instanceType],
        capacityType: args.spot === true ? "SPOT" : "ON_DEMAND",
        diskSize: args.diskSize,
        labels: args.labels,
        taints: args.taints?.map(({ key, value, effect }) => ({ key, value, effect: taintEffects[effect]! })),
    };
}

/** What a user should know of sound node groups. */
export function nodeGroupWarnings(groups: Record<string, NodeGroupArgs> | undefined): string[] {
    const keptOff = ({ taints = [] }: NodeGroupArgs) => taints.some(({ effect }) => effect !== "PreferNoSchedule");
    return groups !== undefined && Object.values(groups).every(keptOff)
        ? ["eks.nodeGroups: every group has a taint, so pods that tolerate none, CoreDNS among them, find no node."]
        : [];
}
