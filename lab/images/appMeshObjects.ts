import { KubernetesObject } from "@kubernetes/client-node";

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

interface Reference {
    name: string;
    namespace?: string;
}

/** A route of a virtual router. */
export interface MeshRoute {
    name: string;
    /** The lowest number is asked first. */
    priority?: number;
    httpRoute?: {
        match?: { prefix?: string; headers?: MeshHeader[] };
        action: { weightedTargets: { virtualNodeRef?: Reference; weight: number }[] };
    };
}

/** What a route asks of a header. */
export interface MeshHeader {
    name: string;
    invert?: boolean;
    match?: { exact?: string; prefix?: string; suffix?: string; regex?: string };
}

/** What the lab reads of an App Mesh object, whatever its kind. */
export interface MeshObject extends KubernetesObject {
    spec?: {
        namespaceSelector?: Selector;
        podSelector?: Selector;
        listeners?: { portMapping: { port: number; protocol: string } }[];
        routes?: MeshRoute[];
        provider?: { virtualRouter?: { virtualRouterRef?: Reference } };
        httpRoute?: {
            match?: { prefix?: string };
            action: { target: { virtualService: { virtualServiceRef?: Reference } } };
        };
    };
}

/** Whether the labels are what a selector asks for. A selector that asks for nothing matches nothing here. */
export function selects(selector: Selector | undefined, labels: Record<string, string> | undefined): boolean {
    const wanted = Object.entries(selector?.matchLabels ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}
