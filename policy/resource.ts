import * as pulumi from "@pulumi/pulumi";

import { Fields, isLater, isObject } from "../components/shape";

/** A resource as the rules see it. */
export interface Resource {
    urn: string;
    type: string;
    /** Its Pulumi name. */
    name: string;
    /** Its provider's URN or another name of it; empty for the default one. */
    provider: string;
    /** Its inputs as plain values: secrets are laid open, and what is not known yet is `later`. */
    props: Fields;
}

/** A value that is not known yet, in a form for which the library's checks have words. */
export const later: unknown = Promise.resolve();

/** What Pulumi's protocol has in place of a value that is not known yet, one for each kind of value. */
const unknowns = new Set<unknown>([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    pulumi.runtime.unknownValue,
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Properties as plain values. A policy's are wrapped, so that to read one that is not known ends the whole policy; a recorded
 * graph's have their secrets wrapped. By its descriptor a property is read as it is.
 */
export function plainProps(props: object): Fields {
    return plain(props) as Fields;
}

function plain(value: unknown): unknown {
    if (unknowns.has(value)) {
        return later;
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if (pulumi.runtime.isRpcSecret(value)) {
        return plain(pulumi.runtime.unwrapRpcSecret(value));
    }
    const fields = Object.entries(Object.getOwnPropertyDescriptors(value))
        .filter(([, descriptor]) => descriptor.enumerable)
        .map(([key, descriptor]): [string, unknown] => [key, plain(descriptor.value)]);
    return Array.isArray(value) ? fields.map(([, element]) => element) : Object.fromEntries(fields);
}

/** What stands at a path of keys; undefined where the tree ends before, `later` where it is not known. */
export function at(tree: unknown, ...path: string[]): unknown {
    return path.reduce((inner, key) => (isLater(inner) ? inner : isObject(inner) ? inner[key] : undefined), tree);
}

/** The fields at a path; none where there is no object. */
export function fieldsAt(tree: unknown, ...path: string[]): Fields {
    const found = at(tree, ...path);
    return isObject(found) ? found : {};
}

/** The elements at a path; none where there is no list. */
export function listAt(tree: unknown, ...path: string[]): unknown[] {
    const found = at(tree, ...path);
    return Array.isArray(found) ? found : [];
}

/** The API group and the kind of an object of Kubernetes; undefined for any other resource. */
export function kindOf({ type }: Pick<Resource, "type">): { group: string; kind: string } | undefined {
    const [, group, kind] = /^kubernetes:([^:]+)\/[^:/]+:(\w+)$/.exec(type) ?? [];
    return group === undefined ? undefined : { group, kind: kind! };
}

/** Whether a resource is an object of that kind. */
export function isKind(resource: Resource, group: string, kind: string): boolean {
    const found = kindOf(resource);
    return found?.group === group && found.kind === kind;
}

/** The namespace of an object, `later` where it is not known. */
export function namespaceOf(resource: Resource): unknown {
    return at(resource.props, "metadata", "namespace") ?? "default";
}
