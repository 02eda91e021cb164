import { KubernetesObject } from "@kubernetes/client-node";

import { HttpMatch, HttpRoute, MeshRoute } from "../../lab/mesh/appMesh/objects";
import { podinfo } from "./delivery";

/** The labels by which namespaces become members of the mesh and their pods get proxies. */
const membership = { mesh: "lab", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" };

/** The port on which podinfo answers. */
export const appPort = 9898;

/** Any object, in the namespace of the mesh's applications unless it says otherwise. */
function object(apiVersion: string, kind: string, name: string, spec: object, namespace = "apps"): KubernetesObject {
    return { apiVersion, kind, metadata: { name, namespace }, spec } as KubernetesObject;
}

/** An object of App Mesh. */
export function meshObject(kind: string, name: string, spec: object): KubernetesObject {
    return object("appmesh.k8s.aws/v1beta2", kind, name, spec);
}

/** The mesh, which lets through nothing but what it knows unless `filter` says otherwise. */
export function mesh(filter: "DROP_ALL" | "ALLOW_ALL"): KubernetesObject {
    return {
        apiVersion: "appmesh.k8s.aws/v1beta2",
        kind: "Mesh",
        metadata: { name: "lab" },
        spec: { namespaceSelector: { matchLabels: { mesh: "lab" } }, egressFilter: { type: filter } },
    } as KubernetesObject;
}

export function namespace(name: string, isMember: boolean): KubernetesObject {
    return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: isMember ? membership : {} } };
}

/** An address for a name. Those of virtual services have no pods of their own. */
export function service(name: string, port: number, changes: object = {}, home?: string): KubernetesObject {
    const ports = [{ port, targetPort: port }];
    return object("v1", "Service", name, { selector: { app: name }, ports, ...changes }, home);
}

/** A Deployment of pods with this one container. */
export function deployment(name: string, container: object, replicas = 1, home?: string): KubernetesObject {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    return object("apps/v1", "Deployment", name, { replicas, selector: { matchLabels: labels }, template }, home);
}

/** podinfo, whose tag says how it behaves. It outlives its proxy, as the workloads of CanaryApp do. */
export function app(tag: string): object {
    const readinessProbe = { httpGet: { path: "/readyz", port: appPort } };
    const lifecycle = { preStop: { sleep: { seconds: 8 } } };
    return { name: "podinfo", image: podinfo(tag), ports: [{ containerPort: appPort }], readinessProbe, lifecycle };
}

/** Flagger's load tester, which runs the commands that are sent to it. */
export const tester = {
    name: "loadtester",
    image: "ghcr.io/fluxcd/flagger-loadtester:0.36.0",
    command: ["./loadtester", "-port=8080"],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
};

/** A gateway's proxy, as the chart has it. */
export const gatewayProxy = {
    name: "envoy",
    image: "mirror.example/aws-appmesh-envoy:v1.29.12.3-prod",
    ports: [{ name: "http", containerPort: 8088 }],
    readinessProbe: { tcpSocket: { port: 9901 } },
};

/** The virtual node that stands for the pods of a service. */
export function virtualNode(name: string, port: number, more: object = {}): KubernetesObject {
    return meshObject("VirtualNode", name, {
        podSelector: { matchLabels: { app: name } },
        listeners: [{ portMapping: { port, protocol: "http" } }],
        serviceDiscovery: { dns: { hostname: `${name}.apps.svc.cluster.local` } },
        ...more,
    });
}

/** A virtual service with a virtual router of its own, and an address for its name. */
export function routed(name: string, routes: MeshRoute[]): KubernetesObject[] {
    const listeners = [{ portMapping: { port: appPort, protocol: "http" } }];
    return [
        service(name, appPort),
        meshObject("VirtualRouter", name, { listeners, routes }),
        meshObject("VirtualService", name, { provider: { virtualRouter: { virtualRouterRef: { name } } } }),
    ];
}

/** The action of a route that shares its requests among virtual nodes: `{ one: 90, two: 10 }`. */
export function shared(weights: Record<string, number>): HttpRoute["action"] {
    const targets = Object.entries(weights);
    return { weightedTargets: targets.map(([name, weight]) => ({ virtualNodeRef: { name }, weight })) };
}

/** A route of all that matches to one virtual node. */
export function route(name: string, match: HttpMatch, node: string, priority?: number): MeshRoute {
    const whole = match.prefix === undefined && match.path === undefined ? { prefix: "/", ...match } : match;
    return { name, priority, httpRoute: { match: whole, action: shared({ [node]: 1 }) } };
}

/** A gateway route to a virtual service. */
export function gatewayRoute(
    name: string,
    match: HttpMatch,
    to: string,
    more: { rewrite?: object; priority?: number } = {},
): KubernetesObject {
    const target = { virtualService: { virtualServiceRef: { name: to } } };
    const { rewrite, priority } = more;
    return meshObject("GatewayRoute", name, { priority, httpRoute: { match, action: { target, rewrite } } });
}
