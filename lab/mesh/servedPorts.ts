import { V1Pod, V1Service, V1ServicePort } from "@kubernetes/client-node";

import { World } from "./mesh";

/** A port on which a pod's application is asked. */
export interface ServedPort {
    port: number;
    /** Whether it is asked by HTTP/2 only. */
    http2: boolean;
}

/** The ports of a pod that services lead to, or that its containers name; those of its proxy are not among them. */
export function servedPorts(world: World, pod: V1Pod, proxy: string): ServedPort[] {
    const containers = (pod.spec?.containers ?? []).filter(({ name }) => name !== proxy);
    const named = containers.flatMap(({ ports = [] }) => ports);
    const targets = servicesOf(world, pod).flatMap(({ spec }) =>
        (spec?.ports ?? []).flatMap((servicePort) => {
            const { port, targetPort = port } = servicePort;
            const target = named.find(({ name }) => name === targetPort)?.containerPort ?? Number(targetPort);
            return Number.isNaN(target) ? [] : [{ port: target, http2: isHttp2(servicePort) }];
        }),
    );
    const all = [...targets, ...named.map(({ containerPort }) => ({ port: containerPort, http2: false }))];
    return all.filter(({ port }, index) => all.findIndex((other) => other.port === port) === index);
}

/** Whether a port of a service is spoken to in HTTP/2, by what meshes go by: its protocol, or else its name. */
export function isHttp2({ appProtocol, name }: V1ServicePort): boolean {
    return /^(grpc|http2|h2c|kubernetes\.io\/h2c)\b/.test(appProtocol ?? name ?? "");
}

/** The services that select a pod. */
export function servicesOf(world: World, { metadata }: V1Pod): V1Service[] {
    return world.services().filter((service) => {
        const selector = Object.entries(service.spec?.selector ?? {});
        return (
            service.metadata?.namespace === metadata?.namespace &&
            selector.length > 0 &&
            selector.every(([key, value]) => metadata?.labels?.[key] === value)
        );
    });
}
