import { Answers, Outputs } from "./recording";

/** What stands for a secret that is not there: an address and a token alike, and nobody's. */
export const placeholder = "https://secret.invalid/";

const accountId = "000000000000";
const issuer = "oidc.eks.invalid/id/OFFLINE";

/** What stands for a kubeconfig. Nobody connects by it: `.invalid` is a name that leads nowhere. */
export const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "offline",
    contexts: [{ name: "offline", context: { cluster: "offline", user: "offline" } }],
    clusters: [{ name: "offline", cluster: { server: "https://cluster.invalid" } }],
    users: [{ name: "offline", user: {} }],
});

/** Made up where AWS, EKS and Kubernetes would answer, so that what is only made of their answers is in the plan as well. */
export const outputs: Outputs = ({ type, name, inputs }) => {
    switch (type) {
        case "eks:index:Cluster":
            return {
                kubeconfigJson: kubeconfig,
                kubeconfig: JSON.parse(kubeconfig) as object,
                oidcProviderArn: `arn:aws:iam::${accountId}:oidc-provider/${issuer}`,
                oidcProviderUrl: `https://${issuer}`,
                oidcIssuer: issuer,
                eksCluster: { name, arn: `arn:aws:eks:offline:${accountId}:cluster/${name}` },
                core: { subnetIds: ["subnet-offline"] },
            };
        case "aws:iam/role:Role":
            return { name: `${name}-offline`, arn: `arn:aws:iam::${accountId}:role/${name}-offline` };
        case "aws:kms/key:Key":
            return { arn: `arn:aws:kms:offline:${accountId}:key/${name}` };
        case "kubernetes:helm.sh/v3:Release":
            return {
                status: {
                    name: (inputs as { name?: string }).name,
                    namespace: (inputs as { namespace?: string }).namespace,
                },
            };
        case "kubernetes:core/v1:Service":
            return { status: { loadBalancer: { ingress: [{ hostname: "gateway.invalid" }] } } };
        default:
            return {};
    }
};

/** Made up where a provider is asked. What nobody here has an answer for is an error that says so. */
export function answersIn(region: string): Answers {
    return ({ token, inputs }) => {
        const { name } = inputs as { name?: string };
        switch (token) {
            case "aws:index/getPartition:getPartition":
                return { partition: "aws" };
            case "aws:index/getAvailabilityZones:getAvailabilityZones":
                return { names: ["a", "b", "c"].map((zone) => region + zone) };
            case "aws:eks/getCluster:getCluster":
                return {
                    name,
                    arn: `arn:aws:eks:${region}:${accountId}:cluster/${name}`,
                    endpoint: "https://cluster.invalid",
                    certificateAuthorities: [{ data: "" }],
                    identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
                };
            case "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider":
                return { arn: `arn:aws:iam::${accountId}:oidc-provider/${issuer}` };
            // As at a preview where the cluster is not there yet: which definitions a chart brings is not known.
            case "kubernetes:helm:template":
                return {};
            default:
                throw new Error(
                    `The program asks a provider (${token}), and offline nobody answers that. Preview it with \`pulumi preview\`.`,
                );
        }
    };
}
