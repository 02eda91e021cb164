import * as pulumi from "@pulumi/pulumi";

import { Mesh } from "../mesh/mesh";
import { checkObjectName } from "../objectNames";
import { Fields, asksForSomething, checkFields, checkSwitch, checkWord, isObject } from "../shape";
import { Problems, checkDuration, seconds } from "../validation";
import { checkBackends } from "./service/backends";
import { CorsArgs, checkCors } from "./service/cors";
import { HeaderChangesArgs, checkHeaderChanges } from "./service/headers";
import { ServiceMetadataArgs, UnmanagedMetadataArgs, checkMetadata, checkUnmanagedMetadata } from "./service/metadata";
import { checkGateways, checkHosts, checkServiceName } from "./service/names";
import { checkPorts } from "./service/ports";
import { GatewayRefArgs, RequestMirrorArgs, checkGatewayRefs, checkRequestMirrors } from "./service/references";
import { RetriesArgs, checkRetries, retriesSpec } from "./service/retries";
import { RewriteArgs, checkRewrite } from "./service/rewrite";
import { RouteMatchArgs, checkMatches, matchSpec, matchWarnings } from "./service/routeMatch";
import { TrafficPolicyArgs, checkTrafficPolicy } from "./service/trafficPolicy";

export type { RetriesArgs } from "./service/retries";

/** How an application is reached inside the mesh. Flagger makes the Kubernetes services and the mesh's routes from it. */
export interface ServiceArgs {
    /**
     * The name of the service; those of the two versions are this with `-primary` and `-canary`. After a change the
     * services and routes of the old name stay, and have to be removed by hand.
     * @default - the application's name
     */
    name?: string;
    /**
     * The port of the service.
     * @default - the workload's port; required with a target of your own
     */
    port?: number;
    /**
     * The name of that port, of at most 63 characters. Do not let it contain `grpc` on App Mesh: Flagger's route would
     * not fit.
     * @default "http"
     */
    portName?: string;
    /**
     * The number of the port that the pods listen on.
     * @default - that of the service
     */
    targetPort?: number;
    /**
     * The name of the port that the pods listen on, of at most 15 characters, instead of its number. App Mesh ignores
     * it.
     * @default - `targetPort` says it
     */
    targetPortName?: string;
    /**
     * The protocol of the port, as Kubernetes calls it: `http`, `grpc`, `kubernetes.io/h2c`. With `tcp`, Istio does not
     * look into requests: of all that is said of them here, only the ports of matches count.
     * @default - what the mesh makes of the port's name
     */
    appProtocol?: string;
    /**
     * Which pods Kubernetes prefers: `PreferClose`, `PreferSameZone` or `PreferSameNode`.
     * @default - none
     */
    trafficDistribution?: string;
    /**
     * Whether the service has all other ports of the containers too.
     * @default false
     */
    portDiscovery?: boolean;
    /**
     * Whether the services have no address of their own, and their names lead to the pods.
     * @default false
     */
    headless?: boolean;
    /**
     * How long a request may take, retries and all: seconds or minutes.
     * @default - the mesh's own limit (15 seconds on App Mesh)
     */
    timeout?: string;
    /**
     * How long one try may take, where the mesh is a Gateway API: seconds or minutes, no more than `timeout`.
     * @default - the mesh's own limit
     */
    backendTimeout?: string;
    /**
     * Which requests are tried again.
     * @default - none
     */
    retries?: RetriesArgs;
    /**
     * Which requests belong to the application: those that one of these describes. App Mesh reads the prefix of the
     * first alone.
     * @default - all
     */
    match?: RouteMatchArgs[];
    /**
     * Changes to where requests go.
     * @default - none
     */
    rewrite?: RewriteArgs;
    /**
     * Changes to headers.
     * @default - none
     */
    headers?: HeaderChangesArgs;
    /**
     * Where copies of requests go, where the mesh is a Gateway API. This has nothing to do with the canary.
     * @default - nowhere
     */
    mirror?: RequestMirrorArgs[];
    /**
     * Which pages of other origins may call from a browser.
     * @default - the application says it
     */
    cors?: CorsArgs;
    /**
     * How proxies connect to the application, on Istio.
     * @default - as the mesh does
     */
    trafficPolicy?: TrafficPolicyArgs;
    /**
     * Host names that lead to the application, in lower case; "*.example.com" stands for all below.
     * @default - the name of the service
     */
    hosts?: pulumi.Input<string>[];
    /**
     * Istio's gateways that lead to the application: `namespace/name`, or `mesh` for the proxies.
     * @default - the mesh
     */
    gateways?: pulumi.Input<string>[];
    /**
     * Gateways that the route joins, where the mesh is a Gateway API; at most 32.
     * @default - none
     */
    gatewayRefs?: GatewayRefArgs[];
    /**
     * Whether another VirtualService of Istio leads here, so that the route has no hosts and gateways of its own.
     * @default false
     */
    delegation?: boolean;
    /**
     * The mesh of old App Mesh objects. Nothing reads it today.
     * @default - none
     */
    meshName?: string;
    /**
     * Services of the mesh that the application calls, each once, by name in the same namespace or by ARN. App Mesh
     * lets no other call pass.
     * @default - none
     */
    backends?: pulumi.Input<string>[];
    /**
     * Labels and annotations of the service and of the mesh's objects.
     * @default - none
     */
    apex?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the primary's service.
     * @default - none
     */
    primary?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the canary's service.
     * @default - none
     */
    canary?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the services that others set and Flagger leaves alone.
     * @default - none
     */
    unmanagedMetadata?: UnmanagedMetadataArgs;
}

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
