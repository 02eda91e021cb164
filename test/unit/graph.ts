import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Answers, Message, Node, Outputs, Recorded, record as recordAs } from "../../scripts/offline/recording";
import { withStackFrames } from "../stackFrames";

export { byKey } from "../../scripts/offline/recording";
export type { Answers, Message, Node, Outputs, Props } from "../../scripts/offline/recording";

/** All that a program registers. */
export interface Graph<T> {
    nodes: Node[];
    messages: Message[];
    result: T;
    /** The one node with that key. */
    node: (key: string) => Node;
    /** The keys of all that has to be there before a node, at any remove, and so is gone only after it. */
    before: (key: string) => Set<string>;
}

const noAnswers: Answers = ({ token }) => {
    throw new Error(`nothing here may ask a provider, but ${token} was called`);
};

export const kubeconfig = `{"clusters":[{"name":"dev"}]}`;
export const issuer = "oidc.eks.us-west-2.amazonaws.com/id/0123";
export const oidcProviderArn = `arn:aws:iam::123456789012:oidc-provider/${issuer}`;

/** Answers as AWS, EKS and Helm would. */
export const awsOutputs: Outputs = ({ type, name, inputs }) => {
    switch (type) {
        case "eks:index:Cluster":
            return {
                kubeconfigJson: kubeconfig,
                kubeconfig: JSON.parse(kubeconfig),
                oidcProviderArn,
                oidcProviderUrl: `https://${issuer}`,
                oidcIssuer: issuer,
                eksCluster: { name, arn: `arn:aws:eks:us-west-2:123456789012:cluster/${name}` },
                core: { subnetIds: ["subnet-a", "subnet-b"] },
            };
        case "aws:iam/role:Role":
            return { name: `${name}-in-aws`, arn: `arn:aws:iam::123456789012:role/${name}` };
        case "aws:kms/key:Key":
            return { arn: `arn:aws:kms:us-west-2:123456789012:key/${name}` };
        case "kubernetes:helm.sh/v3:Release":
            return { status: { name: inputs.name, namespace: inputs.namespace, status: "deployed" } };
        case "kubernetes:core/v1:Service":
            return { status: { loadBalancer: { ingress: [{ hostname: "gateway.example" }] } } };
        default:
            return {};
    }
};

/** What Helm is told of a chart whose objects are asked for. */
export interface TemplateOptions {
    chart: string;
    version: string;
    fetch_opts: Record<string, unknown>;
}

/** Answers with a chart's objects; with nothing, as at a preview where the cluster is unknown. */
export type Templates = (options: TemplateOptions) => { result?: object[] };

/** A definition as charts have it, and a little of what some have and nobody may set. */
export function definition(name: string): object {
    return {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name, creationTimestamp: null, annotations: { "helm.sh/resource-policy": "keep" } },
        spec: { group: name.slice(name.indexOf(".") + 1) },
        status: { conditions: [] },
    };
}

const definitions: Record<string, string[]> = {
    flagger: ["canaries.flagger.app", "metrictemplates.flagger.app", "alertproviders.flagger.app"],
    "appmesh-controller": ["meshes.appmesh.k8s.aws"],
};

/** Answers as Helm would: the definitions first, then what else a chart makes. */
export const chartTemplates: Templates = ({ chart }) => ({
    result: [
        ...(definitions[chart.split("/").pop()!] ?? []).map(definition),
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: chart } },
    ],
});

/** Answers as Helm would when it is asked for a chart's objects, and to nothing else. */
export const helmAnswers =
    (templates: Templates = chartTemplates): Answers =>
    ({ token, inputs }) =>
        token === "kubernetes:helm:template"
            ? templates(JSON.parse((inputs as { jsonOpts: string }).jsonOpts) as TemplateOptions)
            : noAnswers({ token, inputs });

