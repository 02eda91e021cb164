import fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { Bag, diesWithParent } from "./protocol";

/**
 * Stands in for pulumi-resource-eks: the component's children go to the stand-in for AWS, and the kubeconfig is the lab's.
 * It hangs off the cluster's endpoint, so that it is unknown in the first preview as with the real one.
 */
const version = process.env.LAB_EKS_VERSION!;
const awsVersion = process.env.LAB_AWS_VERSION!;

/** A resource of AWS without its types: the child of a component that lives in another process. */
class AwsResource extends pulumi.CustomResource {
    [output: string]: unknown;

    constructor(type: string, name: string, args: Bag, outputs: string[], parent: pulumi.Resource) {
        super(
            type,
            name,
            { ...Object.fromEntries(outputs.map((o) => [o, undefined])), ...args },
            { parent, version: awsVersion },
        );
    }

    output<T>(name: string): pulumi.Output<T> {
        return this[name] as pulumi.Output<T>;
    }
}

class Cluster extends pulumi.ComponentResource {
    readonly outputs: Bag;

    constructor(name: string, args: Bag, opts: pulumi.ComponentResourceOptions) {
        super("eks:index:Cluster", name, args, opts);
        const { tags } = args;
        const autoMode = args.autoMode as
            { enabled?: boolean; createNodeRole?: boolean; computeConfig?: Bag } | undefined;
        const subnetIds =
            args.subnetIds ??
            (args.privateSubnetIds === undefined
                ? ["subnet-a", "subnet-b"]
                : pulumi
                      .all([listOf(args.publicSubnetIds), listOf(args.privateSubnetIds)])
                      .apply((kinds) => kinds.flat()));
        const nodeRole =
            autoMode?.enabled === true && autoMode.createNodeRole !== false
                ? this.role(`${name}-nodeRole-role`, tags).output("arn")
                : undefined;
        const cluster = new AwsResource(
            "aws:eks/cluster:Cluster",
            `${name}-eksCluster`,
            {
                name: args.name,
                roleArn:
                    args.serviceRole === undefined
                        ? this.role(`${name}-eksRole-role`, tags).output("arn")
                        : arnOf(args.serviceRole),
                version: args.version,
                vpcConfig: {
                    subnetIds,
                    endpointPublicAccess: args.endpointPublicAccess,
                    endpointPrivateAccess: args.endpointPrivateAccess,
                    publicAccessCidrs: args.publicAccessCidrs,
                },
                computeConfig:
                    autoMode?.enabled === true
                        ? { enabled: true, nodeRoleArn: nodeRole, ...autoMode.computeConfig }
                        : undefined,
                enabledClusterLogTypes: args.enabledClusterLogTypes,
                encryptionConfig:
                    args.encryptionConfigKeyArn === undefined
                        ? undefined
                        : { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] },
                upgradePolicy: args.upgradePolicy,
                deletionProtection: args.deletionProtection,
                tags,
            },
            ["arn", "name", "endpoint", "identities"],
            this,
        );
        const issuer = cluster
            .output<{ oidcs: { issuer: string }[] }[]>("identities")
            .apply((identities) => identities[0]!.oidcs[0]!.issuer);
        const oidcProvider =
            args.createOidcProvider === true
                ? new AwsResource(
                      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                      `${name}-oidcProvider`,
                      { url: issuer, clientIdLists: ["sts.amazonaws.com"], thumbprintLists: ["0".repeat(40)], tags },
                      ["arn", "url"],
                      this,
                  )
                : undefined;
        // The real one asks the AWS command for a token; this one holds a token.
        const kubeconfig = pulumi.secret(
            cluster
                .output<string>("endpoint")
                .apply(() => JSON.parse(fs.readFileSync(process.env.LAB_KUBECONFIG!, "utf8")) as Bag),
        );
        this.outputs = {
            kubeconfig,
            kubeconfigJson: kubeconfig.apply((config) => JSON.stringify(config)),
            eksCluster: cluster,
            oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
            oidcProviderArn: oidcProvider?.output("arn"),
            oidcProviderUrl: issuer,
            instanceRoles: [],
            core: { cluster, kubeconfig, subnetIds, vpcId: args.vpcId ?? "vpc-0" },
        };
        this.registerOutputs(this.outputs);
    }

    private role(name: string, tags: unknown): AwsResource {
        const assumeRolePolicy = JSON.stringify({ Statement: [] });
        return new AwsResource("aws:iam/role:Role", name, { assumeRolePolicy, tags }, ["arn", "name"], this);
    }
}

/** The ARN of a role that the program made: a resource of another package, of which this process is told the id alone. */
function arnOf(role: unknown): pulumi.Output<string> {
    return pulumi.interpolate`arn:aws:iam::123456789012:role/${role as pulumi.Input<string>}`;
}

function listOf(value: unknown): pulumi.Output<string[]> {
    return pulumi.output((value ?? []) as pulumi.Input<string>[]);
}

const provider: pulumi.provider.Provider = {
    version,
    schema: JSON.stringify({ name: "eks", version }),
    construct: async (name, type, inputs, options) => {
        if (type !== "eks:index:Cluster") {
            throw new Error(`the stand-in for EKS has no ${type}`);
        }
        const cluster = new Cluster(name, inputs, options);
        return Promise.resolve({ urn: cluster.urn, state: cluster.outputs });
    },
};

void pulumi.provider.main(provider, process.argv.slice(2));
diesWithParent();
