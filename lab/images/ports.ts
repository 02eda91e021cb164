import { V1Pod } from "@kubernetes/client-node";

/** Where a proxy beside an application takes its requests, as App Mesh's does. */
export const ingressPort = 15000;

/** Where a proxy shows its statistics, as App Mesh's does. */
export const adminPort = 9901;

/** The variable that tells a proxy which ports of its pod it stands before, as App Mesh's injector sets it. */
export const appPortsVariable = "APPMESH_APP_PORTS";

/** The port of the pod's proxy, if there is one before this port: what the mesh's traffic redirection would choose. */
export function proxyPort(pod: V1Pod | undefined, port: number): number | undefined {
    const proxy = pod?.spec?.containers.find((c) => c.name === "envoy");
    const ports = proxy?.env?.find((e) => e.name === appPortsVariable)?.value?.split(",") ?? [];
    return ports.includes(String(port)) ? ingressPort : undefined;
}
