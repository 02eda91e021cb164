import { Statement, Whereabouts } from "../../cluster/workloadIdentity";

/** The controller's AWS SDK knows Pod Identity. */
export const supportsPodIdentity = true;

const kinds = [
    "ServiceNetworkVpcAssociation",
    "ServiceNetworkServiceAssociation",
    "Service",
    "TargetGroup",
    "Listener",
    "Rule",
];
const lists = [
    ...["ServiceNetworks", "ServiceNetworkVpcAssociations", "ServiceNetworkServiceAssociations"],
    ...["Services", "TargetGroups", "Targets", "Listeners", "Rules", "TagsForResource"],
];
// An association of a service has nothing that could be updated.
const updated = kinds.filter((kind) => kind !== "ServiceNetworkServiceAssociation");

/**
 * What VPC Lattice's controller may do for Gateways and HTTPRoutes, action by action; its makers recommend `vpc-lattice:*`. What it
 * does for its policies of access logs and of IAM is left out: whoever makes such objects brings a role. The resources it makes are
 * named after objects that do not exist yet, so their ARNs are not known.
 */
export function latticeStatements(where: Whereabouts): Statement[] {
    return [
        {
            sid: "VpcLattice",
            actions: [
                ...lists.map((list) => `vpc-lattice:List${list}`),
                ...["CreateServiceNetwork", "GetServiceNetwork"].map((action) => `vpc-lattice:${action}`),
                ...["Create", "Get", "Delete"].flatMap((verb) => kinds.map((kind) => `vpc-lattice:${verb}${kind}`)),
                ...updated.map((kind) => `vpc-lattice:Update${kind}`),
                "vpc-lattice:RegisterTargets",
                "vpc-lattice:DeregisterTargets",
                "vpc-lattice:TagResource",
                "vpc-lattice:UntagResource",
            ],
            resources: ["*"],
        },
        {
            // By them it finds the cluster's network and what it made before. None of them can be bound to a resource.
            sid: "Surroundings",
            actions: [
                "ec2:DescribeVpcs",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeSecurityGroups",
                "tag:GetResources",
            ],
            resources: ["*"],
        },
        {
            sid: "ServiceLinkedRole",
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [
                `arn:${where.partition}:iam::${where.accountId}:role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice`,
            ],
            conditions: { StringLike: { "iam:AWSServiceName": "vpc-lattice.amazonaws.com" } },
        },
    ];
}
