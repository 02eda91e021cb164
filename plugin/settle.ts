import * as pulumi from "@pulumi/pulumi";

import { Problems } from "../components/validation";
import { SchemaType, propertiesOf } from "./packageSchema";

/** Arguments as a component's constructor takes them. */
export interface Settled {
    args: Record<string, unknown>;
    /** The paths of those that have to be plain and are not known yet, as it is in a preview. */
    later: string[];
    /** What the arguments come from. */
    dependencies: pulumi.Resource[];
}

/** What an Output knows of itself. It is in the SDK's code, and left out of its declarations. */
interface Inside {
    isSecret: Promise<boolean>;
    isKnown: Promise<boolean>;
    promise(withUnknowns: boolean): Promise<unknown>;
    allResources(): Promise<Set<pulumi.Resource>>;
}

/** Where a value stands: its path, and the output around it where that is a secret or not quite known. */
interface Place {
    path: string;
    within?: pulumi.Output<unknown>;
}

/**
 * Turns what arrives from another language into what a program in TypeScript would give: plain values where the schema asks for them,
 * and outputs where it takes those. A language may send any argument, or a part of it, or all of it, as one output, above all the
 * `connection` of a platform, which is a secret as a whole because of the kubeconfig in it.
 *
 * @throws pulumi.InputPropertiesError where a secret is given that could not be kept: it is not to be lost without a word.
 */
export async function settle(
    subject: string,
    inputs: pulumi.Inputs,
    properties: Record<string, SchemaType>,
): Promise<Settled> {
    const later: string[] = [];
    const dependencies = new Set<pulumi.Resource>();
    const problems = new Problems();

    async function visit(value: unknown, type: SchemaType, place: Place): Promise<unknown> {
        // An output with a secret in it holds the SDK's wrapping of one, which only the SDK itself takes off, and not there.
        if (pulumi.runtime.isRpcSecret(value)) {
            return visit(pulumi.secret(pulumi.runtime.unwrapRpcSecret(value) as unknown), type, { path: place.path });
        }
        if (takesOutputs(type)) {
            await note(value);
            return asText(type, place.within ?? (pulumi.containsUnknowns(value) ? pulumi.output(value) : value));
        }
        if (pulumi.Output.isInstance(value)) {
            return opened(value, type, place);
        }
        if (pulumi.isUnknown(value)) {
            later.push(place.path);
            return undefined;
        }
        if (Array.isArray(value)) {
            return Promise.all(value.map((item, index) => visit(item, type.items ?? {}, below(place, index))));
        }
        const isTree = typeof value === "object" && value !== null;
        return isTree ? fields(value, propertiesOf(type) ?? {}, type.additionalProperties, place) : asText(type, value);
    }

    async function fields(
        tree: object,
        known: Record<string, SchemaType>,
        others: SchemaType | undefined,
        place: Place,
    ): Promise<Record<string, unknown>> {
        const entries = Object.entries(tree).map(async ([key, value]) => [
            key,
            await visit(value, known[key] ?? others ?? {}, below(place, key)),
        ]);
        return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
    }

    async function opened(output: pulumi.Output<unknown>, type: SchemaType, place: Place): Promise<unknown> {
        await note(output);
        const { isSecret, isKnown } = inside(output);
        const value = await inside(output).promise(true);
        // What arrives without a value says so in no other way, and an argument that was left out is known.
        if (value === undefined && !(await isKnown)) {
            later.push(place.path);
            return undefined;
        }
        const isTree = typeof value === "object" && value !== null;
        problems.require(isTree || !(await isSecret), {
            path: place.path,
            secret: true,
            rule: "would be readable in the stack's state and in the cluster",
            fix: "Give a plain value, or put the secret where one is kept: docs/security.md.",
        });
        const hides = (await isSecret) || pulumi.containsUnknowns(value);
        return visit(value, type, hides ? { ...place, within: output } : place);
    }

    async function note(value: unknown): Promise<void> {
        if (pulumi.Output.isInstance(value)) {
            (await inside(value).allResources()).forEach((resource) => dependencies.add(resource));
        } else if (typeof value === "object" && value !== null) {
            await Promise.all(Object.values(value).map(note));
        }
    }

    const args = await fields(inputs, properties, undefined, { path: "" });
    problems.throwIfAny(subject);
    return { args, later: later.sort(), dependencies: [...dependencies] };
}

/** Whether an argument may be an output. One of any type may hold some, and one that nobody knows is for the component to refuse. */
function takesOutputs({ plain, $ref, type }: SchemaType): boolean {
    return plain !== true || $ref === "pulumi.json#/Any" || ($ref ?? type) === undefined;
}

/**
 * A program in YAML gets a setting that is JSON as what it says: a kubeconfig as an object, a password of digits as a number. Where text
 * is asked for, it is text again.
 */
function asText({ type }: SchemaType, value: unknown): unknown {
    if (type !== "string") {
        return value;
    }
    if (pulumi.Output.isInstance(value)) {
        return value.apply((held) => asText({ type }, held));
    }
    if (typeof value === "object" && value !== null) {
        return JSON.stringify(value);
    }
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

function below({ path, within }: Place, key: string | number): Place {
    const own = typeof key === "number" ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const part = within?.apply((whole) => (whole as Record<string | number, unknown>)[key]);
    return { path: own, ...(part !== undefined && { within: part }) };
}

function inside(output: pulumi.Output<unknown>): Inside {
    return output as unknown as Inside;
}
