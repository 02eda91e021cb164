import { Node, awsAnswers, awsOutputs, graph, kubeconfig, plain } from "../unit/graph";
import { programmed } from "../unit/mesh/gatewayApi/platform";
import { Program, build } from "./program";

/** A resource as the engine knows it again, and the inputs that make another one of it. */
export interface Identity {
    /** The type of the parent, the type and the name: what makes its URN. */
    urn: string;
    /** Inputs by path. A provider replaces the resource when one of them changes. */
    fixed: Record<string, unknown>;
}

/** Inputs that cannot be changed in place, by the beginning of the type. The first that fits counts. */
const fixedInputs: [string, string[]][] = [
    ["kubernetes:helm.sh/v3:Release", ["name", "namespace"]],
    ["kubernetes:apps/", ["metadata.name", "metadata.namespace", "spec.selector"]],
    ["kubernetes:rbac.authorization.k8s.io/", ["metadata.name", "metadata.namespace", "roleRef"]],
    ["kubernetes:core/v1:Secret", ["metadata.name", "metadata.namespace", "type", "immutable"]],
    ["kubernetes:", ["apiVersion", "kind", "metadata.name", "metadata.namespace"]],
    // Another cluster, for Pulumi, and all that is in it with it.
    ["pulumi:providers:kubernetes", ["clusterIdentifier", "enableConfigMapMutable", "enableSecretMutable"]],
    ["aws:iam/role:", ["name", "namePrefix", "path"]],
    ["aws:iam/rolePolicy:", ["name", "namePrefix", "role"]],
    ["aws:iam/rolePolicyAttachment:", ["role", "policyArn"]],
    [
        "aws:eks/nodeGroup:",
        [
            "clusterName",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "subnetIds",
            "instanceTypes",
            "amiType",
            "diskSize",
        ],
    ],
    ["aws:eks/podIdentityAssociation:", ["clusterName", "namespace", "serviceAccount"]],
    ["aws:eks/addon:", ["clusterName", "addonName"]],
    ["aws:ec2/vpc:", ["cidrBlock"]],
    ["aws:ec2/subnet:", ["cidrBlock", "availabilityZone", "vpcId"]],
    [
        "eks:index:Cluster",
        ["name", "vpcId", "subnetIds", "publicSubnetIds", "privateSubnetIds", "encryptionConfigKeyArn"],
    ],
];

function fixedOf({ type, props }: Node): Record<string, unknown> {
    const [, paths = []] = fixedInputs.find(([start]) => type.startsWith(start)) ?? [];
    const inputs = plain(props);
    const entries = paths.map((path): [string, unknown] => [
        path,
        path.split(".").reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], inputs),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The resources of a program as they are known again, and by which other names, `aliases`, each would be. */
export async function identitiesOf(program: Program): Promise<(Identity & { formerly: string[] })[]> {
    const { nodes } = await graph(() => build(program, kubeconfig), answers, awsAnswers);
    const typeOf = new Map(nodes.map(({ key, type }) => [key, type]));
    const urn = (parent: string | undefined, type: string, name: string) =>
        `${parent === undefined ? "" : `${parent}$`}${type}::${name}`;
    return nodes
        .filter(({ read }) => !read)
        .map((node) => ({
            urn: urn(typeOf.get(node.parent), node.type, node.name),
            fixed: fixedOf(node),
            formerly: node.aliases.map(({ name = node.name, type = node.type, noParent }) =>
                urn(noParent ? undefined : typeOf.get(node.parent), type, name),
            ),
        }))
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** What a cluster and AWS answer, a Gateway's address too. */
const answers: typeof awsOutputs = (resource) => ({ ...awsOutputs(resource), ...programmed(resource) });
