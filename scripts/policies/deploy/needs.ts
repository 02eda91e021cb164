import { PolicyStatement, Registered } from "../document";

/** Where something is deployed to. */
export interface Place {
    partition: string;
    region: string;
    account: string;
}

/** Actions, and the resources that they are done to as far as the names are known beforehand. */
export interface Need {
    /** What it is for; needs of one name become one statement. */
    sid: string;
    actions: string[];
    /** The resources below the place: `ec2:vpc/*`. IAM's have no region, and say so by themselves. */
    resources: string[];
    conditions?: PolicyStatement["Condition"];
}

/** What of a program's other resources a need is about. */
export interface Context {
    /** The name of the cluster, as a pattern. */
    cluster: string;
    /** The roles that are made. */
    roles: string[];
}

type Needs = (resource: Registered, context: Context) => Need[];

/** The four things that Pulumi does to a resource, and tags, in the words of a service. */
const ec2 = (sid: string, kinds: string[], ...actions: string[]): Need[] => [
    {
        sid,
        actions: [...actions, "CreateTags", "DeleteTags"].map((action) => `ec2:${action}`),
        resources: kinds.map((kind) => `ec2:${kind}/*`),
    },
];

/** An input that is a text, where it is known. */
const text = (input: unknown, otherwise: string) => (typeof input === "string" ? input : otherwise);
/** What Pulumi appends to a name that it draws. */
const drawn = (name: string) => `${name}-*`;
/** An IAM resource by its path and name. */
export const role = ({ name, inputs }: Registered) => `iam:role${text(inputs.path, "/")}${drawn(name)}`;

/**
 * What to do to each type of resource takes, as the AWS provider's calls for it: create, read, update, delete. The generator sorts out
 * which of them can be bound to a resource.
 */
