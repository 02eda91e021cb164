/** A document of IAM. */
export interface PolicyDocument {
    Version: string;
    Statement: PolicyStatement[];
}

/** One statement of it, as this repository writes them. */
export interface PolicyStatement {
    Sid?: string;
    Effect: string;
    Principal?: Record<string, string | string[]>;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a document is for: what somebody may do, or who may become somebody. */
export type PolicyKind = "identity" | "trust";

/** A document with the name of what carries it. */
export interface NamedPolicy {
    name: string;
    kind: PolicyKind;
    document: PolicyDocument;
}

/** A field that is one text or a list of them, as a list. */
export function listOf(value: string | string[] | undefined): string[] {
    return value === undefined ? [] : [value].flat();
}

/** What a program would make, as far as its policies need to be known. */
export interface Registered {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
}

/** All documents that are among the inputs of resources. */
export function policiesOf(resources: readonly Registered[]): NamedPolicy[] {
    const fields: [string, PolicyKind][] = [
        ["assumeRolePolicy", "trust"],
        ["policy", "identity"],
    ];
    return resources.flatMap(({ type, name, inputs }) =>
        fields.flatMap(([field, kind]) => {
            const text = inputs[field];
            return typeof text === "string" && text.startsWith("{")
                ? [{ name: `${type.split(":").pop()} ${name}`, kind, document: JSON.parse(text) as PolicyDocument }]
                : [];
        }),
    );
}
