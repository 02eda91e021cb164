import { Registered } from "../document";

const group = (name: string): Registered => ({ type: "aws:ec2/securityGroup:SecurityGroup", name, inputs: {} });
const rule = (name: string): Registered => ({ type: "aws:ec2/securityGroupRule:SecurityGroupRule", name, inputs: {} });
const role = (name: string): Registered => ({ type: "aws:iam/role:Role", name, inputs: {} });
const addon = (name: string, addonName: string): Registered => ({
    type: "aws:eks/addon:Addon",
    name,
    inputs: { addonName },
});
const attachment = (policy: string): Registered => ({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: policy,
    inputs: { policyArn: `arn:{partition}:iam::aws:policy/${policy}` },
});

/** What Pulumi's component of an EKS cluster makes, of version 4 and with the arguments that this library gives it. */
export function childrenOfCluster({ name, inputs }: Registered): Registered[] {
    const autoMode = inputs.autoMode as { enabled?: boolean; createNodeRole?: boolean } | undefined;
    const auto = autoMode?.enabled === true;
    const autoPolicies = ["Compute", "BlockStorage", "LoadBalancing", "Networking"].map(
        (each) => `AmazonEKS${each}Policy`,
    );
    const ownRole = inputs.serviceRole === undefined;
    const ownNodes = auto && autoMode.createNodeRole !== false;
    return [
        { type: "aws:eks/cluster:Cluster", name: `${name}-eksCluster`, inputs: {} },
        { type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider", name: `${name}-oidcProvider`, inputs: {} },
        ...(ownRole ? [role(`${name}-eksRole-role`), attachment("AmazonEKSClusterPolicy")] : []),
        ...(ownRole && auto ? autoPolicies.map(attachment) : []),
        ...(ownNodes
            ? [
                  role(`${name}-nodeRole-role`),
                  attachment("AmazonEKSWorkerNodeMinimalPolicy"),
                  attachment("AmazonEC2ContainerRegistryPullOnly"),
              ]
            : []),
        ...(auto
            ? []
            : [
                  ...[group(`${name}-eksClusterSecurityGroup`), group(`${name}-nodeSecurityGroup`)],
                  rule(`${name}-eksClusterInternetEgressRule`),
                  ...["kube-proxy", "vpc-cni", "coredns"].map((each) => addon(`${name}-${each}`, each)),
              ]),
    ];
}