export const needs: Record<string, Needs> = {
    "aws:ec2/vpc:Vpc": () =>
        ec2(
            "Network",
            ["vpc"],
            ...["CreateVpc", "DescribeVpcs", "DescribeVpcAttribute", "ModifyVpcAttribute", "DeleteVpc"],
            ...["DescribeNetworkAcls", "DescribeSecurityGroups", "DescribeRouteTables"],
        ),
    "aws:ec2/subnet:Subnet": () =>
        ec2(
            "Network",
            ["subnet", "vpc"],
            ...[
                "CreateSubnet",
                "DescribeSubnets",
                "ModifySubnetAttribute",
                "DeleteSubnet",
                "DescribeNetworkInterfaces",
            ],
        ),
    "aws:ec2/internetGateway:InternetGateway": () =>
        ec2(
            "Network",
            ["internet-gateway", "vpc"],
            ...["CreateInternetGateway", "AttachInternetGateway", "DescribeInternetGateways"],
            ...["DetachInternetGateway", "DeleteInternetGateway"],
        ),
    "aws:ec2/routeTable:RouteTable": () =>
        ec2("Network", ["route-table", "vpc"], "CreateRouteTable", "DescribeRouteTables", "DeleteRouteTable"),
    "aws:ec2/route:Route": () =>
        ec2("Network", ["route-table"], "CreateRoute", "ReplaceRoute", "DescribeRouteTables", "DeleteRoute"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": () =>
        ec2(
            "Network",
            ["route-table", "subnet"],
            ...["AssociateRouteTable", "ReplaceRouteTableAssociation", "DescribeRouteTables"],
            "DisassociateRouteTable",
        ),
    "aws:ec2/eip:Eip": () =>
        ec2(
            "Network",
            ["elastic-ip"],
            "AllocateAddress",
            "DescribeAddresses",
            "DescribeAddressesAttribute",
            "ReleaseAddress",
        ),
    "aws:ec2/natGateway:NatGateway": () =>
        ec2(
            "Network",
            ["natgateway", "subnet", "elastic-ip"],
            ...["CreateNatGateway", "DescribeNatGateways", "DeleteNatGateway", "DisassociateAddress"],
        ),
    "aws:ec2/securityGroup:SecurityGroup": () =>
        ec2(
            "SecurityGroups",
            ["security-group", "vpc"],
            ...["CreateSecurityGroup", "DescribeSecurityGroups", "DescribeNetworkInterfaces", "DeleteSecurityGroup"],
            ...["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
        ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": () => [
        {
            sid: "SecurityGroups",
            actions: [
                ...["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "DescribeSecurityGroups"],
                ...["DescribeSecurityGroupRules", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
            ].map((action) => `ec2:${action}`),
            resources: ["ec2:security-group/*", "ec2:security-group-rule/*"],
        },
    ],
    "aws:iam/role:Role": (resource): Need[] => [
        {
            sid: resource.inputs.permissionsBoundary === undefined ? "MakeRoles" : "MakeBoundedRoles",
            actions: ["iam:CreateRole", ...boundaryActions(resource)],
            resources: [role(resource)],
            ...(resource.inputs.permissionsBoundary !== undefined && {
                conditions: {
                    StringEquals: { "iam:PermissionsBoundary": text(resource.inputs.permissionsBoundary, "") },
                },
            }),
        },
        {
            sid: "Roles",
            actions: [
                ...["GetRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy", "DeleteRole"],
                ...["TagRole", "UntagRole", "ListRoleTags"],
                ...["ListRolePolicies", "ListAttachedRolePolicies", "ListInstanceProfilesForRole"],
            ].map((action) => `iam:${action}`),
            resources: [role(resource)],
        },
        {
            sid: "PassRoles",
            actions: ["iam:PassRole"],
            resources: [role(resource)],
            conditions: {
                StringEquals: {
                    "iam:PassedToService": ["eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"],
                },
            },
        },
    ],
    "aws:iam/rolePolicy:RolePolicy": (_, { roles }) => [
        {
            sid: "RolePolicies",
            actions: ["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"],
            resources: roles,
        },
    ],
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ inputs }, { roles }) => [
        {
            sid: "AwsPolicies",
            actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            resources: roles,
            conditions: { ArnEquals: { "iam:PolicyARN": [text(inputs.policyArn, "")] } },
        },
    ],
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": () => [
        {
            sid: "Issuer",
            actions: [
                ...["CreateOpenIDConnectProvider", "GetOpenIDConnectProvider", "DeleteOpenIDConnectProvider"],
                ...["UpdateOpenIDConnectProviderThumbprint", "TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"],
            ].map((action) => `iam:${action}`),
            resources: ["iam:oidc-provider/oidc.eks.{region}.amazonaws.com/id/*"],
        },
    ],
    "aws:kms/key:Key": () => [
        {
            sid: "SecretsKey",
            actions: [
                ...[
                    "CreateKey",
                    "DescribeKey",
                    "GetKeyPolicy",
                    "PutKeyPolicy",
                    "GetKeyRotationStatus",
                    "EnableKeyRotation",
                ],
                ...["UpdateKeyDescription", "ListResourceTags", "TagResource", "UntagResource", "ScheduleKeyDeletion"],
            ].map((action) => `kms:${action}`),
            resources: ["kms:key/*"],
        },
        {
            sid: "SecretsKeyForEks",
            actions: ["kms:CreateGrant"],
            resources: ["kms:key/*"],
            conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
    ],
    "aws:eks/cluster:Cluster": (resource) => [
        {
            sid: "Cluster",
            actions: [
                ...["CreateCluster", "DescribeCluster", "UpdateClusterConfig", "UpdateClusterVersion", "DeleteCluster"],
                ...["DescribeUpdate", "TagResource", "UntagResource", "ListTagsForResource"],
            ].map((action) => `eks:${action}`),
            resources: [`eks:cluster/${drawn(resource.name)}`],
        },
        {
            sid: "ServiceLinkedRoles",
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [
                "iam:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
                "iam:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup",
            ],
            conditions: {
                StringEquals: { "iam:AWSServiceName": ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com"] },
            },
        },
    ],
    "aws:eks/nodeGroup:NodeGroup": (resource, { cluster }) =>
        partOfCluster(cluster, `nodegroup/${cluster}/${drawn(resource.name)}`, [
            ...["CreateNodegroup", "DescribeNodegroup", "UpdateNodegroupConfig", "UpdateNodegroupVersion"],
            "DeleteNodegroup",
        ]),
    "aws:eks/addon:Addon": (resource, { cluster }) =>
        partOfCluster(cluster, `addon/${cluster}/${text(resource.inputs.addonName, "*")}/*`, [
            ...["CreateAddon", "DescribeAddon", "UpdateAddon", "DeleteAddon", "DescribeAddonVersions"],
        ]),
    "aws:eks/accessEntry:AccessEntry": (_, { cluster }) =>
        partOfCluster(cluster, `access-entry/${cluster}/*`, [
            ...["CreateAccessEntry", "DescribeAccessEntry", "UpdateAccessEntry", "DeleteAccessEntry"],
        ]),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (_, { cluster }) =>
        partOfCluster(cluster, `access-entry/${cluster}/*`, [
            ...["AssociateAccessPolicy", "ListAssociatedAccessPolicies", "DisassociateAccessPolicy"],
        ]),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (_, { cluster }) =>
        partOfCluster(cluster, `podidentityassociation/${cluster}/*`, [
            ...["CreatePodIdentityAssociation", "DescribePodIdentityAssociation", "UpdatePodIdentityAssociation"],
            "DeletePodIdentityAssociation",
        ]),
};

function boundaryActions({ inputs }: Registered): string[] {
    return inputs.permissionsBoundary === undefined ? [] : ["iam:PutRolePermissionsBoundary"];
}

/** What belongs to a cluster is bound to both. */
function partOfCluster(cluster: string, resource: string, actions: string[]): Need[] {
    return [
        {
            sid: "PartsOfTheCluster",
            actions: [...actions, "DescribeUpdate", "TagResource", "UntagResource", "ListTagsForResource"].map(
                (action) => `eks:${action}`,
            ),
            resources: [`eks:${resource}`, `eks:cluster/${cluster}`],
        },
    ];
}
