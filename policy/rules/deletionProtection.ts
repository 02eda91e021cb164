import { eksClusterOf } from "../eksClusters";
import { ResourceRule } from "../rule";

/** A cluster does not go by mistake. */
export const deletionProtection: ResourceRule = {
    name: "deletion-protection",
    description: "An EKS cluster is protected from deletion.",
    // A cluster of a branch or of a test is there to be deleted.
    enforcementLevel: "advisory",
    severity: "medium",
    check(problems, resource) {
        const cluster = eksClusterOf(resource);
        problems.require(cluster === undefined || cluster.deletionProtection === true, {
            path: "deletionProtection",
            value: cluster?.deletionProtection,
            rule: "has to be true: otherwise one wrong destroy takes the cluster and all that runs on it",
            fix: "Set it to true; with this library, `eks.deletionProtection`.",
        });
    },
};
