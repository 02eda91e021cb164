import { KubernetesObject, V1Pod, V1Service } from "@kubernetes/client-node";

import { Kind } from "../kubelet/watch";
import { ProxyConfig, ProxyPorts } from "./envoy";

/** What a mesh of the lab sees of the cluster. */
export interface World {
    /** Every object of one of the mesh's kinds. */
    objects(kind: string): KubernetesObject[];
    services(): V1Service[];
}

/** Where users come in: requests to the load balancer of these pods. */
export interface Entrance {
    namespace: string;
    /** The name of the route that lets them in. */
    name: string;
    /** Labels of the gateway's pods, the namespace they are in, and the load balancer's port, where it is not its first. */
    gateway: { namespace: string; labels: Record<string, string>; port?: number };
    path: string;
    /** The host to ask for, where the route wants one. */
    host?: string;
}

/** Stands in for the control plane of a mesh: says what its proxies have to do. */
export interface Mesh {
    /** The kinds of objects it reads, by their names. */
    kinds: Record<string, Kind>;
    /** The name of the container that is its proxy, and the proxy's ports. */
    container: string;
    ports: ProxyPorts;
    /** Whether what is sent to this port of the pod goes through the pod's proxy. */
    redirects(pod: V1Pod, port: number): boolean;
    /** Whether what the pod sends goes through its proxy. A gateway's own does not. */
    redirectsOutbound(pod: V1Pod): boolean;
    /** What the proxy of a pod has to do. */
    translate(world: World, pod: V1Pod): ProxyConfig;
    entrances(world: World): Entrance[];
    /** What the objects ask for that is not translated, each with the object it stands in. */
    untranslated(world: World): { object: KubernetesObject; field: string }[];
}
