import * as pulumi from "@pulumi/pulumi";

import { AlertProvider, CanaryApp, MeshBackend, MetricTemplate, ProgressiveMeshCluster } from "../index";
import { packageSchema } from "./packageSchema";
import { servedSchema } from "./servedSchema";
import { settle } from "./settle";

type Constructor = new (name: string, args: never, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

const components: Record<string, Constructor> = {
    AlertProvider,
    CanaryApp,
    MeshBackend,
    MetricTemplate,
    ProgressiveMeshCluster,
};

/** Builds the components for programs in other languages. */
export class ComponentPlugin implements pulumi.provider.Provider {
    readonly version = packageSchema.version;

    getSchema(): Promise<string> {
        return Promise.resolve(JSON.stringify(servedSchema(packageSchema)));
    }

    /** Builds a component of a program: the engine asks for it, with what the program gives. */
    async construct(
        name: string,
        type: string,
        inputs: pulumi.Inputs,
        options: pulumi.ComponentResourceOptions,
    ): Promise<pulumi.provider.ConstructResult> {
        const component = type.split(":")[2]!;
        const Component = components[component];
        const schema = packageSchema.resources[type];
        if (Component === undefined || schema === undefined) {
            throw new Error(
                `There is no component ${type}. There are: ${Object.keys(packageSchema.resources).join(", ")}.`,
            );
        }
        const subject = `${component} "${name}"`;
        const { args, later, dependencies } = await settle(subject, inputs, schema.inputProperties!);
        // What the arguments come from is also what has to be there until the component is gone.
        const opts = { ...options, dependsOn: [...(options.dependsOn as pulumi.Resource[]), ...dependencies] };
        const outputs = Object.keys(schema.properties);
        if (later.length > 0) {
            return unbuilt(subject, name, type, later, opts, outputs);
        }
        const built = new Component(name, args as never, opts);
        // What it is still busy with, as a wait for the promotion: the engine ends the plugin once all is constructed.
        await (built as unknown as { getData(): Promise<unknown> }).getData();
        // As one output each: of a secret within a value, as the kubeconfig in a connection is one, YAML's language host keeps nothing.
        return {
            urn: built.urn,
            state: pick(outputs, (key) => pulumi.output((built as unknown as pulumi.Inputs)[key])),
        };
    }
}

/** A component that cannot be built yet, because what decides over its resources is not known before the update. */
function unbuilt(
    subject: string,
    name: string,
    type: string,
    later: string[],
    opts: pulumi.ComponentResourceOptions,
    outputs: string[],
): pulumi.provider.ConstructResult {
    const component = new pulumi.ComponentResource(type, name, {}, opts);
    void pulumi.log.warn(
        `${subject} is previewed without its resources, and its arguments are not checked: ${later.join(", ")} ` +
            "will be known only in the update",
        component,
    );
    return { urn: component.urn, state: pick(outputs, () => pulumi.output(pulumi.unknown)) };
}

function pick(keys: string[], value: (key: string) => unknown): pulumi.Inputs {
    return Object.fromEntries(keys.map((key) => [key, value(key)]));
}
