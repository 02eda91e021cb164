import { checkPattern, entryPath, isLater, shown } from "./shape";
import type { Problems } from "./validation";

/** What an address has to be like. */
export interface Address {
    schemes: string[];
    /** What happens with any other, for people. */
    otherwise: string;
    /** Whether an error may show it, without credentials. Otherwise it may be a secret. */
    shown: boolean;
}

const called: Address = { schemes: ["https", "http"], otherwise: "Flagger could not call it", shown: false };

/**
 * Checks an address; one that is known only later passes, and an absent one. Unless told otherwise it is one that
 * Flagger calls, such as a webhook's, and may hold a token.
 */
export function checkUrl(problems: Problems, path: string, url: unknown, address: Partial<Address> = {}): boolean {
    const { schemes, otherwise, shown } = { ...called, ...address };
    return problems.require(url === undefined || isLater(url) || isUrl(url, schemes), {
        path,
        ...(shown ? { value: redacted(url) } : { secret: true }),
        rule: `is not a URL that begins with ${schemes.map((s) => `${s}://`).join(" or ")}: ${otherwise}`,
        fix: `Write it like "${schemes[0]}://server.example".`,
    });
}

/** Whether a value is a URL with one of these schemes and a host. */
function isUrl(value: unknown, schemes: string[]): value is string {
    return (
        typeof value === "string" &&
        /^[a-z0-9]+:\/\/[^/\\?#][!-~]*$/.test(value) &&
        schemes.some((scheme) => value.startsWith(`${scheme}://`)) &&
        URL.canParse(value)
    );
}

/** Whether a URL holds a user's name or password. */
export function hasUserInfo(url: string): boolean {
    return /^[^/]*\/\/[^/?#]*@/.test(url);
}

/** A URL as an error may show it: without credentials. */
export function redacted(url: unknown): unknown {
    return typeof url === "string"
        ? url.replace(/^([^/]*\/\/)?[^/?#]*@/, "$1...@").replace(/\?.*$/s, "?...")
        : shown(url);
}

/** Checks a path of a URL; an absent one passes. */
export function checkUrlPath(problems: Problems, path: string, value: unknown): void {
    checkPattern(problems, path, value, /^\//, "is not a path", `Begin it with a slash, like "/api".`);
}

/** Checks a method of HTTP; an absent one passes. */
export function checkMethod(problems: Problems, path: string, value: unknown): void {
    checkPattern(
        problems,
        path,
        value,
        /^[A-Z][-A-Z]*$/,
        "is not a method of HTTP; these are written in capitals, and no request would ever have this one",
        `Write it like "GET".`,
    );
}

/** Checks the keys of an object of headers; `otherwise` says what happens with any other. */
export function checkHeaderNames(problems: Problems, path: string, names: string[], otherwise: string): void {
    for (const name of names) {
        problems.require(/^[-!#$%&'*+.^_`|~\w]+$/.test(name), {
            path: entryPath(path, name),
            value: name,
            rule: `is not the name of a header: ${otherwise}`,
            fix: `Write it like "x-user".`,
        });
    }
}
