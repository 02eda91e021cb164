import { isDeepStrictEqual } from "node:util";

/** What `pulumi stack export` prints. */
export interface Checkpoint {
    version: number;
    deployment: { resources: CheckpointResource[] } & Record<string, unknown>;
}

interface CheckpointResource {
    urn: string;
    type: string;
    inputs?: Tree;
    outputs?: Tree;
    /** In a record: the outputs that are as the inputs are, and stand there alone. */
    sameAsInputs?: string[];
    [field: string]: unknown;
}

type Tree = Record<string, unknown>;

/** What is another one on each machine, by the word that stands for it in a record. */
export type Places = Record<string, string>;

/** Changes every text in a tree, keys excepted. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
    if (typeof value === "string") {
        return change(value);
    }
    if (Array.isArray(value)) {
        return value.map((inner) => mapTexts(inner, change));
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
    }
    return value;
}

/** A text as it stands inside of another one's JSON. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

const word = (name: string) => `<<${name}>>`;
const escapedWord = (name: string) => `<<${name} in JSON>>`;

/**
 * A checkpoint, exported with its secrets in plain text, as it can be kept: what is of one machine replaced by words, random
 * secrets by letters, and without what no provider compares.
 */
export function scrubbed({ version, deployment }: Checkpoint, places: Places): Checkpoint {
    const { resources } = deployment;
    const kept = resources.map(({ created: _, modified: _m, sourcePosition: _s, stackTrace: _t, ...resource }) => {
        const metadata = resource.outputs?.metadata as Tree | undefined;
        if (metadata === undefined) {
            return resource;
        }
        // A definition as the API server completed it is nothing that a provider looks at.
        const { spec, status, ...outputs } = resource.outputs!;
        const whole = resource.type.endsWith(":CustomResourceDefinition") ? outputs : { ...outputs, spec, status };
        return { ...resource, outputs: { ...whole, metadata: { ...metadata, managedFields: undefined } } };
    });
    const text = mapTexts(JSON.parse(JSON.stringify(kept)), (each) => withoutPasswords(withWords(each, places)));
    return { version, deployment: { resources: (text as CheckpointResource[]).map(lean) } };
}

/** What the Kubernetes provider compares with later on, kept among the outputs. */
const lastInputs = "__inputs";

/** Most of a state is there two or three times. */
function lean(resource: CheckpointResource): CheckpointResource {
    const { inputs = {}, outputs } = resource;
    if (outputs === undefined) {
        return resource;
    }
    const same = Object.keys(outputs).filter((key) =>
        isDeepStrictEqual(outputs[key], key === lastInputs ? inputs : inputs[key]),
    );
    const others = Object.entries(outputs).filter(([key]) => !same.includes(key));
    return { ...resource, outputs: Object.fromEntries(others), ...(same.length > 0 && { sameAsInputs: same }) };
}

function whole({ sameAsInputs = [], ...resource }: CheckpointResource): CheckpointResource {
    const { inputs = {}, outputs } = resource;
    if (outputs === undefined) {
        return resource;
    }
    const same = sameAsInputs.map((key) => [key, key === lastInputs ? inputs : inputs[key]]);
    return { ...resource, outputs: { ...(Object.fromEntries(same) as Tree), ...outputs } };
}

function withWords(text: string, places: Places): string {
    return Object.entries(places).reduce(
        (inner, [name, value]) => inner.replaceAll(value, word(name)).replaceAll(escaped(value), escapedWord(name)),
        text,
    );
}

/** Secrets that the library makes itself are 32 letters and digits, or that in base64; a state has secrets in JSON. */
function withoutPasswords(text: string): string {
    return /^"[A-Za-z0-9_-]{32}"$|^"[A-Za-z0-9+/]{43}="$/.test(text) ? text.replace(/[A-Za-z0-9+/_-]/g, "x") : text;
}

/**
 * A recorded checkpoint as one of this machine, for the stack whose own checkpoint is given: by whose key secrets are encrypted is
 * the stack's matter, and without it Pulumi takes no secret.
 */
export function restored(checkpoint: Checkpoint, places: Places, own: Checkpoint): Checkpoint {
    const { version, deployment } = mapTexts(checkpoint, (text) =>
        Object.entries(places).reduce(
            (inner, [name, value]) =>
                inner.replaceAll(word(name), () => value).replaceAll(escapedWord(name), () => escaped(value)),
            text,
        ),
    ) as Checkpoint;
    return { version, deployment: { ...own.deployment, resources: deployment.resources.map(whole) } };
}
