import { KubernetesObject, V1Service } from "@kubernetes/client-node";

import { World } from "../../../../lab/mesh/mesh";

/** A cluster with these objects, and with services by their names and addresses: `{ "podinfo.apps": "10.96.0.7" }`. */
export function world(objects: KubernetesObject[], services: Record<string, string> = {}): World {
    return {
        objects: (kind) => objects.filter((object) => object.kind === kind),
        services: () =>
            Object.entries(services).map(([host, clusterIP]): V1Service => {
                const [name, namespace] = host.split(".");
                return { metadata: { name, namespace }, spec: { clusterIP } };
            }),
    };
}

/** An object of a kind, in the namespace `apps` unless its name says another: `podinfo.other`. */
export function object(kind: string, name: string, spec: object): KubernetesObject {
    const [own, namespace = "apps"] = name.split(".");
    return { kind, metadata: { name: own, namespace }, spec } as KubernetesObject;
}
