import * as awsEks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";

/** The agent that hands EKS Pod Identity's credentials to pods: an add-on of the cluster, installed once somebody needs it. */
export class PodIdentityAgent {
    private addon?: awsEks.Addon;

    constructor(
        private readonly name: string,
        private readonly clusterName: pulumi.Input<string>,
        private readonly tags: Record<string, pulumi.Input<string>> | undefined,
        private readonly opts: pulumi.CustomResourceOptions,
    ) {}

    /** What to depend on to get credentials. */
    require(): pulumi.Resource[] {
        this.addon ??= new awsEks.Addon(
            `${this.name}-pod-identity-agent`,
            {
                clusterName: this.clusterName,
                // The version is EKS' default for the cluster's own when it is installed, and stays.
                addonName: "eks-pod-identity-agent",
                tags: this.tags,
            },
            this.opts,
        );
        return [this.addon];
    }
}
