import { NamedPolicy, policiesOf } from "../../scripts/policies/document";
import { CanaryApp, CanaryAppArgs, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../index";
import { Answers, Graph, awsAnswers, awsOutputs, graph, plain } from "./graph";

const nodes = { min: 1, max: 3 };
const boundary = "arn:aws:iam::123456789012:policy/boundary";

/** Platforms that between them ask AWS for everything that the library can ask for. */
export const policyPlatforms: Record<string, ProgressiveMeshClusterArgs> = {
    "App Mesh": { mesh: { provider: "appmesh" }, eks: { nodes } },
    "App Mesh with traces, in a mesh for all": {
        mesh: { provider: "appmesh", name: "global", tracing: { provider: "x-ray" } },
        eks: { nodes, network: {} },
    },
    "VPC Lattice by Pod Identity": {
        mesh: { provider: "vpc-lattice" },
        eks: { nodes, network: { natGateways: "per-zone" } },
    },
    "VPC Lattice by IRSA": {
        mesh: { provider: "vpc-lattice" },
        eks: { nodes },
        iam: { workloadIdentity: "irsa" },
    },
    "Auto Mode, bounded": {
        mesh: { provider: "vpc-lattice" },
        eks: { autoMode: true, network: {} },
        iam: { permissionsBoundary: boundary, rolePath: "/platform/" },
    },
    "node groups, bounded, who is let in": {
        mesh: { provider: "istio" },
        eks: {
            nodeGroups: { general: nodes, batch: { spot: true, min: 0 } },
            accessEntries: {
                team: {
                    principalArn: "arn:aws:iam::123456789012:role/team",
                    accessPolicies: [{ policy: "AmazonEKSViewPolicy" }],
                },
            },
        },
        iam: { permissionsBoundary: boundary },
    },
    "two meshes": { mesh: { provider: "istio" }, secondMesh: { provider: "appmesh" }, eks: { nodes } },
    "a cluster by its name": { mesh: { provider: "vpc-lattice" }, existing: { eksClusterName: "shop" } },
    "roles of the user's own": {
        mesh: { provider: "appmesh" },
        eks: { nodes },
        iam: { roles: { "appmesh-system/appmesh-controller": "arn:aws:iam::123456789012:role/controller" } },
    },
    Linkerd: { mesh: { provider: "linkerd" }, eks: { nodes } },
    "Envoy Gateway": { mesh: { provider: "envoy-gateway" }, eks: { nodes } },
    Kubernetes: { mesh: { provider: "kubernetes" }, eks: { nodes } },
    "a Gateway API": {
        mesh: { provider: "gateway-api", gatewayApi: { gatewayClass: "other" } },
        eks: { nodes, encryption: { enabled: false } },
    },
};

const app: Omit<CanaryAppArgs, "platform"> = {
    namespace: "apps",
    workload: { image: "ghcr.io/stefanprodan/podinfo:6.0.0", port: 9898 },
    analysis: {
        interval: "15s",
        threshold: 5,
        blueGreen: { iterations: 3 },
        metrics: [{ name: "errors", max: 1, query: "sum(errors)" }],
    },
};

/** Where an application needs a place at the gateway. */
const routed = ["vpc-lattice", "envoy-gateway", "gateway-api"];

/** AWS' answers, with an account as AWS writes it. */
const answers: Answers = (call) => {
    const answer = awsAnswers(call);
    return typeof answer.arn === "string" ? { ...answer, arn: answer.arn.replace(":42:", ":123456789012:") } : answer;
};

/** What a platform and an application on each of its meshes register. */
export async function platformGraph(args: ProgressiveMeshClusterArgs): Promise<Graph<unknown>> {
    const meshes = [args.mesh.provider, args.secondMesh?.provider].filter((mesh) => mesh !== undefined);
    return graph(
        () => {
            const platform = new ProgressiveMeshCluster("dev", args);
            for (const mesh of meshes) {
                const gateway = routed.includes(mesh) ? { path: "/" } : undefined;
                const namespace = `on-${mesh}`;
                new CanaryApp(namespace, { ...app, namespace, mesh, gateway, platform: platform.connection });
            }
        },
        awsOutputs,
        answers,
    );
}

/** The policies that a platform makes, and those of the applications on it. */
export async function policiesOfPlatform(args: ProgressiveMeshClusterArgs): Promise<NamedPolicy[]> {
    const { nodes: registered } = await platformGraph(args);
    return policiesOf(
        registered.map(({ type, name, props }) => ({ type, name, inputs: plain(props) as Record<string, unknown> })),
    );
}
