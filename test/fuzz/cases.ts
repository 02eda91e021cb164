import fc from "fast-check";

import { isObject } from "../../components/shape";
import { Place, SchemaType, components, inputsOf, placesOf } from "./schemaPaths";
import { Seed, allSeeds } from "./seeds";
import { Value, oddJson, oddValue, typedValue } from "./values";

/** One change of sound arguments. */
interface Change {
    text: string;
    to: (args: unknown) => unknown;
}

/** One try: what is called, and with which arguments. */
export interface Case {
    /** A component, or `rolloutPlan`, or `settings`. */
    subject: string;
    name: string;
    /** Makes the arguments anew. */
    make: () => unknown;
    text: string;
}

const seeds = allSeeds();

/** All texts in sound arguments, which mean something somewhere. */
const words = [...new Set(Object.values(seeds).flatMap((some) => some.flatMap(({ args }) => textsIn(args))))];

function textsIn(value: unknown): string[] {
    if (typeof value === "string") {
        return value.length < 80 ? [value] : [];
    }
    if (Array.isArray(value)) {
        return value.flatMap(textsIn);
    }
    return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : [];
}

/** A copy whose objects and lists are its own; outputs stay what they are. */
function copied(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(copied);
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, copied(v)])) : value;
}

type Key = string | number;

/** Sets what is at a place, with objects and lists on the way as far as there is nothing; else leaves it be. */
function setAt(root: unknown, keys: Key[], value: unknown): unknown {
    if (keys.length === 0) {
        return value;
    }
    const [key, ...rest] = keys as [Key, ...Key[]];
    const tree = root === undefined || root === null ? (typeof key === "number" ? [] : {}) : root;
    if (typeof tree !== "object" || !Object.isExtensible(tree) || (!Array.isArray(tree) && !isObject(tree))) {
        return root;
    }
    const inner = Object.hasOwn(tree, key) ? (tree as Record<Key, unknown>)[key] : undefined;
    // Not by `=`, which takes `__proto__` for something else.
    Object.defineProperty(tree, key, {
        value: setAt(inner, rest, value),
        enumerable: true,
        writable: true,
        configurable: true,
    });
    return tree;
}

function removedAt(root: unknown, keys: Key[]): unknown {
    const inner = keys
        .slice(0, -1)
        .reduce<unknown>((tree, key) => (tree as Record<Key, unknown> | undefined)?.[key], root);
    if (isObject(inner)) {
        delete inner[String(keys.at(-1))];
    }
    return root;
}

const placeText = (keys: Key[]) => keys.map(String).join(".");
const set = (keys: Key[], { text, make }: Value): Change => ({
    text: `${placeText(keys)} = ${text}`,
    to: (args) => setAt(args, keys, make()),
});

const strangeKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "unknown", "0", ""];

/** Changes of the arguments that some properties describe. */
function changesOf(properties: Record<string, SchemaType>, odd: fc.Arbitrary<Value>): fc.Arbitrary<Change> {
    const places = placesOf(properties);
    // A deep type has most of the places; each level gets its turn.
    const levels = [...new Set(places.map(({ keys }) => keys.length))].map((level) =>
        fc.constantFrom(...places.filter(({ keys }) => keys.length === level)),
    );
    const place: fc.Arbitrary<Place> = fc.oneof(fc.constantFrom(...places), ...levels);
    return fc.oneof(
        { weight: 8, arbitrary: fc.tuple(place, odd).map(([{ keys }, value]) => set(keys, value)) },
        {
            weight: 8,
            arbitrary: place.chain(({ keys, type }) => typedValue(type, words).map((value) => set(keys, value))),
        },
        {
            weight: 2,
            arbitrary: place.map(({ keys }) => ({
                text: `without ${placeText(keys)}`,
                to: (args: unknown) => removedAt(args, keys),
            })),
        },
        {
            weight: 2,
            arbitrary: fc
                .tuple(place, fc.constantFrom(...strangeKeys), odd)
                .map(([{ keys }, key, value]) => set([...keys.slice(0, -1), key], value)),
        },
    );
}

