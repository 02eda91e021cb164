import { KubernetesObject } from "@kubernetes/client-node";

import { World } from "../mesh";

/** The group and version of App Mesh's objects. */
export const group = "appmesh.k8s.aws";
export const version = "v1beta2";

/** App Mesh's kinds that the lab's controller keeps. */
export const plurals = {
    Mesh: "meshes",
    VirtualNode: "virtualnodes",
    VirtualRouter: "virtualrouters",
    VirtualService: "virtualservices",
    VirtualGateway: "virtualgateways",
    GatewayRoute: "gatewayroutes",
} as const;

export type MeshKind = keyof typeof plurals;

interface Selector {
    matchLabels?: Record<string, string>;
}

export interface Reference {
    name: string;
    namespace?: string;
}

export interface Duration {
    unit: "s" | "ms";
    value: number;
}

export interface Timeout {
    idle?: Duration;
    perRequest?: Duration;
}

export type Protocol = "http" | "http2" | "grpc" | "tcp";

/** Whether Envoy has to speak HTTP/2 for a protocol. */
export function isHttp2(protocol: Protocol): boolean {
    return protocol === "http2" || protocol === "grpc";
}

export interface MeshListener {
    portMapping: { port: number; protocol: Protocol };
    timeout?: Partial<Record<Protocol, Timeout>>;
}

/** What is asked of a header. */
export interface MeshHeader {
    name: string;
    invert?: boolean;
    match?: {
        exact?: string;
        prefix?: string;
        suffix?: string;
        regex?: string;
        range?: { start: number; end: number };
    };
}

/** What is asked of a request, by a route or by a gateway route. */
export interface HttpMatch {
    prefix?: string;
    path?: { exact?: string; regex?: string };
    headers?: MeshHeader[];
    queryParameters?: { name: string; match?: { exact?: string } }[];
    method?: string;
    hostname?: { exact?: string; suffix?: string };
    port?: number;
}

export interface RetryPolicy {
    httpRetryEvents?: string[];
    grpcRetryEvents?: string[];
    tcpRetryEvents?: string[];
    maxRetries: number;
    perRetryTimeout?: Duration;
}

export interface WeightedTarget {
    virtualNodeRef?: Reference;
    weight: number;
    port?: number;
}

export interface HttpRoute {
    match?: HttpMatch;
    action: { weightedTargets: WeightedTarget[] };
    timeout?: Timeout;
    retryPolicy?: RetryPolicy;
}

/** A route of a virtual router. */
export interface MeshRoute {
    name: string;
    /** The lowest number is asked first. */
    priority?: number;
    httpRoute?: HttpRoute;
    http2Route?: HttpRoute;
    tcpRoute?: { match?: { port?: number }; action: { weightedTargets: WeightedTarget[] } };
}

export interface ServiceReference {
    virtualServiceRef?: Reference;
    virtualServiceARN?: string;
}

export interface Mesh extends KubernetesObject {
    spec?: { namespaceSelector?: Selector; egressFilter?: { type: "ALLOW_ALL" | "DROP_ALL" } };
}

export interface VirtualNode extends KubernetesObject {
    spec?: {
        podSelector?: Selector;
        listeners?: MeshListener[];
        backends?: { virtualService: ServiceReference }[];
        serviceDiscovery?: { dns?: { hostname: string } };
        logging?: { accessLog?: { file?: { path: string } } };
    };
}

export interface VirtualRouter extends KubernetesObject {
    spec?: { listeners?: MeshListener[]; routes?: MeshRoute[] };
}

export interface VirtualService extends KubernetesObject {
    spec?: {
        awsName?: string;
        provider?: { virtualRouter?: { virtualRouterRef?: Reference }; virtualNode?: { virtualNodeRef?: Reference } };
    };
}

export interface VirtualGateway extends KubernetesObject {
    spec?: { namespaceSelector?: Selector; podSelector?: Selector; listeners?: MeshListener[] };
}

export interface GatewayRoute extends KubernetesObject {
    spec?: {
        priority?: number;
        httpRoute?: {
            match?: HttpMatch;
            action: {
                target: { virtualService: ServiceReference };
                rewrite?: {
                    hostname?: { defaultTargetHostname?: string };
                    path?: { exact?: string };
                    prefix?: { defaultPrefix?: string; value?: string };
                };
            };
        };
    };
}

/** App Mesh's objects by their kind. */
export interface MeshObjects {
    Mesh: Mesh;
    VirtualNode: VirtualNode;
    VirtualRouter: VirtualRouter;
    VirtualService: VirtualService;
    VirtualGateway: VirtualGateway;
    GatewayRoute: GatewayRoute;
}

/** Whether the labels are what a selector asks for: an empty one selects everything, one that is not there nothing. */
export function selects(selector: Selector | undefined, labels: Record<string, string> | undefined): boolean {
    return (
        selector !== undefined &&
        Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels?.[key] === value)
    );
}

/** All objects of a kind. */
export function members<K extends MeshKind>(world: World, kind: K): MeshObjects[K][] {
    return world.objects(kind);
}

/** The object that a reference in an object of this namespace means. */
export function find<K extends MeshKind>(
    world: World,
    kind: K,
    reference: Reference | undefined,
    from: string,
): MeshObjects[K] | undefined {
    return members(world, kind).find(
        ({ metadata }) => metadata?.name === reference?.name && metadata?.namespace === (reference?.namespace ?? from),
    );
}

/** The virtual service that a backend or a gateway route means, by its object or by its name in AWS. */
export function serviceOf(world: World, reference: ServiceReference, from: string): VirtualService | undefined {
    const inAws = /:mesh\/[^/]+\/virtualService\/(.+)$/.exec(reference.virtualServiceARN ?? "")?.[1];
    return inAws === undefined
        ? find(world, "VirtualService", reference.virtualServiceRef, from)
        : members(world, "VirtualService").find((service) => hostOf(service) === inAws);
}

/** The host that a virtual service stands for. */
export function hostOf({ metadata, spec }: VirtualService): string {
    return spec?.awsName ?? `${metadata!.name}.${metadata!.namespace}`;
}
