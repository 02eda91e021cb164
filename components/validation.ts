import { inspect } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { isLater } from "./shape";

/** One thing wrong with the arguments of a component. */
export interface Problem {
    /** Where the value stands, as the user wrote it: `analysis.steps.maxWeight`. */
    path: string;
    /** The value given, `undefined` where one is missing. */
    value?: unknown;
    /** The value is a secret, or may hold one: it is not shown. */
    secret?: boolean;
    /** The rule that it breaks. */
    rule: string;
    /** What to write instead. */
    fix: string;
}

/** Collects everything that is wrong with a component's arguments, so that one error can tell it all. */
export class Problems {
    private readonly found: Problem[] = [];

    add(problem: Problem): void {
        this.found.push(problem);
    }

    /** Adds the problem unless the condition holds; answers whether it held. */
    require(holds: boolean, problem: Problem): boolean {
        if (!holds) {
            this.add(problem);
        }
        return holds;
    }

    get all(): readonly Problem[] {
        return this.found;
    }

    /**
     * Throws when anything was found.
     *
     * @throws pulumi.InputPropertiesError with one entry a problem, and a message that says the same to a person.
     */
    throwIfAny(subject: string): void {
        if (this.found.length === 0) {
            return;
        }
        const count = this.found.length === 1 ? "1 problem" : `${this.found.length} problems`;
        const error = new pulumi.InputPropertiesError({
            message: `${subject}: ${count} in the arguments\n${this.found.map((p) => `  - ${describe(p)}`).join("\n")}`,
            errors: this.found.map((p) => ({ propertyPath: p.path, reason: reason(p) })),
        });
        // Pulumi prints a program's error as Node.js shows it, with its stack and its fields. Neither helps here: the message
        // says it all.
        error.stack = error.message;
        Object.defineProperty(error, inspect.custom, { value: () => error.message });
        throw error;
    }
}

/** The problem as one line: path, value, rule, fix. */
export function describe(problem: Problem): string {
    return `${problem.path}: ${reason(problem)}`;
}

function reason(problem: Problem): string {
    return `${quote(problem)} ${problem.rule}. ${problem.fix}`;
}

function quote({ value, secret }: Problem): string {
    if (secret === true) {
        return "the value given (a secret, not shown)";
    }
    if (value === undefined) {
        return "nothing given, but it";
    }
    if (isLater(value)) {
        return "a value that is known only at deployment";
    }
    const text = written(value);
    return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** More of a value would hide what is said about it. */
const longest = 200;

/** A value in JSON, or in words where JSON knows none. */
function written(value: unknown): string {
    if (typeof value === "number" || typeof value === "bigint") {
        return String(value);
    }
    if (typeof value === "function") {
        return "a function";
    }
    const unknown = "a value that cannot be shown";
    try {
        // Contrary to its type it answers `undefined` for what is nothing in JSON, like a symbol.
        return JSON.stringify(value, presentable) ?? unknown;
    } catch {
        return unknown;
    }
}

/** What JSON has instead of values that it does not take. */
function presentable(this: Record<string, unknown>, key: string, value: unknown): unknown {
    // By the key, for an output's own `toJSON` has made a warning of it by now.
    if (isLater(this[key])) {
        return "known only at deployment";
    }
    return typeof value === "bigint" ? String(value) : value;
}

/** Checks a whole number within bounds; an absent value passes. */
export function checkInteger(
    problems: Problems,
    path: string,
    value: unknown,
    min: number,
    max: number,
    unit: string,
): void {
    if (value === undefined) {
        return;
    }
    problems.require(typeof value === "number" && Number.isInteger(value) && value >= min && value <= max, {
        path,
        value,
        rule: `is not a whole number from ${min} to ${max} (${unit})`,
        fix: `Give a number in that range.`,
    });
}

/** Checks a duration in Flagger's form, whole seconds or minutes; an absent value passes. */
export function checkDuration(problems: Problems, path: string, value: unknown): void {
    if (value === undefined) {
        return;
    }
    problems.require(isDuration(value), {
        path,
        value,
        rule: "is not a duration that Flagger reads as written: a whole number of seconds or minutes",
        fix: `Write it like "30s" or "5m".`,
    });
}

/** Whether a value is a duration in Flagger's form. */
export function isDuration(value: unknown): value is string {
    return typeof value === "string" && /^[1-9][0-9]*(s|m)$/.test(value);
}

/** Seconds of a duration that `checkDuration` accepts. */
export function seconds(duration: string): number {
    return Number.parseInt(duration, 10) * (duration.endsWith("m") ? 60 : 1);
}

/** Checks a name that Kubernetes takes as a DNS label. */
export function checkName(problems: Problems, path: string, value: unknown, maxLength = 63): void {
    problems.require(
        typeof value === "string" && value.length <= maxLength && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value),
        {
            path,
            value,
            rule: `is not a Kubernetes name of at most ${maxLength} characters`,
            fix: "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
        },
    );
}

/** Checks that a value which decides what is built is there when the program runs; an absent value passes. */
export function checkPlain(problems: Problems, path: string, value: unknown): boolean {
    return problems.require(!isLater(value), {
        path,
        value,
        rule: "decides which resources exist, so it has to be known when the program runs",
        fix: "Give a plain value, for example from config.",
    });
}
