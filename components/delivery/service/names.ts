import { checkHeaderNames } from "../../http";
import { checkList, checkPattern } from "../../shape";
import { Problems } from "../../validation";

const label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const domain = `(?=.{1,253}$)${label}(\\.${label})*`;
const hostName = new RegExp(`^(\\*|(\\*\\.)?${domain})$`);
const gatewayName = new RegExp(`^(${label}/)?${domain}$`);

// The longest of the names that Flagger makes of it ends in "-primary", and Kubernetes takes 63 characters.
const serviceName = /^[a-z]([-a-z0-9]{0,53}[a-z0-9])?$/;

/** Checks the name of the Kubernetes service; an absent one passes. */
export function checkServiceName(problems: Problems, path: string, value: unknown): void {
    problems.require(value === undefined || (typeof value === "string" && serviceName.test(value)), {
        path,
        value,
        rule: `is not a Service's name of at most 55 characters (Flagger adds "-primary"); the cluster would refuse it`,
        fix: "Use lower-case letters, digits and dashes, beginning with a letter and ending with a letter or digit.",
    });
}

/** Checks the names of headers that a route looks at or changes. */
export function checkRouteHeaders(problems: Problems, path: string, names: string[]): void {
    checkHeaderNames(problems, path, names, "the mesh would refuse the route and Flagger would stand still");
}

/** Checks a list of host names. */
export function checkHosts(problems: Problems, path: string, value: unknown): void {
    for (const [at, host] of checkList(problems, path, value, `Write it like ["app.example.com"].`)) {
        checkPattern(
            problems,
            at,
            host,
            hostName,
            "is not a host name; the mesh would refuse the route and Flagger would stand still",
            `Write it in lower case, like "app.example.com" or "*.example.com", without scheme and port.`,
        );
    }
}

/** Checks a list of Istio's gateways. */
export function checkGateways(problems: Problems, path: string, value: unknown): void {
    for (const [at, gateway] of checkList(problems, path, value, `Write it like ["istio-system/public"].`)) {
        checkPattern(
            problems,
            at,
            gateway,
            gatewayName,
            "does not name a gateway",
            `Write it like "istio-system/public", or "mesh" for all proxies.`,
        );
    }
}
