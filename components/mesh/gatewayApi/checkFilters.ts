import { asksForSomething, isLater, isObject } from "../../shape";
import { Problems } from "../../validation";

const stuck = "Flagger would stand still";
const origin = /^([^:/?#]+:)(\/\/[^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/;

/** Replacing a prefix takes one match, by prefix; without any, Flagger's own is one. */
export function checkPrefixRewrite(problems: Problems, rewrite: unknown, matches: unknown[], path?: string): void {
    if (!isObject(rewrite)) {
        return;
    }
    problems.require(rewrite.type !== "ReplacePrefixMatch" || isOnePrefix(matches, path), {
        path: "service.rewrite.type",
        value: rewrite.type,
        rule: `takes exactly one match, and that by prefix; the cluster would refuse the route and ${stuck}`,
        fix: "Match one prefix, or replace the full path.",
    });
    const { authority } = rewrite;
    const plain = typeof authority === "string" && !isLater(authority);
    problems.require(!plain || /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(authority), {
        path: "service.rewrite.authority",
        value: authority,
        rule: `is not a host name alone; the cluster would refuse the route and ${stuck}`,
        fix: "Write it in lower case and without a port.",
    });
}

function isOnePrefix(matches: unknown[], path: string | undefined): boolean {
    if (matches.length === 0) {
        return true;
    }
    const [match] = matches;
    if (matches.length > 1 || !isObject(match)) {
        return false;
    }
    const uri = isObject(match.uri) ? match.uri : undefined;
    return match.prefix !== undefined || uri?.prefix !== undefined || (uri === undefined && path !== undefined);
}

/** Flagger hands the origins on that are written out, and drops the others with a line in its log. */
export function checkCorsFilter(problems: Problems, path: string, cors: unknown): void {
    if (!isObject(cors)) {
        return;
    }
    problems.require(!asksForSomething(cors.allowOrigins), {
        path: `${path}.allowOrigins`,
        value: cors.allowOrigins,
        rule: "is left out by Flagger on a Gateway API: no page of another origin would get in",
        fix: 'Write the origins out as `allowOrigin: ["https://example.com"]`.',
    });
    const origins: unknown[] = Array.isArray(cors.allowOrigin) ? cors.allowOrigin : [];
    origins.forEach((given, index) =>
        problems.require(typeof given !== "string" || origin.test(given), {
            path: `${path}.allowOrigin[${index}]`,
            value: given,
            rule: `is not an origin that a route takes; the cluster would refuse it and ${stuck}`,
            fix: 'Write it like "https://example.com".',
        }),
    );
    const names: unknown[] = Array.isArray(cors.allowMethods) ? cors.allowMethods : [];
    problems.require(!names.includes("*") || names.length === 1, {
        path: `${path}.allowMethods`,
        value: cors.allowMethods,
        rule: `has "*" beside others; the cluster would refuse the route and ${stuck}`,
        fix: `Keep "*", or the others.`,
    });
}
