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

/** What a resource answers beyond its inputs. In a preview all that is not answered is unknown. */
export type Outputs = (resource: pulumi.runtime.MockResourceArgs) => Props;

/** What a provider answers when it is asked. */
export type Answers = (call: pulumi.runtime.MockCallArgs) => Props;

/** Resources sorted by key: the order of registration is the event loop's and says nothing. */
export function byKey<K extends { key: string }>(nodes: K[]): K[] {
    return [...nodes].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const severities: Record<number, Message["severity"]> = { 1: "info", 2: "warning", 3: "error" };

/** How a program is recorded. */
export interface Recording {
    project: string;
    stack: string;
    /** What resources and providers answer. */
    outputs: Outputs;
    answers: Answers;
    /** Whether as a preview: there nothing goes out to a cluster, and what is not answered is unknown. */
    preview: boolean;
    /** What else is wrong with a resource, by its URN. */
    complain?: (urn: string, node: Node) => string | undefined;
}

/** What a program registered, said and returned, and every error of it, also those that nobody waited for. */
export interface Recorded {
    nodes: Node[];
    messages: Message[];
    failures: unknown[];
    result: unknown;
}

/** Runs a program in this process against a monitor that grants everything and writes down what it is asked for. */
export async function record(program: () => unknown, recording: Recording): Promise<Recorded> {
    const { project, stack, outputs, answers, preview } = recording;
    const nodes: Node[] = [];
    const messages: Message[] = [];
    const failures: unknown[] = [];
    let result: unknown;

    // An address only makes the SDK believe in an engine, so that it logs there and not to the console.
    pulumi.runtime.resetOptions(project, stack, -1, "in-process", "mock", preview, "");
    await pulumi.runtime.setMocks(
        {
            newResource: (args) => ({
                id: args.custom ? args.id || `${args.name}-id` : undefined,
                state: { ...args.inputs, ...outputs(args) },
            }),
            call: answers,
        },
        project,
        stack,
        preview,
    );
    tapMonitor(nodes, failures, recording.complain);
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

function tapMonitor(nodes: Node[], failures: unknown[], complain: Recording["complain"]): void {
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
                    const node = {
                        key: keyOf(type, name),
                        type,
                        name,
                        parent: keyOfUrn(request.getParent()),
                        // `<urn>::<id>`
                        provider: keyOfUrn(request.getProvider().split("::").slice(0, -1).join("::")),
                        ...more,
                    };
                    const complaint = complain?.(urn, node);
                    if (complaint !== undefined) {
                        failures.push(new Error(complaint));
                    }
                    nodes.push(node);
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