function casesOf(
    subject: string,
    sound: Seed[],
    properties: Record<string, SchemaType>,
    odd: fc.Arbitrary<Value> = oddValue,
): fc.Arbitrary<Case> {
    const change = changesOf(properties, odd);
    const changed = fc
        .tuple(
            fc.constantFrom(...sound),
            fc.oneof(
                { weight: 1, arbitrary: fc.tuple(change) },
                { weight: 1, arbitrary: fc.array(change, { minLength: 2, maxLength: 5 }) },
            ),
            fc.oneof(
                { weight: 30, arbitrary: fc.constant(undefined) },
                { weight: 1, arbitrary: fc.constantFrom("", "A_b", "x".repeat(300), "ünï", "a/b", "$") },
            ),
        )
        .map(([seed, changes, otherName]): Case => ({
            subject,
            name: otherName ?? seed.name,
            make: () => changes.reduce<unknown>((args, { to }) => to(args), copied(seed.args)),
            text:
                `${subject} of ${seed.from}${otherName === undefined ? "" : `, named ${JSON.stringify(otherName)}`}: ` +
                changes.map(({ text }) => text).join("; "),
        }));
    const nothingLike = odd.map(({ text, make }): Case => ({
        subject,
        name: sound[0]!.name,
        make,
        text: `${subject} with ${text} as its arguments`,
    }));
    return fc.oneof({ weight: 60, arbitrary: changed }, { weight: 1, arbitrary: nothingLike });
}

const appInputs = inputsOf("CanaryApp");
const { platform: _platform, ...ofApps } = appInputs;

/** Everything that users can give arguments to. */
export const subjects: Record<string, fc.Arbitrary<Case>> = {
    ...Object.fromEntries(
        components.map((component) => [component, casesOf(component, seeds[component]!, inputsOf(component))]),
    ),
    rolloutPlan: casesOf(
        "rolloutPlan",
        seeds.CanaryApp!.map(({ args, ...seed }) => ({ ...seed, args: planArgs(seed.name, args) })),
        Object.fromEntries([
            ["name", { type: "string" }],
            ...["analysis", "progressDeadlineSeconds", "skipAnalysis", "loadTest", "webhooks", "gates"].map((key) => [
                key,
                appInputs[key],
            ]),
        ]) as Record<string, SchemaType>,
    ),
    settings: casesOf(
        "settings",
        stackSeeds(),
        {
            platform: { properties: inputsOf("ProgressiveMeshCluster") },
            app: { properties: { name: { type: "string" }, ...ofApps } },
        },
        oddJson,
    ),
};

function planArgs(name: string, args: object): object {
    const {
        analysis,
        progressDeadlineSeconds = 60,
        skipAnalysis = false,
        loadTest,
        webhooks,
        gates,
    } = args as Record<string, unknown>;
    return { name, analysis, progressDeadlineSeconds, skipAnalysis, loadTest, webhooks, gates };
}

function stackSeeds(): Seed[] {
    const named = (component: string, stack: string) =>
        seeds[component]!.find(({ from }) => from === `the ${stack} stack`)!;
    return ["dev", "prod", "local"].map((stack) => {
        const { args: platform } = named("ProgressiveMeshCluster", stack);
        const { args, name } = named("CanaryApp", stack);
        const { platform: _none, ...app } = args as Record<string, unknown>;
        return { from: `the ${stack} stack`, name: stack, args: { platform, app: { name, ...app } } };
    });
}

/** What is most of the surface gets most of the tries. */
const weights: Record<string, number> = { CanaryApp: 8, ProgressiveMeshCluster: 8, rolloutPlan: 3, settings: 2 };

/** One try of anything. */
export const anyCase: fc.Arbitrary<Case> = fc.oneof(
    ...Object.entries(subjects).map(([subject, arbitrary]) => ({ weight: weights[subject] ?? 2, arbitrary })),
);
