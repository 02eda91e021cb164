import { KubernetesObject, V1Pod, V1Service } from "@kubernetes/client-node";

import { Json, ProxyConfig } from "../../../../lab/mesh/envoy";
import { World } from "../../../../lab/mesh/mesh";

/** A cluster with these objects, and with services with addresses from 10.96.0.1 on that have the ports given. */
export function servedWorld(objects: KubernetesObject[], services: Record<string, Partial<V1Service["spec"]>>): World {
    return {
        objects: (kind) => objects.filter((object) => object.kind === kind),
        services: () =>
            Object.entries(services).map(([host, spec], index): V1Service => {
                const [name, namespace] = host.split(".");
                return { metadata: { name, namespace }, spec: { clusterIP: `10.96.0.${index + 1}`, ...spec } };
            }),
    };
}

/** A pod of an application in the namespace `apps`. */
export function pod(changes: V1Pod["metadata"] = {}): V1Pod {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5d4f", uid: "1", controller: true };
    return {
        metadata: {
            name: "web-5d4f-x",
            namespace: "apps",
            labels: { app: "web", "pod-template-hash": "5d4f" },
            ownerReferences: [owner],
            ...changes,
        },
        spec: { containers: [{ name: "web", ports: [{ name: "http", containerPort: 9898 }] }] },
    };
}

/** The routes of a proxy, by the names of their virtual hosts. */
export function routesOf({ routes }: ProxyConfig): Record<string, Json[]> {
    const hosts = routes.flatMap((table) => table.virtual_hosts as { name: string; routes: Json[] }[]);
    return Object.fromEntries(hosts.map(({ name, routes: own }) => [name, own]));
}

/** The matches of a listener's chains. */
export function matchesOf({ listeners }: ProxyConfig, name: string): unknown[] {
    const chains = listeners.find((listener) => listener.name === name)?.filter_chains as Json[] | undefined;
    return (chains ?? []).map((chain) => chain.filter_chain_match);
}
