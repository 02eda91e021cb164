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
        const role = new AwsResource(
            "aws:iam/role:Role",
            `${name}-eksRole-role`,
            { assumeRolePolicy: JSON.stringify({ Statement: [] }), tags },
            ["arn", "name"],
            this,
        );
        const subnetIds = args.subnetIds ?? ["subnet-a", "subnet-b"];
        const cluster = new AwsResource(
            "aws:eks/cluster:Cluster",
            `${name}-eksCluster`,
            { name: args.name, roleArn: role.output("arn"), version: args.version, vpcConfig: { subnetIds }, tags },
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
