import { HeaderMatchKind } from "../mesh/capabilities";
import { Mesh } from "../mesh/mesh";
import { isObject } from "../shape";
import { Problems, checkInteger } from "../validation";

/** Gives the new version to chosen users, and to all of them after it has been checked often enough. */
export interface AbTestArgs {
    /** How often the canary is checked before it is promoted: at least once. */
    iterations: number;
    /**
     * Whose requests go to the canary. Within one entry all conditions have to hold; of several entries one is enough, where
     * the mesh can choose among several.
     */
    match: AbMatchArgs[];
    /**
     * How much of the traffic goes from the canary back to the primary, once that has the new version, at each interval, in
     * percent.
     * @default - all at once
     */
    stepWeightPromotion?: number;
}

/** Requests that go to the canary. */
export interface AbMatchArgs {
    /**
     * Headers by name, in lower case, and what their value has to be.
     * @default - none
     */
    headers?: Record<string, HeaderMatchArgs>;
    /**
     * Cookies by name, and what their value has to be. They become a condition on the header `cookie`, so at most one cookie,
     * and no header `cookie` beside it.
     * @default - none
     */
    cookies?: Record<string, string>;
}

/** What a header's value has to be: exactly one of these. */
export interface HeaderMatchArgs {
    /**
     * This very value.
     * @default - another way to match
     */
    exact?: string;
    /**
     * A value that begins with this.
     * @default - another way to match
     */
    prefix?: string;
    /**
     * A value that ends with this.
     * @default - another way to match
     */
    suffix?: string;
    /**
     * A value that this regular expression matches as a whole.
     * @default - another way to match
     */
    regex?: string;
}

const kinds: HeaderMatchKind[] = ["exact", "prefix", "suffix", "regex"];

/** Checks the users of an A/B test against what the mesh can tell apart. */
export function checkAbTest(problems: Problems, path: string, test: AbTestArgs, mesh: Mesh): void {
    const { alternatives, maxHeaders } = mesh.capabilities;
    checkIterations(problems, path, test.iterations);
    if (
        !problems.require(Array.isArray(test.match) && test.match.length > 0, {
            path: `${path}.match`,
            value: test.match,
            rule: "names no users: Flagger would take it for a blue/green release",
            fix: 'Write it like [{ headers: { "x-canary": { exact: "insider" } } }].',
        })
    ) {
        return;
    }
    problems.require(alternatives || test.match.length === 1, {
        path: `${path}.match`,
        value: test.match,
        rule: `has ${test.match.length} entries, which on ${mesh.title} would all have to hold for one request`,
        fix: "Put all conditions in one entry, or write alternatives as one regular expression.",
    });
    const count = test.match.flatMap((m) => [m?.headers, m?.cookies].flatMap((part) => Object.keys(part ?? {}))).length;
    problems.require(count <= maxHeaders, {
        path: `${path}.match`,
        value: count,
        rule: `headers are more than the ${maxHeaders} that ${mesh.title} takes`,
        fix: "Name fewer.",
    });
    test.match.forEach((match, index) => checkMatch(problems, `${path}.match[${index}]`, match, mesh));
}

/** Checks the number of iterations, of an A/B test or of a blue/green release. */
export function checkIterations(problems: Problems, path: string, iterations: unknown): void {
    if (iterations === undefined) {
        problems.add({ path: `${path}.iterations`, rule: "is required", fix: "Give the number of checks." });
    }
    checkInteger(
        problems,
        `${path}.iterations`,
        iterations,
        1,
        10_000,
        "checks; with 0 Flagger would stand still without a weight to move to",
    );
}

