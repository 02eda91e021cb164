import { KubernetesObject } from "@kubernetes/client-node";

import { World } from "../mesh";

/** The group of Istio's objects, and the version in which Flagger writes them. */
export const group = "networking.istio.io";
export const version = "v1beta1";

/** Istio's kinds that the lab translates. */
export const plurals = {
    VirtualService: "virtualservices",
    DestinationRule: "destinationrules",
    Gateway: "gateways",
} as const;

export type IstioKind = keyof typeof plurals;

/** What is asked of a text: one of these, or, where it is empty, that there is any. */
export interface StringMatch {
    exact?: string;
    prefix?: string;
    regex?: string;
}

/** What is asked of a request. All of it has to be true. */
export interface HttpMatch {
    uri?: StringMatch;
    scheme?: StringMatch;
    method?: StringMatch;
    authority?: StringMatch;
    headers?: Record<string, StringMatch>;
    withoutHeaders?: Record<string, StringMatch>;
    queryParams?: Record<string, StringMatch>;
    ignoreUriCase?: boolean;
    /** Of the pod that sends the request, where that has a sidecar. */
    sourceLabels?: Record<string, string>;
    sourceNamespace?: string;
    gateways?: string[];
    port?: number;
}

interface HeaderOperations {
    set?: Record<string, string>;
    add?: Record<string, string>;
    remove?: string[];
}

export interface Headers {
    request?: HeaderOperations;
    response?: HeaderOperations;
}

export interface Destination {
    host: string;
    port?: { number?: number };
}

export interface RouteDestination {
    destination: Destination;
    weight?: number;
    headers?: Headers;
}

export interface Retries {
    attempts?: number;
    perTryTimeout?: string;
    retryOn?: string;
}

export interface CorsPolicy {
    allowOrigins?: StringMatch[];
    allowMethods?: string[];
    allowHeaders?: string[];
    exposeHeaders?: string[];
    maxAge?: string;
    allowCredentials?: boolean;
}

export interface Percent {
    value?: number;
}

export interface Fault {
    delay?: { fixedDelay?: string; percentage?: Percent };
    abort?: { httpStatus?: number; percentage?: Percent };
}

export interface HttpRoute {
    name?: string;
    match?: HttpMatch[];
    route?: RouteDestination[];
    /** Another virtual service, whose routes stand in the place of this one. */
    delegate?: { name: string; namespace?: string };
    timeout?: string;
    retries?: Retries;
    rewrite?: { uri?: string; authority?: string };
    headers?: Headers;
    mirror?: Destination;
    mirrorPercentage?: Percent;
    corsPolicy?: CorsPolicy;
    fault?: Fault;
}

export interface TcpRoute {
    match?: { port?: number }[];
    route?: RouteDestination[];
}

export interface VirtualService extends KubernetesObject {
    spec?: { hosts?: string[]; gateways?: string[]; http?: HttpRoute[]; tcp?: TcpRoute[] };
}

export interface DestinationRule extends KubernetesObject {
    spec?: {
        host: string;
        trafficPolicy?: {
            connectionPool?: {
                tcp?: { maxConnections?: number };
                http?: { http1MaxPendingRequests?: number; http2MaxRequests?: number; maxRetries?: number };
            };
            tls?: { mode?: string };
        };
    };
}

export interface Gateway extends KubernetesObject {
    spec?: {
        selector?: Record<string, string>;
        servers?: { port: { number: number; protocol: string }; hosts: string[] }[];
    };
}

/** Istio's objects by their kind. */
export interface IstioObjects {
    VirtualService: VirtualService;
    DestinationRule: DestinationRule;
    Gateway: Gateway;
}

/** All objects of a kind, the oldest first: where two say something of the same, Istio goes by that one. */
export function members<K extends IstioKind>(world: World, kind: K): IstioObjects[K][] {
    const age = ({ metadata }: KubernetesObject) => new Date(metadata?.creationTimestamp ?? 0).getTime();
    return [...(world.objects(kind) as IstioObjects[K][])].sort((a, b) => age(a) - age(b));
}
