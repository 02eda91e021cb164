import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would be asked to make it. Other resources are referred to by their `key`. */
export interface Node {
    /** The last part of the type and the name, "Release dev-flagger": short, and unique enough within one program. */
    key: string;
    type: string;
    name: string;
    parent: string;
    /** The provider's key; empty for the default provider. */
    provider: string;
    /** Everything it waits for: what it names in `dependsOn` and what its inputs come from. */
    dependsOn: string[];
    propDeps: Record<string, string[]>;
    custom: boolean;
    remote: boolean;
    /** Whether it exists already and is only looked up. */
    read: boolean;
    ignoreChanges: string[];
    /** Whether it stays when it is no longer asked for. */
    retainOnDelete: boolean;
    /** How long its deletion may take; empty where nobody says. */
    deleteTimeout: string;
    /** By what else the engine would know it again. */
    aliases: { name?: string; type?: string; noParent: boolean }[];
    /** The inputs as they go over the wire: a secret is wrapped, see `secret` and `plain`. */
    props: Props;
}

export type Props = Record<string, unknown>;

/** A line that the program logs, with the key of the resource that it is about. */
export interface Message {
    severity: "info" | "warning" | "error";
    text: string;
    about: string;
}

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

/** What a resource answers beyond its inputs. In a preview all that is not answered is unknown. */
export type Outputs = (resource: pulumi.runtime.MockResourceArgs) => Props;

/** What a provider answers when it is asked. */
export type Answers = (call: pulumi.runtime.MockCallArgs) => Props;

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
        throw run.failures[0];
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

/** Resources sorted by key: the order of registration is the event loop's and says nothing. */
export function byKey<K extends { key: string }>(nodes: K[]): K[] {
    return [...nodes].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const severities: Record<number, Message["severity"]> = { 1: "info", 2: "warning", 3: "error" };

/** Runs a program; answers with all that it registered and every error, also those that nobody waited for. */
export async function record(program: () => unknown, outputs = awsOutputs, answers = helmAnswers(), preview = true) {
    const nodes: Node[] = [];
    const messages: Message[] = [];
    const failures: unknown[] = [];
    let result: unknown;

    // An address only makes the SDK believe in an engine, so that it logs there and not to the console.
    pulumi.runtime.resetOptions("proj", "dev", -1, "in-process", "mock", preview, "");
    await pulumi.runtime.setMocks(
        {
            newResource: (args) => ({
                id: args.custom ? args.id || `${args.name}-id` : undefined,
                state: { ...args.inputs, ...outputs(args) },
            }),
            call: answers,
        },
        "proj",
        "dev",
        preview,
    );
    tapMonitor(nodes, failures);
    tapEngine(messages);

    const listeners = process.listeners("unhandledRejection");
    const onRejection = (reason: unknown) => failures.push(reason);
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", onRejection);
    try {
        result = await program();
    } catch (error) {
        failures.push(error);
    }
    await settled(nodes);
    process.off("unhandledRejection", onRejection);
    listeners.forEach((listener) => process.on("unhandledRejection", listener));
    await pulumi.runtime.disconnect();
    return { nodes: byKey(nodes), messages, failures, result };
}

/** Waits until nothing more comes: `disconnect` alone does not wait for an `apply` that registers something. */
async function settled(nodes: Node[]): Promise<void> {
    for (let before = -1; before !== nodes.length;) {
        before = nodes.length;
        await (pulumi.runtime as any).waitForRPCs();
        await new Promise((resolve) => setImmediate(resolve));
    }
}

function tapMonitor(nodes: Node[], failures: unknown[]): void {
    const monitor: any = pulumi.runtime.getMonitor();
    const urns = new Set<string>();
    const tap = (
        method: string,
        toNode: (request: any) => Omit<Node, "key" | "type" | "name" | "parent" | "provider">,
    ) => {
        const original = monitor[method].bind(monitor);
        monitor[method] = (request: any, callback: any) =>
            original(request, (error: unknown, response: any) => {
                if (!error) {
                    const urn = response.getUrn();
                    if (urns.has(urn)) {
                        // The mock monitor takes it, the engine does not: a parent's name is no part of its children's URNs.
                        failures.push(new Error(`duplicate resource URN: ${urn}`));
                    }
                    urns.add(urn);
                    const [type, name] = [request.getType(), request.getName()];
                    const more = toNode(request);
                    if (waitsWithoutBound(urn, more)) {
                        // Whichever test makes it: Pulumi would wait for its deletion as long as it likes.
                        failures.push(new Error(`no bound for the deletion of ${urn}`));
                    }
                    nodes.push({
                        key: keyOf(type, name),
                        type,
                        name,
                        parent: keyOfUrn(request.getParent()),
                        // `<urn>::<id>`
                        provider: keyOfUrn(request.getProvider().split("::").slice(0, -1).join("::")),
                        ...more,
                    });
                }
                callback(error, response);
            });
    };
    tap("registerResource", (request) => ({
        dependsOn: keysOfUrns(request.getDependenciesList()),
        propDeps: Object.fromEntries(
            request.toObject().propertydependenciesMap.map(([key, deps]: any) => [key, keysOfUrns(deps.urnsList)]),
        ),
        custom: request.getCustom(),
        remote: request.getRemote(),
        read: false,
        ignoreChanges: request.getIgnorechangesList(),
        retainOnDelete: request.getRetainondelete(),
        deleteTimeout: request.getCustomtimeouts()?.getDelete() ?? "",
        aliases: request.getAliasesList().map(aliasOf),
        props: request.getObject().toJavaScript(),
    }));
    tap("readResource", (request) => ({
        dependsOn: keysOfUrns(request.getDependenciesList()),
        propDeps: {},
        custom: true,
        remote: false,
        read: true,
        ignoreChanges: [],
        retainOnDelete: false,
        deleteTimeout: "",
        aliases: [],
        props: { ...request.getProperties().toJavaScript(), id: request.getId() },
    }));
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

/** An alias by its words, or by a URN. */
function aliasOf(alias: any): Node["aliases"][number] {
    const spec = alias.getSpec();
    if (spec !== undefined) {
        return { name: spec.getName() || undefined, type: spec.getType() || undefined, noParent: spec.getNoparent() };
    }
    const [, , type, name] = alias.getUrn().split("::");
    return { name, type: type.split("$").pop(), noParent: !type.includes("$") };
}

function tapEngine(messages: Message[]): void {
    const engine: any = pulumi.runtime.getEngine();
    engine.log = (request: any, callback: () => void) => {
        const severity = severities[request.getSeverity()];
        if (severity !== undefined) {
            messages.push({ severity, text: request.getMessage(), about: keyOfUrn(request.getUrn()) });
        }
        callback();
    };
}

function keyOf(type: string, name: string): string {
    return `${type.startsWith("pulumi:providers:") ? "Provider" : type.split(":").pop()} ${name}`;
}

function keyOfUrn(urn: string): string {
    const [, , type, name] = urn.split("::");
    return type === undefined ? "" : keyOf(type.split("$").pop()!, name!);
}

function keysOfUrns(urns: string[]): string[] {
    return urns.map(keyOfUrn).sort();
}
