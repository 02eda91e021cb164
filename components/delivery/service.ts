import { Mesh } from "../mesh/mesh";
import { checkObjectName } from "../objectNames";
import { Fields, asksForSomething, checkFields, checkSwitch, checkWord, isObject } from "../shape";
import { Problems, checkDuration, seconds } from "../validation";
import { checkBackends } from "./service/backends";
import { checkCors } from "./service/cors";
import { checkHeaderChanges } from "./service/headers";
import { checkMetadata, checkUnmanagedMetadata } from "./service/metadata";
import { checkGateways, checkHosts, checkServiceName } from "./service/names";
import { checkPorts } from "./service/ports";
import { checkGatewayRefs, checkRequestMirrors } from "./service/references";
import { checkRetries, retriesSpec } from "./service/retries";
import { checkRewrite } from "./service/rewrite";
import { checkMatches, matchSpec, matchWarnings } from "./service/routeMatch";
import { checkTrafficPolicy } from "./service/trafficPolicy";
import { ServiceArgs } from "./serviceArgs";

/** Checks a service against what Flagger and the mesh take. */
export function checkService(problems: Problems, path: string, service: ServiceArgs | undefined, mesh: Mesh): void {
    const given = checkFields(problems, path, service, "Write it like { port: 80 }.");
    if (given === undefined) {
        return;
    }
    checkServiceName(problems, `${path}.name`, given.name);
    checkPorts(problems, path, given);
    checkWord(problems, `${path}.trafficDistribution`, given.trafficDistribution, [
        "PreferClose",
        "PreferSameZone",
        "PreferSameNode",
    ]);
    checkSwitch(problems, `${path}.portDiscovery`, given.portDiscovery);
    checkSwitch(problems, `${path}.headless`, given.headless);
    checkTimeouts(problems, path, given, mesh);
    checkRetries(problems, `${path}.retries`, given.retries, mesh);
    checkMatches(problems, `${path}.match`, given.match);
    checkRewrite(problems, `${path}.rewrite`, given.rewrite);
    checkHeaderChanges(problems, `${path}.headers`, given.headers);
    checkRequestMirrors(problems, `${path}.mirror`, given.mirror);
    checkCors(problems, `${path}.cors`, given.cors);
    checkTrafficPolicy(problems, `${path}.trafficPolicy`, given.trafficPolicy);
    checkHosts(problems, `${path}.hosts`, given.hosts);
    checkGateways(problems, `${path}.gateways`, given.gateways);
    checkGatewayRefs(problems, `${path}.gatewayRefs`, given.gatewayRefs);
    checkDelegation(problems, path, given);
    checkObjectName(problems, `${path}.meshName`, given.meshName);
    checkBackends(problems, `${path}.backends`, given.backends);
    checkMetadata(problems, `${path}.apex`, given.apex);
    checkMetadata(problems, `${path}.primary`, given.primary);
    checkMetadata(problems, `${path}.canary`, given.canary);
    checkUnmanagedMetadata(problems, `${path}.unmanagedMetadata`, given.unmanagedMetadata);
    for (const [field, why] of Object.entries(mesh.capabilities.refused)) {
        problems.require(!asksForSomething(given[field]), {
            path: `${path}.${field}`,
            value: given[field],
            rule: `cannot be had on ${mesh.title}: ${why}`,
            fix: "Leave it out.",
        });
    }
}

function checkTimeouts(problems: Problems, path: string, service: Fields, mesh: Mesh): void {
    const { timeout, backendTimeout } = service;
    const found = problems.all.length;
    checkDuration(problems, `${path}.timeout`, timeout);
    checkDuration(problems, `${path}.backendTimeout`, backendTimeout);
    const ignored = Object.hasOwn(mesh.capabilities.ignored, "backendTimeout");
    if (ignored || problems.all.length > found || timeout === undefined || backendTimeout === undefined) {
        return;
    }
    problems.require(seconds(backendTimeout as string) <= seconds(timeout as string), {
        path: `${path}.backendTimeout`,
        value: backendTimeout,
        rule:
            `is longer than the timeout of all tries, ${timeout as string}; the cluster would refuse the route and ` +
            "Flagger would stand still",
        fix: "Give the timeout at most.",
    });
}

function checkDelegation(problems: Problems, path: string, service: Fields): void {
    checkSwitch(problems, `${path}.delegation`, service.delegation);
    for (const field of ["hosts", "gateways"]) {
        problems.require(service.delegation !== true || !asksForSomething(service[field]), {
            path: `${path}.${field}`,
            value: service[field],
            rule:
                "cannot stand beside delegation: Flagger would refuse to make the route on Istio, again and again, and " +
                "release nothing",
            fix: "Leave it to the VirtualService that delegates, or leave delegation out.",
        });
    }
}

/** What a user should know of a service that is allowed but does not do what it seems to. */
export function serviceWarnings(service: ServiceArgs | undefined, mesh: Mesh): string[] {
    const given: unknown = service;
    if (!isObject(given)) {
        return [];
    }
    const { ignored, portNames } = mesh.capabilities;
    const portName = typeof given.portName === "string" ? given.portName : "";
    return [
        ...Object.entries(portNames)
            .filter(([part]) => portName.includes(part))
            .map(([, why]) => `service.portName: "${portName}" on ${mesh.title}: ${why}.`),
        ...Object.entries(ignored)
            .filter(([field]) => asksForSomething(given[field]))
            .map(([field, why]) => `service.${field}: ignored on ${mesh.title}: ${why}.`),
        ...(Object.hasOwn(ignored, "match") ? [] : matchWarnings("service.match", given.match, mesh)),
    ];
}

/** What the Canary calls by the same name and writes in the same way. */
const asGiven = [
    "name",
    "appProtocol",
    "trafficDistribution",
    "portDiscovery",
    "headless",
    "timeout",
    "backendTimeout",
    "rewrite",
    "headers",
    "mirror",
    "trafficPolicy",
    "hosts",
    "gateways",
    "gatewayRefs",
    "delegation",
    "meshName",
    "backends",
    "apex",
    "primary",
    "canary",
    "unmanagedMetadata",
] as const satisfies readonly (keyof ServiceArgs)[];

/** The `service` of a Canary. */
export function serviceSpec(service: ServiceArgs, port: number): Record<string, unknown> {
    const { portName, targetPort, targetPortName, retries, match, cors } = service;
    return {
        port,
        portName: portName ?? "http",
        targetPort: targetPortName ?? targetPort ?? port,
        ...Object.fromEntries(asGiven.flatMap((key) => (service[key] === undefined ? [] : [[key, service[key]]]))),
        ...(retries !== undefined && { retries: retriesSpec(retries) }),
        ...(match !== undefined && { match: match.map(matchSpec) }),
        ...(cors !== undefined && { corsPolicy: cors }),
    };
}
