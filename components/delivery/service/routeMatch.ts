import { checkMethod, checkUrlPath } from "../../http";
import { Mesh } from "../../mesh/mesh";
import { asksForSomething, checkList, checkObject, checkSwitch, checkText, isObject } from "../../shape";
import { Problems, checkName } from "../../validation";
import { checkLabels } from "./metadata";
import { checkGateways } from "./names";
import { checkPort } from "./ports";
import {
    StringMatchArgs,
    checkHeaderMatches,
    checkStringMatch,
    checkStringMatches,
    stringMatchKinds,
} from "./stringMatch";

/** Requests that belong to the application. Everything that is given has to hold. */
export interface RouteMatchArgs {
    /**
     * The path begins with this, itself beginning with a slash: short for `uri: { prefix }`.
     * @default - `uri` says it, or the path does not matter
     */
    prefix?: string;
    /**
     * What the path has to be.
     * @default - `prefix` says it, or the path does not matter
     */
    uri?: StringMatchArgs;
    /**
     * Whether capitals in the path are the same as small letters.
     * @default false
     */
    ignoreUriCase?: boolean;
    /**
     * What the method has to be, in capitals.
     * @default - any
     */
    method?: StringMatchArgs;
    /**
     * What headers have to be, by their names.
     * @default - any
     */
    headers?: Record<string, StringMatchArgs>;
    /**
     * What headers must not be, by their names.
     * @default - none
     */
    withoutHeaders?: Record<string, StringMatchArgs>;
    /**
     * What parameters of the query have to be, by their names.
     * @default - any
     */
    queryParams?: Record<string, StringMatchArgs>;
    /**
     * What the host has to be, with its port where the request names one.
     * @default - any
     */
    authority?: StringMatchArgs;
    /**
     * What the scheme has to be: `http` or `https`.
     * @default - any
     */
    scheme?: StringMatchArgs;
    /**
     * The port that the request came in by.
     * @default - any
     */
    port?: number;
    /**
     * Labels of the pods that call.
     * @default - any
     */
    sourceLabels?: Record<string, string>;
    /**
     * The namespace of the pods that call.
     * @default - any
     */
    sourceNamespace?: string;
    /**
     * The gateways that the request came in by: `namespace/name`, or `mesh` for the proxies.
     * @default - those of the service
     */
    gateways?: string[];
    /**
     * A name for the match, which the mesh writes to its logs.
     * @default - none
     */
    name?: string;
}

// Keyed by the interface, so that a field cannot be forgotten here.
const allFields: Record<keyof RouteMatchArgs, true> = {
    prefix: true,
    uri: true,
    ignoreUriCase: true,
    method: true,
    headers: true,
    withoutHeaders: true,
    queryParams: true,
    authority: true,
    scheme: true,
    port: true,
    sourceLabels: true,
    sourceNamespace: true,
    gateways: true,
    name: true,
};
const fieldNames = Object.keys(allFields);

/** Checks the matches of a service. */
export function checkMatches(problems: Problems, path: string, value: unknown): void {
    for (const [at, match] of checkList(problems, path, value, `Write it like [{ prefix: "/" }].`)) {
        checkMatch(problems, at, match);
    }
}

function checkMatch(problems: Problems, path: string, match: unknown): void {
    if (!checkObject(problems, path, match, `Write it like { prefix: "/" }.`)) {
        return;
    }
    problems.require(
        fieldNames.some((field) => match[field] !== undefined),
        {
            path,
            value: match,
            rule: "says nothing to match by",
            fix: `Give a path at least, like { prefix: "/" }.`,
        },
    );
    checkUrlPath(problems, `${path}.prefix`, match.prefix);
    problems.require(match.prefix === undefined || match.uri === undefined, {
        path: `${path}.uri`,
        value: match.uri,
        rule: "stands beside prefix, which is short for the same",
        fix: "Keep one of the two.",
    });
    const uri = checkStringMatch(problems, `${path}.uri`, match.uri);
    for (const kind of ["exact", "prefix"]) {
        // Anything but a text is reported already.
        if (typeof uri?.[kind] === "string" && uri[kind] !== "") {
            checkUrlPath(problems, `${path}.uri.${kind}`, uri[kind]);
        }
    }
    checkSwitch(problems, `${path}.ignoreUriCase`, match.ignoreUriCase);
    const method = checkStringMatch(problems, `${path}.method`, match.method);
    if (typeof method?.exact === "string" && method.exact !== "") {
        checkMethod(problems, `${path}.method.exact`, method.exact);
    }
    checkHeaderMatches(problems, `${path}.headers`, match.headers);
    checkHeaderMatches(problems, `${path}.withoutHeaders`, match.withoutHeaders);
    checkStringMatches(problems, `${path}.queryParams`, match.queryParams);
    checkStringMatch(problems, `${path}.authority`, match.authority);
    checkStringMatch(problems, `${path}.scheme`, match.scheme);
    checkPort(problems, `${path}.port`, match.port);
    checkLabels(problems, `${path}.sourceLabels`, match.sourceLabels);
    if (match.sourceNamespace !== undefined) {
        checkName(problems, `${path}.sourceNamespace`, match.sourceNamespace);
    }
    checkGateways(problems, `${path}.gateways`, match.gateways);
    checkText(problems, `${path}.name`, match.name);
}

/** What a mesh ignores of the matches. */
export function matchWarnings(path: string, value: unknown, mesh: Mesh): string[] {
    const matches: unknown[] = Array.isArray(value) ? value : [];
    const read = mesh.capabilities.firstMatchOnly ? matches.slice(0, 1) : matches;
    const warnings = read.flatMap((match, index) => warningsOf(`${path}[${index}]`, match, mesh));
    if (read.length < matches.length) {
        warnings.push(`${path}: ${mesh.title} reads the first match alone and ignores the rest.`);
    }
    return warnings;
}

function warningsOf(path: string, match: unknown, mesh: Mesh): string[] {
    if (!isObject(match)) {
        return [];
    }
    const { matchFields, uriMatches } = mesh.capabilities;
    const { prefix, uri, ...rest } = match;
    const kinds = stringMatchKinds.filter((kind) =>
        kind === "prefix" && prefix !== undefined ? true : isObject(uri) && asksForSomething(uri[kind]),
    );
    const others = fieldNames.filter((field) => asksForSomething(rest[field]));
    const lostKinds = kinds.filter((kind) => !uriMatches.includes(kind));
    const lost = others.filter((field) => !matchFields.includes(field));
    const ignored = `ignored on ${mesh.title}: Flagger reads only`;
    const warnings = [
        ...lostKinds.map((kind) => `${path}.uri.${kind}: ${ignored} ${uriMatches.join(", ")} of a URI.`),
        ...lost.map((field) => `${path}.${field}: ${ignored} ${matchFields.join(", ")} of a match.`),
    ];
    if (lostKinds.length === kinds.length && lost.length === others.length) {
        warnings.push(
            `${path}: says nothing that Flagger reads on ${mesh.title}, so every path leads to the application.`,
        );
    }
    return warnings;
}

/** The `match` of a Canary's service. */
export function matchSpec(match: RouteMatchArgs): Record<string, unknown> {
    const { prefix, ...rest } = match;
    return prefix === undefined ? { ...rest } : { ...rest, uri: { prefix } };
}
