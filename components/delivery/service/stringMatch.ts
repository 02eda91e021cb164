import { Fields, checkFields, checkOneOf, checkText, entryPath } from "../../shape";
import { Problems } from "../../validation";
import { checkRouteHeaders } from "./names";

/** What a text has to be. Exactly one of the three is given. */
export interface StringMatchArgs {
    /**
     * It is this text.
     * @default - one of the others says it
     */
    exact?: string;
    /**
     * It begins with this text.
     * @default - one of the others says it
     */
    prefix?: string;
    /**
     * All of it matches this regular expression, in RE2's notation.
     * @default - one of the others says it
     */
    regex?: string;
}

/** The ways to match a text. */
export const stringMatchKinds = ["exact", "prefix", "regex"] as const;

/** Checks the match of a text; answers it where it says one thing. */
export function checkStringMatch(problems: Problems, path: string, value: unknown): Fields | undefined {
    const match = checkFields(problems, path, value, `Write it like { exact: "this" }.`);
    const kind = match && checkOneOf(problems, path, match, stringMatchKinds);
    if (kind === undefined) {
        return undefined;
    }
    checkText(problems, `${path}.${kind}`, match![kind]);
    return match;
}

/** Checks matches by name. */
export function checkStringMatches(problems: Problems, path: string, value: unknown): string[] {
    const matches = checkFields(problems, path, value, `Write it like { "x-user": { exact: "me" } }.`) ?? {};
    for (const [name, match] of Object.entries(matches)) {
        checkStringMatch(problems, entryPath(path, name), match ?? null);
    }
    return Object.keys(matches);
}

/** Checks the matches of headers. */
export function checkHeaderMatches(problems: Problems, path: string, value: unknown): void {
    checkRouteHeaders(problems, path, checkStringMatches(problems, path, value));
}