/** Answers as AWS would when it is asked, and as Helm would. */
export const awsAnswers: Answers = ({ token, inputs }) => {
    const asked = inputs as Record<string, string>;
    switch (token) {
        case "aws:index/getPartition:getPartition":
            return { partition: "aws-cn" };
        case "aws:index/getAvailabilityZones:getAvailabilityZones":
            return { names: ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"] };
        case "aws:eks/getCluster:getCluster":
            return {
                name: asked.name,
                arn: `arn:aws-cn:eks:cn-north-1:42:cluster/${asked.name}`,
                endpoint: "https://eks.example",
                certificateAuthorities: [{ data: "Y2E=" }],
                identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
            };
        case "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider":
            assert.equal(asked.url, `https://${issuer}`);
            return { arn: oidcProviderArn };
        default:
            return helmAnswers()({ token, inputs });
    }
};

/**
 * Runs a program in this process against a monitor that grants everything, as a preview: there nothing goes out to a
 * cluster. Fails when the program does, also when it does so in an `apply` that nobody waits for.
 */
export async function graph<T>(
    program: () => T | Promise<T>,
    outputs: Outputs = awsOutputs,
    answers: Answers = helmAnswers(),
): Promise<Graph<T>> {
    const run = await record(program, outputs, answers);
    if (run.failures.length > 0) {
        // Once more, to see where.
        const again = await record(program, outputs, answers, true, 50);
        throw again.failures[0] ?? run.failures[0];
    }
    const { nodes, messages } = run;
    const node = (key: string): Node => {
        const [found, ...more] = nodes.filter((n) => n.key === key);
        assert.ok(found, `no "${key}" among:\n${nodes.map((n) => n.key).join("\n")}`);
        assert.deepEqual(more, [], `more than one "${key}"`);
        return found;
    };
    const before = (key: string, seen = new Set<string>()): Set<string> => {
        const { dependsOn, provider } = node(key);
        for (const direct of [...dependsOn, provider].filter((k) => k !== "" && !seen.has(k))) {
            before(direct, seen.add(direct));
        }
        return seen;
    };
    return { nodes, messages, result: run.result as T, node, before };
}

/** Runs a program that has to fail; answers with its error and what it had registered by then. */
export async function failure(
    program: () => unknown,
    answers: Answers = helmAnswers(),
): Promise<{ error: unknown; nodes: Node[] }> {
    const { failures, nodes } = await record(program, awsOutputs, answers);
    assert.equal(failures.length, 1, "the program was to fail, once");
    return { error: failures[0], nodes };
}

/** What stands at a path of keys in a tree; fails where the tree ends before. */
export function at(tree: unknown, ...path: (string | number)[]): unknown {
    return path.reduce((inner: any, key) => {
        assert.ok(
            typeof inner === "object" && inner !== null && key in inner,
            `no ${path.join(" > ")}: ends at ${key}`,
        );
        return inner[key];
    }, tree);
}

/** Fails unless the value is a secret; answers with what it hides. */
export function secret(value: unknown): unknown {
    assert.ok(pulumi.runtime.isRpcSecret(value), `not a secret: ${JSON.stringify(value)}`);
    return pulumi.runtime.unwrapRpcSecret(value);
}

/** The value with everything that it hides laid open. */
export function plain(value: unknown): unknown {
    if (pulumi.runtime.isRpcSecret(value)) {
        return plain(pulumi.runtime.unwrapRpcSecret(value));
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
    }
    return value;
}

/** The value of an output. Fails where it is unknown, for then `apply` would never come back. */
export async function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
    const resolved: any = pulumi.output(output);
    assert.ok(await resolved.isKnown, "the output is unknown");
    return resolved.promise();
}

/**
 * Runs a program; answers with all that it registered and every error, also those that nobody waited for. Errors have no
 * stacks unless frames are asked for.
 */
export function record(
    program: () => unknown,
    outputs = awsOutputs,
    answers = helmAnswers(),
    preview = true,
    frames = 0,
): Promise<Recorded> {
    const recording = {
        project: "proj",
        stack: "dev",
        outputs,
        answers,
        preview,
        // Whichever test makes it: Pulumi would wait for its deletion as long as it likes.
        complain: (urn: string, node: Node) =>
            waitsWithoutBound(urn, node) ? `no bound for the deletion of ${urn}` : undefined,
    };
    return withStackFrames(frames, () => recordAs(program, recording));
}

/** Whether it is an object in Kubernetes that a component of the library makes, and nobody says how long it may take to go. */
function waitsWithoutBound(urn: string, { read, deleteTimeout }: Pick<Node, "read" | "deleteTimeout">): boolean {
    const types = urn.split("::")[2]!.split("$");
    return (
        types[0]!.startsWith("pulumi-progressive-mesh:") &&
        types.at(-1)!.startsWith("kubernetes:") &&
        !read &&
        deleteTimeout === ""
    );
}
