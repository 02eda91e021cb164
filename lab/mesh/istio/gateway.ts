import { V1Pod, V1Service } from "@kubernetes/client-node";

import { Json, ProxyConfig, httpChain, listener, routeConfiguration } from "../envoy";
import { Entrance, World } from "../mesh";
import { servicesOf } from "../servedPorts";
import { Destinations } from "./destinations";
import { httpFilters } from "./filters";
import { fullHost, sharedHost } from "./hosts";
import { Source, fullGateway } from "./match";
import { Gateway, VirtualService, members } from "./objects";
import { httpRoutes } from "./routes";

const plainProtocols = ["HTTP", "HTTP2", "GRPC"];

/** A host that a gateway takes on a port, and a virtual service that says what becomes of its requests. */
interface Bound {
    gateway: Gateway;
    port: number;
    host: string;
    service: VirtualService;
}

/** What the proxy of a gateway's pod does: it takes the hosts of every gateway that selects it, by their virtual services. */
export function gatewayProxy(world: World, pod: V1Pod): ProxyConfig {
    const { namespace, labels = {} } = pod.metadata!;
    const destinations = new Destinations(world);
    const bound = boundHosts(world).filter(({ gateway }) => selects(gateway, labels));
    const ports = [...new Set(bound.map(({ port }) => port))];
    const routes = ports.map((port) => {
        const here = bound.filter((b) => b.port === port);
        const hosts = [...new Set(here.map(({ host }) => host))];
        const virtualHosts = hosts.map((host): Json => {
            const own = here.filter((b) => b.host === host);
            return {
                name: `${host}:${port}`,
                domains: [host],
                // Istio asks one virtual service after the other.
                routes: own.flatMap(({ gateway, service }) => {
                    const source: Source = { gateway: nameOf(gateway), namespace: namespace!, labels, port };
                    return httpRoutes(world, service, source, destinations);
                }),
            };
        });
        return routeConfiguration(`http.${port}`, virtualHosts);
    });
    return {
        listeners: ports.map((port) =>
            listener(`http.${port}`, targetPort(world, pod, port), [httpChain({}, `http.${port}`, httpFilters)]),
        ),
        routes,
        clusters: destinations.all(),
    };
}

/** Where users come in: at the load balancers before the gateways' pods. */
export function gatewayEntrances(world: World): Entrance[] {
    return boundHosts(world).flatMap(({ gateway, port, host, service }): Entrance[] => {
        const before = world.services().find((s) => isBefore(s, gateway) && servesPort(s, port));
        const { exact, prefix } = service.spec?.http?.[0]?.match?.find(({ uri }) => uri !== undefined)?.uri ?? {};
        // The names of services are for the mesh, not for users.
        return before === undefined || host.endsWith(".svc.cluster.local")
            ? []
            : [
                  {
                      namespace: service.metadata!.namespace!,
                      name: service.metadata!.name!,
                      gateway: { namespace: before.metadata!.namespace!, labels: before.spec!.selector!, port },
                      path: exact ?? prefix ?? "/",
                      ...(host !== "*" && { host: host.replace(/^\*/, "www") }),
                  },
              ];
    });
}

function boundHosts(world: World): Bound[] {
    const gateways = members(world, "Gateway");
    return members(world, "VirtualService").flatMap((service) => {
        const { namespace } = service.metadata!;
        const names = (service.spec?.gateways ?? []).map((name) => fullGateway(name, namespace!));
        return gateways
            .filter((gateway) => names.includes(nameOf(gateway)))
            .flatMap((gateway) => hostsOf(gateway, service).map((bound) => ({ gateway, service, ...bound })));
    });
}

function hostsOf({ metadata, spec }: Gateway, service: VirtualService): { host: string; port: number }[] {
    const namespaces = { gateway: metadata!.namespace!, service: service.metadata!.namespace! };
    const hosts = (service.spec?.hosts ?? []).map((host) => fullHost(host, namespaces.service));
    return (spec?.servers ?? [])
        .filter(({ port }) => plainProtocols.includes(port.protocol.toUpperCase()))
        .flatMap(({ port, hosts: taken }) => {
            const shared = hosts.flatMap((host) =>
                taken.flatMap((server) => sharedHost(host, server, namespaces) ?? []),
            );
            return [...new Set(shared)].map((host) => ({ host, port: port.number }));
        });
}

function nameOf({ metadata }: Gateway): string {
    return `${metadata!.namespace}/${metadata!.name}`;
}

function selects({ spec }: Gateway, labels: Record<string, string>): boolean {
    const wanted = Object.entries(spec?.selector ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function isBefore({ spec }: V1Service, gateway: Gateway): boolean {
    return spec?.type === "LoadBalancer" && selects(gateway, spec.selector ?? {});
}

function servesPort({ spec }: V1Service, port: number): boolean {
    return (spec?.ports ?? []).some((p) => p.port === port);
}

/** A gateway names the port of the service before its pods. */
function targetPort(world: World, pod: V1Pod, port: number): number {
    const target = servicesOf(world, pod)
        .flatMap(({ spec }) => spec?.ports ?? [])
        .find((p) => p.port === port)?.targetPort;
    return typeof target === "number" ? target : port;
}
