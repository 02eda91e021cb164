import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import { SchemaType, resolved } from "./schemaPaths";

/** A value as it is told in a report, and the way to make it anew for each try. */
export interface Value {
    text: string;
    make: () => unknown;
}

/** What a promise of a user's is rejected with: it has to come back as it is. */
export const rejection = "rejected by the user's own code";

const plainly = (value: unknown): Value => ({
    text: typeof value === "string" && value.length > 60 ? `a text of ${value.length}` : written(value),
    make: () => structuredClone(value),
});

function written(value: unknown): string {
    return typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
}

const texts = [
    "",
    "a",
    "A_b",
    "1",
    "30s",
    "5m",
    "5h",
    "1.5s",
    "-1s",
    "0s",
    "99999999999999999999s",
    "true",
    "null",
    "/",
    "http://",
    "https://user:word@host/path",
    "a.b/c",
    "*",
    "{{",
    "{{ range }}",
    "${x}",
    "ünïcode \u{1f4a5}",
    "\u0000",
    "\ud800",
    "line\nbreak",
    "__proto__",
    "constructor",
    "(",
    "x".repeat(100_000),
];
const numbers = [0, -0, 1, 2, 50, 100, 101, -1, 0.5, 1e-9, 65536, 1e21, NaN, Infinity, -Infinity];

/** Values that no argument asks for, or only few. */
const odd: Value[] = [
    ...[undefined, null, true, false, [], {}, [null], [[]], [{}], { a: null }, { a: { a: [] } }].map(plainly),
    ...[...numbers, ...texts].map(plainly),
    { text: "a function", make: () => () => 1 },
    { text: "a symbol", make: () => Symbol("x") },
    { text: "a bigint", make: () => 10n },
    { text: "a date", make: () => new Date(0) },
    { text: "an invalid date", make: () => new Date(NaN) },
    { text: "a map", make: () => new Map([["a", 1]]) },
    { text: "an error", make: () => new Error("given as a value") },
    { text: "an object without a prototype", make: () => Object.create(null) as object },
    { text: "an object that holds itself", make: circle },
    { text: "a list with a hole", make: () => new Array<unknown>(2) },
    { text: "an object with the own key __proto__", make: () => JSON.parse('{"__proto__": {"a": 1}}') as object },
    { text: "an object with the key constructor", make: () => ({ constructor: { prototype: { a: 1 } } }) },
];

function circle(): object {
    const object: Record<string, unknown> = {};
    object.self = object;
    return object;
}

/** What is in no output of a resource, for no provider can send it: Pulumi itself fails with it, whoever takes it. */
const unsent = ["a symbol", "an object without a prototype", "an object that holds itself"];

/** Values that are there only later, or never. */
const later = (value: Value): Value[] => [
    { text: `an output of ${value.text}`, make: () => pulumi.output(value.make()) },
    { text: `a secret output of ${value.text}`, make: () => pulumi.secret(value.make()) },
    { text: `a promise of ${value.text}`, make: () => Promise.resolve(value.make()) },
];

const never: Value[] = [
    { text: "an unknown output", make: unknown },
    { text: "a rejected promise", make: rejected },
    { text: "an output of a rejected promise", make: () => quiet(pulumi.output(rejected())) },
];

function unknown(): pulumi.Output<unknown> {
    const Output = pulumi.Output as unknown as new (...parts: unknown[]) => pulumi.Output<unknown>;
    const settled = (value: boolean) => Promise.resolve(value);
    return new Output(
        new Set(),
        Promise.resolve(undefined),
        settled(false),
        settled(false),
        Promise.resolve(new Set()),
    );
}

function rejected(): Promise<unknown> {
    const promise = Promise.reject(new Error(rejection));
    // Whoever is given it may leave it alone, and then it is nobody's.
    promise.catch(() => undefined);
    return promise;
}

/** An output has four promises that a rejection goes through, and each would be unhandled where nobody reads it. */
function quiet(output: pulumi.Output<unknown>): pulumi.Output<unknown> {
    const { isKnown, isSecret, allResources } = output as unknown as Record<string, unknown>;
    for (const one of [(output as unknown as { promise(): Promise<unknown> }).promise(), isKnown, isSecret]) {
        Promise.resolve(one).catch(() => undefined);
    }
    (allResources as () => Promise<unknown>)().catch(() => undefined);
    return output;
}

/** Values of every kind, whatever the schema asks for. */
export const oddValue: fc.Arbitrary<Value> = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...odd) },
    { weight: 3, arbitrary: fc.constantFrom(...odd.filter(({ text }) => !unsent.includes(text)).flatMap(later)) },
    { weight: 1, arbitrary: fc.constantFrom(...never) },
);

/** Only what a file can hold. */
export const oddJson: fc.Arbitrary<Value> = fc.constantFrom(
    ...odd.slice(0, 11).filter(({ text }) => text !== "undefined"),
    ...[...numbers.filter(Number.isFinite), ...texts].map(plainly),
);

/** Values as the schema asks for them, of texts and numbers that mean something somewhere. */
export function typedValue(type: SchemaType, words: readonly string[], depth = 0): fc.Arbitrary<Value> {
    const inner = resolved(type);
    const within = (each: SchemaType) => typedValue(each, words, depth + 1);
    if (inner.properties !== undefined) {
        const properties = Object.entries(inner.properties);
        const required = inner.required ?? [];
        if (depth > 3 || properties.length === 0) {
            return fc.constant(plainly({}));
        }
        // A few of all the optional ones: each of them beside all others says nothing.
        const optional = properties.filter(([key]) => !required.includes(key));
        return fc
            .subarray(optional, { maxLength: Math.min(3, optional.length) })
            .chain((some) =>
                fc.tuple(
                    ...[...properties.filter(([key]) => required.includes(key)), ...some].map(([key, each]) =>
                        within(each).map((value): [string, Value] => [key, value]),
                    ),
                ),
            )
            .map((entries) => ({
                text: `{ ${entries.map(([key, { text }]) => `${key}: ${text}`).join(", ")} }`,
                make: () => Object.fromEntries(entries.map(([key, { make }]) => [key, make()])),
            }));
    }
    if (inner.items !== undefined) {
        return fc.array(within(inner.items), { maxLength: 3 }).map((elements) => ({
            text: `[${elements.map(({ text }) => text).join(", ")}]`,
            make: () => elements.map(({ make }) => make()),
        }));
    }
    if (inner.additionalProperties !== undefined) {
        return fc.tuple(fc.constantFrom(...words), within(inner.additionalProperties)).map(([key, value]) => ({
            text: `{ ${JSON.stringify(key)}: ${value.text} }`,
            make: () => ({ [key]: value.make() }),
        }));
    }
    switch (inner.type) {
        case "string":
            return fc.constantFrom(...words.map(plainly), ...texts.map(plainly));
        case "boolean":
            return fc.constantFrom(plainly(true), plainly(false));
        case "number":
            return fc.oneof(fc.constantFrom(...numbers.map(plainly)), fc.integer({ min: 1, max: 200 }).map(plainly));
        default:
            return fc.constantFrom(...odd.slice(0, 11));
    }
}
