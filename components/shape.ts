import * as pulumi from "@pulumi/pulumi";

import { Problems } from "./validation";

// The arguments come from YAML too, so nothing here trusts a declared type.

/** An object whose fields are still to be checked. */
export type Fields = Record<string, unknown>;

/** Whether a value is known only at deployment. */
export function isLater(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether a value has fields: it is no list, no output and not null. */
export function isObject(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isLater(value);
}

/** Whether a field is given and more than switched off or empty. */
export function asksForSomething(value: unknown): boolean {
    return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** What an error may show of a value that may hold secrets: the names of its fields. */
export function outline(value: unknown): unknown {
    if (value === undefined || value === null || isLater(value)) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.length === 0 ? [] : "a list";
    }
    return typeof value === "object" ? Object.keys(value) : `a ${typeof value}`;
}

/** The path of an object's entry, as a user would write it. */
export function entryPath(path: string, key: string): string {
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** What an error may show in place of a container: nothing that could be a secret. */
export function shown(value: unknown): unknown {
    const telling = typeof value === "string" || (typeof value === "object" && Object.keys(value ?? {}).length > 0);
    return telling ? outline(value) : value;
}

/**
 * Checks that a value has fields that can be looked at; answers whether it has. What stands in place of an object may be the secret
 * that belongs inside, so only its kind is shown.
 */
export function checkObject(problems: Problems, path: string, value: unknown, fix: string): value is Fields {
    return problems.require(isObject(value), { path, value: shown(value), rule: "is not an object", fix });
}

/**
 * Reports what Pulumi cannot take anywhere in the arguments: an object or a list that holds itself, in which it would go round until
 * its stack is full; a symbol, an object without the `toString` that it asks every one for, the key `__proto__`, and a list with fields
 * of its own, with which it fails far from there or waits without end.
 */
export function checkTree(problems: Problems, args: unknown): void {
    const visit = (path: string, value: unknown, above: readonly unknown[]): void => {
        problems.require(path === "" || typeof value !== "symbol", {
            path,
            value,
            rule: "is a symbol, which only the program itself can hold",
            fix: "Give a text.",
        });
        if (!Array.isArray(value) && !isObject(value)) {
            return;
        }
        const report = (rule: string, fix: string) =>
            problems.add({ path: path === "" ? "args" : path, value: Object.keys(value), rule, fix });
        if (above.includes(value)) {
            report(
                "is an object that holds itself, which no file and no request can say",
                "Give a copy of it, without the part that leads back.",
            );
            return;
        }
        if (Object.hasOwn(value, "__proto__")) {
            report(
                "has the key __proto__, which JavaScript takes for something else",
                "Leave it out, or give it another name.",
            );
        }
        if (typeof value.toString !== "function") {
            report(
                "has no prototype, or something else in place of its `toString`, with which Pulumi cannot take it",
                "Give a plain copy, { ...it }, without a key `toString`.",
            );
        }
        if (Array.isArray(value) && Object.keys(value).some((key) => !/^\d+$/.test(key))) {
            report(
                "is a list with fields of its own, which no file and no request can say",
                "Give a plain list, [...it].",
            );
        }
        for (const [key, inner] of Object.entries(value)) {
            visit(Array.isArray(value) ? `${path}[${key}]` : entryPath(path, key).replace(/^\./, ""), inner, [
                ...above,
                value,
            ]);
        }
    };
    visit("", args, []);
}

/**
 * Begins the check of what a component is given.
 *
 * @throws pulumi.InputPropertiesError where there is no name or are no arguments, or no end to them, for then there is nothing to
 * look at.
 */
export function problemsOf(component: string, name: unknown, args: unknown): Problems {
    const problems = new Problems();
    const named = problems.require(typeof name === "string" && name !== "", {
        path: "name",
        value: name,
        rule: "is no name for a resource",
        fix: "Give a text that is not empty.",
    });
    checkObject(problems, "args", args, "Give the component its arguments: { ... }.");
    checkTree(problems, args);
    problems.throwIfAny(named ? `${component} "${name as string}"` : component);
    return problems;
}

/** The fields of an object, `undefined` where it is absent; reports what is no object. */
export function checkFields(problems: Problems, path: string, value: unknown, fix: string): Fields | undefined {
    return value !== undefined && checkObject(problems, path, value, fix) ? value : undefined;
}

/** The elements of a list, each with its path and holes as null; reports what is no list. An absent value has none. */
export function checkList(problems: Problems, path: string, value: unknown, fix: string): [string, unknown][] {
    if (value === undefined) {
        return [];
    }
    if (!problems.require(Array.isArray(value), { path, value: shown(value), rule: "is not a list", fix })) {
        return [];
    }
    return Array.from(value as unknown[], (element, index) => [`${path}[${index}]`, element ?? null]);
}

/** Checks a text against a pattern; one that is known only later passes, and an absent one. */
export function checkPattern(
    problems: Problems,
    path: string,
    value: unknown,
    pattern: RegExp,
    rule: string,
    fix: string,
): void {
    problems.require(value === undefined || isLater(value) || (typeof value === "string" && pattern.test(value)), {
        path,
        value,
        rule,
        fix,
    });
}

/** Checks a text that is not empty; one that is known only later passes, and an absent one. */
export function checkText(problems: Problems, path: string, value: unknown): void {
    problems.require(value === undefined || isLater(value) || (typeof value === "string" && value !== ""), {
        path,
        value,
        rule: value === "" ? "is empty, which Flagger takes for nothing given" : "is not a text",
        fix: "Give a text; in YAML, put a number or a truth value in quotes.",
    });
}

/** Checks a text that must not be absent. */
export function checkRequiredText(problems: Problems, path: string, value: unknown): void {
    if (value === undefined) {
        problems.add({ path, rule: "is required", fix: "Give a text." });
    }
    checkText(problems, path, value);
}

/** Checks a secret text without ever showing it; one that is known only later passes, and an absent one. */
export function checkSecretText(problems: Problems, path: string, value: unknown): void {
    problems.require(value === undefined || isLater(value) || (typeof value === "string" && value !== ""), {
        path,
        secret: true,
        rule: "is empty or no text",
        fix: "Give it as a secret, for example from `config.requireSecret`.",
    });
}

/** Checks a list of texts; an absent one passes. */
export function checkTextList(problems: Problems, path: string, value: unknown, fix: string): void {
    for (const [at, text] of checkList(problems, path, value, fix)) {
        checkText(problems, at, text);
    }
}

/** Checks an object of strings, such as labels; an absent value passes. Answers its keys. */
export function checkTexts(
    problems: Problems,
    path: string,
    value: unknown,
    fix = `Write it like { key: "value" }.`,
): string[] {
    const texts = checkFields(problems, path, value, fix) ?? {};
    for (const [key, text] of Object.entries(texts)) {
        problems.require(typeof text === "string" || isLater(text), {
            path: entryPath(path, key),
            value: typeof text === "object" ? outline(text) : text,
            rule: "is not a string, and Kubernetes takes nothing else here",
            fix: "Put it in quotes.",
        });
    }
    return Object.keys(texts);
}

/** Checks a switch; an absent one passes. Answers whether it is sound. */
export function checkSwitch(problems: Problems, path: string, value: unknown): value is boolean | undefined {
    return problems.require(value === undefined || typeof value === "boolean", {
        path,
        value,
        rule: "is neither true nor false",
        fix: "Give one of the two, without quotes.",
    });
}

/** Checks one of several words; an absent one passes. */
export function checkWord(problems: Problems, path: string, value: unknown, words: readonly string[]): void {
    problems.require(value === undefined || words.includes(value as string), {
        path,
        value,
        rule: "is none of the words that are known here; the cluster would refuse the Canary",
        fix: `Use one of ${words.join(", ")}.`,
    });
}

/** Checks the words that exclude each other: exactly one has to be given; answers which, if so. */
export function checkOneOf<K extends string>(
    problems: Problems,
    path: string,
    fields: Fields,
    keys: readonly K[],
): K | undefined {
    const given = keys.filter((key) => fields[key] !== undefined);
    problems.require(given.length === 1, {
        path,
        value: fields,
        rule: "has to say in exactly one way what it means",
        fix: `Give one of ${keys.join(", ")}.`,
    });
    return given.length === 1 ? given[0] : undefined;
}
