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
    ...["Services", "TargetGroups", "Listeners", "Rules", "TagsForResource"],
];
/** They join what is there to a service network, which AWS RAM shares between accounts. */
const joining = ["CreateServiceNetworkVpcAssociation", "CreateServiceNetworkServiceAssociation"];
const made = ["Create", "Get", "Delete"].flatMap((verb) => kinds.map((kind) => `${verb}${kind}`));
// An association of a service has nothing that could be updated.
const updated = kinds.filter((kind) => kind !== "ServiceNetworkServiceAssociation");

/**
 * What VPC Lattice's controller may do for Gateways and HTTPRoutes, action by action, on resources of the cluster's own account and
 * region; its makers recommend `vpc-lattice:*` on all. What it does for its policies of access logs and of IAM is left out: whoever
 * makes such objects brings a role. What it makes gets its identifier from AWS, so the ARNs are known no further.
 */
export function latticeStatements({ partition, region, accountId }: Whereabouts): Statement[] {
    const arn = (kind: string, account = accountId) => `arn:${partition}:vpc-lattice:${region}:${account}:${kind}/*`;
    return [
        {
            sid: "VpcLattice",
            actions: [
                "vpc-lattice:CreateServiceNetwork",
                "vpc-lattice:ListTargets",
                ...made.filter((action) => !joining.includes(action)).map((action) => `vpc-lattice:${action}`),
                ...updated.map((kind) => `vpc-lattice:Update${kind}`),
                "vpc-lattice:RegisterTargets",
                "vpc-lattice:DeregisterTargets",
                "vpc-lattice:TagResource",
                "vpc-lattice:UntagResource",
            ],
            resources: [
                // A service's listeners and their rules are below it.
                arn("service"),
                arn("servicenetwork"),
                arn("servicenetworkvpcassociation"),
                arn("servicenetworkserviceassociation"),
                arn("targetgroup"),
            ],
        },
        {
            sid: "SharedNetworks",
            actions: ["GetServiceNetwork", ...joining].map((action) => `vpc-lattice:${action}`),
            resources: [
                arn("servicenetwork", "*"),
                arn("servicenetworkvpcassociation"),
                arn("servicenetworkserviceassociation"),
                arn("service"),
            ],
        },
        {
            // By them it finds the cluster's network and what it made before. None of them can be bound to a resource.
            sid: "Surroundings",
            actions: [
                ...lists.map((list) => `vpc-lattice:List${list}`),
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
                `arn:${partition}:iam::${accountId}:role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice`,
            ],
            conditions: { StringLike: { "iam:AWSServiceName": "vpc-lattice.amazonaws.com" } },
        },
    ];
}
