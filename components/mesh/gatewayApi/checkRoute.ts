import { asksForSomething, entryPath, isLater, isObject } from "../../shape";
import { Problems } from "../../validation";
import { MeshCapabilities } from "../capabilities";
import { AppRequest } from "../mesh";
import { checkCorsFilter, checkPrefixRewrite } from "./checkFilters";

/** What a mesh of the Gateway API takes of a route's matches. */
export interface RouteLimits {
    readonly title: string;
    readonly capabilities: MeshCapabilities;
    /** The greatest number of matches of one rule. */
    readonly maxMatches: number;
}

const stuck = "Flagger would stand still";
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/** Checks that Flagger can make an HTTPRoute of what is asked, and that the cluster takes it. */
export function checkRoute(
    problems: Problems,
    { service, analysis, path, gateway }: AppRequest,
    limits: RouteLimits,
): void {
    const given: unknown = service;
    const fields = isObject(given) ? given : {};
    checkParents(problems, fields.gatewayRefs, path, gateway?.objectName);
    if (path !== undefined) {
        checkPath(problems, "gateway.path", path);
    }
    const matches: unknown[] = Array.isArray(fields.match) ? fields.match : [];
    matches.forEach((match, index) => checkMatch(problems, `service.match[${index}]`, match, limits));
    const alternatives: unknown = analysis?.abTest?.match;
    checkCount(problems, matches.length, Array.isArray(alternatives) ? alternatives.length : 1, limits);
    checkHostNames(problems, fields.hosts);
    checkPrefixRewrite(problems, fields.rewrite, matches, path);
    checkCorsFilter(problems, "service.cors", fields.cors);
}

function checkParents(
    problems: Problems,
    refs: unknown,
    path: string | undefined,
    objectName: string | undefined,
): void {
    const exposed = path !== undefined && objectName !== undefined;
    problems.require(exposed || asksForSomething(refs), {
        path: "service.gatewayRefs",
        value: refs,
        rule: `is needed: a route has to join a Gateway, and without one ${stuck}`,
        fix:
            path === undefined
                ? "Ask for a place at the platform's Gateway with `gateway: { path }`, or name a Gateway of your own."
                : "Name the Gateway: the connection to the platform does not.",
    });
}

function checkMatch(problems: Problems, path: string, match: unknown, limits: RouteLimits): void {
    if (!isObject(match)) {
        return;
    }
    const { headerMatches, uriMatches, matchFields } = limits.capabilities;
    if (match.prefix !== undefined) {
        checkPath(problems, `${path}.prefix`, match.prefix);
    }
    const uri = isObject(match.uri) ? match.uri : {};
    for (const kind of ["exact", "prefix"]) {
        if (uri[kind] !== undefined) {
            checkPath(problems, `${path}.uri.${kind}`, uri[kind]);
        }
    }
    checkKinds(problems, `${path}.uri`, uri, uriMatches, limits.title);
    checkMethodMatch(problems, `${path}.method`, match.method, limits.title);
    checkNamed(problems, `${path}.headers`, match.headers, headerMatches, limits.title);
    if (matchFields.includes("queryParams")) {
        checkNamed(problems, `${path}.queryParams`, match.queryParams, headerMatches, limits.title);
    } else {
        problems.require(!asksForSomething(match.queryParams), {
            path: `${path}.queryParams`,
            value: match.queryParams,
            rule: `cannot be matched on ${limits.title}, whose controller would refuse the route: ${stuck}`,
            fix: "Leave it out.",
        });
    }
}

function checkNamed(problems: Problems, path: string, value: unknown, kinds: readonly string[], title: string): void {
    const named = isObject(value) ? Object.entries(value) : [];
    const limit = kinds.includes("regex") ? 16 : 5;
    problems.require(named.length <= limit, {
        path,
        value: named.length,
        rule: `are more than the ${limit} of one match; the route would be refused and ${stuck}`,
        fix: "Name fewer.",
    });
    for (const [name, match] of named) {
        checkKinds(problems, entryPath(path, name), isObject(match) ? match : {}, kinds, title);
    }
}

function checkKinds(
    problems: Problems,
    path: string,
    match: Record<string, unknown>,
    kinds: readonly string[],
    title: string,
): void {
    for (const kind of ["exact", "prefix", "regex"].filter((k) => !kinds.includes(k))) {
        problems.require(match[kind] === undefined, {
            path: `${path}.${kind}`,
            value: match[kind],
            rule: `is a way to match that ${title} does not have: ${stuck}`,
            fix: `Use ${kinds.join(" or ")}.`,
        });
    }
}

function checkMethodMatch(problems: Problems, path: string, value: unknown, title: string): void {
    const method = isObject(value) ? value : {};
    checkKinds(problems, path, method, ["exact"], title);
    problems.require(method.exact === undefined || methods.includes(method.exact as string), {
        path: `${path}.exact`,
        value: method.exact,
        rule: `is not a method that a route takes; the cluster would refuse it and ${stuck}`,
        fix: `Use one of ${methods.join(", ")}.`,
    });
}

/** Checks a path by the rules that the HTTPRoute's definition has for it. */
function checkPath(problems: Problems, path: string, value: unknown): void {
    const text = typeof value === "string" ? value : "/";
    const sound =
        /^([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(text) &&
        !/\/\/|\/\.\.?(\/|$)|%2f/i.test(text) &&
        text.length <= 1024;
    problems.require(sound, {
        path,
        value,
        rule: `is not a path that a route takes; the cluster would refuse it and ${stuck}`,
        fix: "Write it without `//`, `/./`, `/../`, `%2F`, a query and a fragment, with other characters in percent signs.",
    });
}

/** In an A/B test Flagger makes one match of each of the service's and each alternative, and one more rule without these. */
function checkCount(problems: Problems, matches: number, alternatives: number, limits: RouteLimits): void {
    const rule = Math.max(matches, 1) * alternatives;
    problems.require(rule <= limits.maxMatches, {
        path: alternatives > 1 ? "analysis.abTest.match" : "service.match",
        value: rule,
        rule: `matches are more than the ${limits.maxMatches} that a rule can have on ${limits.title}: ${stuck}`,
        fix: "Name fewer, each alternative of an A/B test counted once for each match of the service.",
    });
}

function checkHostNames(problems: Problems, value: unknown): void {
    const hosts: unknown[] = Array.isArray(value) ? value : [];
    problems.require(hosts.length <= 16, {
        path: "service.hosts",
        value: hosts.length,
        rule: `host names are more than the 16 that a route takes; the cluster would refuse it and ${stuck}`,
        fix: "Name at most 16.",
    });
    hosts.forEach((host, index) => {
        const text = isLater(host) || typeof host !== "string" ? "" : host;
        problems.require(text !== "*" && !/^\d+(\.\d+){3}$/.test(text), {
            path: `service.hosts[${index}]`,
            value: host,
            rule: `is not a host name that a route takes; it would be refused and ${stuck}`,
            fix: text === "*" ? "Leave `hosts` out to take every host." : "Give a name; a route takes no addresses.",
        });
    });
}
