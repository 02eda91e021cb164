import { entryPath, isObject } from "../shape";
import { Problems } from "../validation";
import { MatchedText, matchedTexts } from "./istioMatches";
import { allProxies } from "./istioService";
import { AppRequest } from "./mesh";

const standsStill = "Istio's webhook would refuse the route and Flagger would stand still";
const headerName = /^[-_A-Za-z0-9]+$/;
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Constructs of a regular expression that JavaScript knows and RE2 does not: looking around, and back to a group. */
const notInRe2 = /\(\?<?[=!]|\\[1-9]|\(\?<(?![=!])[^>]*>.*\\k</;
const longestRegex = 1024;
const corsMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

/** Checks what Istio would refuse of a Canary's route, and what Flagger would never finish on it. */
export function checkApp(problems: Problems, request: AppRequest): void {
    checkHosts(problems, request);
    checkGatewayNames(problems, request);
    checkTexts(problems, request);
    checkHeaders(problems, request);
    checkCors(problems, request);
    checkDelegation(problems, request);
    if (isTcp(request)) {
        checkTcp(problems, request);
    }
}

/** What Flagger leaves out where both say something of headers. */
export function appWarnings({ service, analysis }: AppRequest): string[] {
    const other = analysis.abTest !== undefined ? "the A/B test" : "session affinity";
    const replaced = analysis.abTest !== undefined || analysis.sessionAffinity !== undefined;
    return listOf(service.match)
        .map((match, index) => ({ match, index }))
        .filter(({ match }) => replaced && isObject(match) && match.headers !== undefined)
        .map(
            ({ index }) =>
                `service.match[${index}].headers: ignored for requests that ${other} sends to one version: Flagger puts its own ` +
                "condition on headers in the place of this one.",
        );
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const plainTexts = (value: unknown): string[] => listOf(value).filter((text) => typeof text === "string");

function isTcp({ service }: AppRequest): boolean {
    return typeof service.appProtocol === "string" && service.appProtocol.toLowerCase() === "tcp";
}

function checkHosts(problems: Problems, { service }: AppRequest): void {
    const { gateways } = service;
    const hosts = plainTexts(service.hosts);
    const inMesh = gateways === undefined || listOf(gateways).length === 0 || listOf(gateways).includes(allProxies);
    hosts.forEach((host, index) => {
        const path = `service.hosts[${index}]`;
        problems.require(host !== "*" || !inMesh, {
            path,
            value: host,
            rule: `stands for all hosts, which no route may that holds inside the mesh too: ${standsStill}`,
            fix: 'Name the hosts, or the gateways without "mesh" in `service.gateways`.',
        });
        const other = hosts.slice(0, index).find((one) => covers(one, host) || covers(host, one));
        problems.require(other === undefined, {
            path,
            value: host,
            rule: `and ${JSON.stringify(other)} say the same of some hosts: ${standsStill}`,
            fix: "Leave one of them out.",
        });
    });
}

/** Whether a host, or all that it stands for, is among those that another one stands for. */
function covers(wide: string, host: string): boolean {
    return wide === host || (wide.startsWith("*") && host.endsWith(wide.slice(1)));
}

function checkGatewayNames(problems: Problems, { service }: AppRequest): void {
    const lists: Record<string, unknown> = { "service.gateways": service.gateways };
    listOf(service.match).forEach((match, index) => {
        lists[`service.match[${index}].gateways`] = isObject(match) ? match.gateways : undefined;
    });
    for (const [path, list] of Object.entries(lists)) {
        listOf(list).forEach((gateway, index) => {
            const [, name] = typeof gateway === "string" ? gateway.split("/") : [];
            problems.require(name === undefined || label.test(name), {
                path: `${path}[${index}]`,
                value: gateway,
                rule: `names a gateway as Istio takes none, with something other than letters, digits and dashes: ${standsStill}`,
                fix: 'Write it like "istio-ingress/public".',
            });
        });
    }
}

function checkTexts(problems: Problems, request: AppRequest): void {
    for (const { path, match } of matchedTexts(request)) {
        const { regex } = match;
        if (typeof regex !== "string") {
            continue;
        }
        problems.require(!notInRe2.test(regex), {
            path: `${path}.regex`,
            value: regex,
            rule: `looks around or back, which RE2 cannot: ${standsStill}`,
            fix: "Write it without.",
        });
        problems.require(regex.length <= longestRegex, {
            path: `${path}.regex`,
            value: regex,
            rule: `is longer than ${longestRegex} characters: ${standsStill}`,
            fix: "Write it shorter, or as several matches.",
        });
    }
}

function checkHeaders(problems: Problems, request: AppRequest): void {
    const named = matchedTexts(request).filter(({ header }) => header !== undefined);
    for (const { path, header } of named as Required<MatchedText>[]) {
        checkHeaderName(problems, path, header);
    }
    const { headers } = request.service;
    for (const side of ["request", "response"] as const) {
        for (const change of ["set", "add", "remove"] as const) {
            const at = `service.headers.${side}.${change}`;
            const given: unknown = isObject(headers) && isObject(headers[side]) ? headers[side][change] : undefined;
            const names = change === "remove" ? plainTexts(given) : Object.keys(isObject(given) ? given : {});
            for (const name of names) {
                const path = change === "remove" ? at : entryPath(at, name);
                checkHeaderName(problems, path, name);
                problems.require(name.toLowerCase() !== "host" || (side === "request" && change !== "remove"), {
                    path,
                    value: name,
                    rule: `is no header that a route can change there: ${standsStill}`,
                    fix: "Change it with `rewrite.authority`.",
                });
                const value = change !== "remove" && isObject(given) ? given[name] : undefined;
                problems.require(typeof value !== "string" || !hasLonePercent(value), {
                    path,
                    value,
                    rule: `has a percent sign, which begins a variable of the proxy's: ${standsStill}`,
                    fix: "Write it twice.",
                });
            }
        }
    }
}

function checkHeaderName(problems: Problems, path: string, name: string): void {
    problems.require(headerName.test(name), {
        path,
        value: name,
        rule: `is not the name of a header that Istio takes, of letters, digits, dashes and underscores: ${standsStill}`,
        fix: 'Write it like "x-user".',
    });
}

/** Whether there is a percent sign that is neither doubled nor around a variable: "%DOWNSTREAM_REMOTE_ADDRESS%". */
function hasLonePercent(value: string): boolean {
    return value.replace(/%%|%[A-Z_]+(\([^)]*\))?(:\d+)?%/g, "").includes("%");
}

function checkCors(problems: Problems, { service }: AppRequest): void {
    const { cors } = service;
    if (!isObject(cors)) {
        return;
    }
    plainTexts(cors.allowMethods).forEach((method, index) =>
        problems.require(corsMethods.includes(method), {
            path: `service.cors.allowMethods[${index}]`,
            value: method,
            rule: `is not a method that Istio takes: ${standsStill}`,
            fix: `Use some of ${corsMethods.join(", ")}.`,
        }),
    );
    for (const field of ["allowHeaders", "exposeHeaders"] as const) {
        plainTexts(cors[field]).forEach((name, index) => {
            if (name !== "*") {
                checkHeaderName(problems, `service.cors.${field}[${index}]`, name);
            }
        });
    }
    problems.require(typeof cors.maxAge !== "string" || !/ms|\./.test(cors.maxAge), {
        path: "service.cors.maxAge",
        value: cors.maxAge,
        rule: `is not of whole seconds: ${standsStill}`,
        fix: 'Write it like "30s" or "24h".',
    });
}

/** A route that another one leads to has no hosts and gateways of its own, and may not ask by regular expressions. */
function checkDelegation(problems: Problems, request: AppRequest): void {
    const { service, analysis, path } = request;
    if (service.delegation !== true) {
        return;
    }
    problems.require(path === undefined, {
        path: "gateway.path",
        value: path,
        rule: "cannot stand beside service.delegation: the VirtualService that delegates says where the application answers",
        fix: "Leave one of the two out.",
    });
    problems.require(!isTcp(request), {
        path: "service.delegation",
        value: true,
        rule: `cannot be had for TCP: ${standsStill}`,
        fix: "Leave it out.",
    });
    const cookies = listOf(analysis.abTest?.match).map((match, index) => ({
        path: `analysis.abTest.match[${index}].cookies`,
        regex: isObject(match) ? match.cookies : undefined,
    }));
    const texts = matchedTexts(request).map(({ path, match }) => ({ path: `${path}.regex`, regex: match.regex }));
    for (const { path, regex } of [...texts, ...cookies]) {
        problems.require(regex === undefined, {
            path,
            value: regex,
            rule: `takes a regular expression, which a route that others delegate to may not have: ${standsStill}`,
            fix: "Use headers, with exact or prefix.",
        });
    }
    problems.require(analysis.sessionAffinity === undefined, {
        path: "analysis.sessionAffinity",
        value: analysis.sessionAffinity,
        rule: `looks for its cookie by a regular expression, which a route that others delegate to may not have: ${standsStill}`,
        fix: "Leave it out, or service.delegation.",
    });
}

/** Of TCP Istio sees connections, and Flagger's route only splits them by weights. */
function checkTcp(problems: Problems, { analysis, path }: AppRequest): void {
    const refused: Record<string, { given: unknown; why: string }> = {
        "gateway.path": {
            given: path,
            why: "leads HTTP to applications, and this one is asked for by TCP",
        },
        "analysis.abTest": {
            given: analysis.abTest,
            why: "looks at requests, which nobody sees in TCP: Flagger would send all connections to the canary",
        },
        "analysis.steps.mirror": {
            given: analysis.steps?.mirror === true || undefined,
            why: "copies requests, which nobody sees in TCP: Flagger would never get past its first step",
        },
        "analysis.blueGreen.mirror": {
            given: analysis.blueGreen?.mirror === true || undefined,
            why: "copies requests, which nobody sees in TCP: Flagger would judge the canary without them",
        },
        "analysis.sessionAffinity": {
            given: analysis.sessionAffinity,
            why: "sets cookies, which TCP has none of",
        },
    };
    for (const [path, { given, why }] of Object.entries(refused)) {
        problems.require(given === undefined, {
            path,
            value: given,
            rule: why,
            fix: "Leave it out, or give the port another `service.appProtocol`.",
        });
    }
    const metrics: unknown = analysis.metrics ?? [{ name: "request-success-rate" }, { name: "request-duration" }];
    listOf(metrics).forEach((metric, index) => {
        const name: unknown = isObject(metric) ? metric.name : undefined;
        problems.require(name !== "request-success-rate" && name !== "request-duration", {
            path: analysis.metrics === undefined ? "analysis.metrics" : `analysis.metrics[${index}]`,
            value: name,
            rule: "counts requests, which nobody sees in TCP: without a value every rollout would be rolled back",
            fix: "Give metrics of your own, such as a query for istio_tcp_connections_opened_total.",
        });
    });
}
