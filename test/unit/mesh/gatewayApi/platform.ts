import { ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../../index";
import { Graph, Outputs, awsOutputs, graph, kubeconfig } from "../../graph";
import { refusal } from "../../problems";

/** Answers as a controller would that has programmed every Gateway. */
export const programmed: Outputs = (resource) =>
    resource.type.endsWith("v1:Gateway")
        ? { status: { addresses: [{ type: "Hostname", value: "gateway.example" }] } }
        : awsOutputs(resource);

export type Changes = Partial<ProgressiveMeshClusterArgs>;

/** A platform on a cluster that exists, with a mesh of the Gateway API. */
export const platform = (args: ProgressiveMeshClusterArgs): Promise<Graph<ProgressiveMeshCluster>> =>
    graph(() => new ProgressiveMeshCluster("dev", { existing: { kubeconfig }, ...args }), programmed);

/** What is refused of one. */
export const refused = (args: unknown): Promise<string[]> =>
    refusal(
        () => new ProgressiveMeshCluster("dev", { existing: { kubeconfig }, ...(args as ProgressiveMeshClusterArgs) }),
    );
