import { eksClusterOf } from "../eksClusters";
import { ResourceRule } from "../rule";

/** Secrets are encrypted with a key of one's own. */
export const eksSecretsEncryption: ResourceRule = {
    name: "eks-secrets-encryption",
    description: "An EKS cluster encrypts its Secrets with a KMS key.",
    enforcementLevel: "mandatory",
    severity: "high",
    check(problems, resource) {
        const cluster = eksClusterOf(resource);
        if (cluster === undefined) {
            return;
        }
        const { path, value } = cluster.encryptionKey;
        problems.require(value !== undefined && value !== "", {
            path,
            value,
            rule: "is needed: without it no key of yours stands before the cluster's Secrets, and none can be taken away",
            fix: "Give the ARN of a KMS key. With this library, leave `eks.encryption` to its default.",
        });
    },
};