function checkMatch(problems: Problems, path: string, match: AbMatchArgs, mesh: Mesh): void {
    const { headers, cookies } = isObject(match) ? (match as AbMatchArgs) : {};
    if (
        !problems.require(Object.keys({ ...headers, ...cookies }).length > 0, {
            path,
            value: match,
            rule: "names no header and no cookie, so it would match nothing or everything",
            fix: 'Write it like { headers: { "x-canary": { exact: "insider" } } }.',
        })
    ) {
        return;
    }
    for (const [name, value] of Object.entries(headers ?? {})) {
        const at = `${path}.headers[${JSON.stringify(name)}]`;
        problems.require(/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name), {
            path: at,
            value: name,
            rule: "is not a header name in lower case, as proxies see it",
            fix: "Use lower-case letters, digits and dashes.",
        });
        checkHeader(problems, at, value, mesh);
    }
    const asked = Object.entries(cookies ?? {});
    problems.require(asked.length === 0 || mesh.capabilities.headerMatches.includes("regex"), {
        path: `${path}.cookies`,
        value: cookies,
        rule: `needs a regular expression for the header \`cookie\`, and ${mesh.title} knows none`,
        fix: `Match a header of its own, by ${mesh.capabilities.headerMatches.join(" or ")}.`,
    });
    problems.require(asked.length <= 1 && (asked.length === 0 || headers?.cookie === undefined), {
        path: `${path}.cookies`,
        value: cookies,
        rule: "is one condition too many on the header `cookie`, which can have one",
        fix: "Name one cookie, or write the header `cookie` with a regular expression of your own.",
    });
    for (const [name, value] of asked) {
        problems.require(/^[^\s;=]+$/.test(name) && typeof value === "string" && /^[^;]*$/.test(value), {
            path: `${path}.cookies[${JSON.stringify(name)}]`,
            value,
            rule: "is not a cookie",
            fix: 'Write it like { type: "insider" }.',
        });
    }
}

function checkHeader(problems: Problems, path: string, value: HeaderMatchArgs, mesh: Mesh): void {
    const given = isObject(value) ? kinds.filter((kind) => value[kind] !== undefined) : [];
    const [kind] = given;
    if (
        !problems.require(given.length === 1 && kind !== undefined && typeof value[kind] === "string", {
            path,
            value,
            rule: "does not say in exactly one way what the value has to be",
            fix: `Give one of ${mesh.capabilities.headerMatches.join(", ")}.`,
        }) ||
        kind === undefined
    ) {
        return;
    }
    problems.require(mesh.capabilities.headerMatches.includes(kind), {
        path: `${path}.${kind}`,
        value: value[kind],
        rule: `is a way to match that ${mesh.title} does not have; Flagger would leave the condition out, and all users would get the canary`,
        fix: `Use ${mesh.capabilities.headerMatches.join(" or ")}.`,
    });
    problems.require(value[kind] !== "", {
        path: `${path}.${kind}`,
        value: "",
        rule: "is empty, which Flagger takes for not given",
        fix: "Give the value.",
    });
    if (kind === "regex") {
        problems.require(compiles(value.regex!), {
            path: `${path}.regex`,
            value: value.regex,
            rule: "is not a regular expression, so no user would ever match it",
            fix: "Mend it.",
        });
    }
}

/**
 * Whether it compiles here. Proxies use RE2. It knows flags and names in groups, which are read over here; where it is
 * narrower, that is left to the mesh.
 */
function compiles(regex: string): boolean {
    try {
        new RegExp(regex.replace(/\(\?(P<\w+>|[imsU-]+:)/g, "(").replace(/\(\?[imsU-]+\)/g, ""));
        return true;
    } catch {
        return false;
    }
}

/** The headers of a match, cookies among them. */
function headersOf(match: AbMatchArgs): Record<string, HeaderMatchArgs> {
    const cookies = Object.entries(match?.cookies ?? {}).map(([name, value]) => [
        "cookie",
        { regex: `^(.*;\\s*)?${escaped(`${name}=${value}`)}(;.*)?$` },
    ]);
    return { ...match?.headers, ...(Object.fromEntries(cookies) as Record<string, HeaderMatchArgs>) };
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The `match` of a Canary's `analysis`. */
export function abMatchSpec(match: AbMatchArgs[]): Record<string, unknown>[] {
    return match.map((entry) => ({ headers: headersOf(entry) }));
}
