import { KubernetesObject } from "@kubernetes/client-node";

import { World } from "../mesh";

/** The group of the Gateway API, and the version in which Flagger writes routes for Linkerd. */
export const group = "gateway.networking.k8s.io";
export const version = "v1beta1";

/** What is asked of a header or of a parameter of the query. */
export interface ValueMatch {
    name: string;
    value: string;
    type?: "Exact" | "RegularExpression";
}

export interface RouteMatch {
    path?: { type?: "Exact" | "PathPrefix" | "RegularExpression"; value?: string };
    method?: string;
    headers?: ValueMatch[];
    queryParams?: ValueMatch[];
}

export interface HeaderFilter {
    set?: { name: string; value: string }[];
    add?: { name: string; value: string }[];
    remove?: string[];
}

export interface RouteFilter {
    type: string;
    requestHeaderModifier?: HeaderFilter;
    responseHeaderModifier?: HeaderFilter;
}

export interface BackendRef {
    name: string;
    namespace?: string;
    port?: number;
    weight?: number;
    filters?: RouteFilter[];
}

export interface RouteRule {
    matches?: RouteMatch[];
    filters?: RouteFilter[];
    backendRefs?: BackendRef[];
}

export interface ParentRef {
    group?: string;
    kind?: string;
    name: string;
    namespace?: string;
    port?: number;
}

export interface HttpRoute extends KubernetesObject {
    spec?: { parentRefs?: ParentRef[]; rules?: RouteRule[] };
}

/** All routes that have a service for a parent: Linkerd leaves those of gateways to others. */
export function httpRoutes(world: World): HttpRoute[] {
    return (world.objects("HTTPRoute") as HttpRoute[]).filter(({ spec }) => (spec?.parentRefs ?? []).some(isService));
}

export function isService({ group: of, kind }: ParentRef): boolean {
    return kind === "Service" && (of === "" || of === "core");
}
