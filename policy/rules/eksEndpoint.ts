import { isLater } from "../../components/shape";
import { checkRanges } from "../addressRanges";
import { eksClusterOf } from "../eksClusters";
import { ResourceRule } from "../rule";

/** The API server is not everybody's. */
export const eksEndpoint: ResourceRule = {
    name: "eks-endpoint",
    description: "The API server of an EKS cluster is reached from within its VPC, or from named ranges of addresses.",
    // The library's default is open, with a warning: nobody but its user knows from where Pulumi runs.
    enforcementLevel: "advisory",
    severity: "high",
    check(problems, resource) {
        const cluster = eksClusterOf(resource);
        if (cluster === undefined || cluster.publicAccess.value === false || isLater(cluster.publicAccess.value)) {
            return;
        }
        const { path, value } = cluster.allowedCidrs;
        const fix = "Name the ranges that Pulumi and people come from, or switch the public endpoint off.";
        checkRanges(problems, path, value, "reach the API server", fix);
    },
};
