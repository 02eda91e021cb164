/** What `pulumi stack export` prints. */
export interface Checkpoint {
    version: number;
    deployment: { resources: CheckpointResource[] } & Record<string, unknown>;
}

interface CheckpointResource {
    urn: string;
    type: string;
    outputs?: Tree;
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
        return metadata === undefined
            ? resource
            : { ...resource, outputs: { ...resource.outputs, metadata: { ...metadata, managedFields: undefined } } };
    });
    const text = mapTexts(JSON.parse(JSON.stringify(kept)), (each) => withoutPasswords(withWords(each, places)));
    return { version, deployment: { resources: text as CheckpointResource[] } };
}

function withWords(text: string, places: Places): string {
    return Object.entries(places).reduce(
        (inner, [name, value]) => inner.replaceAll(value, word(name)).replaceAll(escaped(value), escapedWord(name)),
        text,
    );
}

/** Secrets that the library makes itself are 32 letters and digits, as they are or in base64. */
function withoutPasswords(text: string): string {
    return /^"?[A-Za-z0-9_-]{32}"?$|^"?[A-Za-z0-9+/]{43}="?$/.test(text) ? text.replace(/[A-Za-z0-9+/_-]/g, "x") : text;
}

/** A recorded checkpoint as one of this machine. */
export function restored(checkpoint: Checkpoint, places: Places): Checkpoint {
    return mapTexts(checkpoint, (text) =>
        Object.entries(places).reduce(
            (inner, [name, value]) =>
                inner.replaceAll(word(name), () => value).replaceAll(escapedWord(name), () => escaped(value)),
            text,
        ),
    ) as Checkpoint;
}
