import { V1Pod } from "@kubernetes/client-node";

import {
    Json,
    ProxyConfig,
    httpChain,
    passthrough,
    redirectListener,
    routeConfiguration,
    tcpChain,
    weighted,
} from "../envoy";
import { httpProtocols } from "../inbound";
import { World } from "../mesh";
import { addressOf, serviceNamed } from "../serviceNames";
import { Destinations } from "./destinations";
import { httpFilters } from "./filters";
import { domainsOf, fullHost, serviceOf } from "./hosts";
import { Source, fullGateway } from "./match";
import { RouteDestination, TcpRoute, VirtualService, members } from "./objects";
import { httpRoutes } from "./routes";

/** A service of the cluster that a virtual service stands for. */
interface Hosted {
    service: VirtualService;
    name: string;
    namespace: string;
    address?: string;
    ports: number[];
}

/**
 * What a sidecar does with what its pod sends: to a service that a virtual service stands for by the rules of that, and to
 * anything else where it was sent.
 */
export function outbound(world: World, port: number, { metadata }: V1Pod): ProxyConfig {
    const namespace = metadata!.namespace!;
    const destinations = new Destinations(world);
    const hosted = hostedServices(world);
    const parts = [...new Set(hosted.flatMap(({ ports }) => ports))].map((asked) => {
        const source: Source = { gateway: "mesh", namespace, labels: metadata?.labels ?? {}, port: asked };
        const here = hosted.filter(({ ports }) => ports.includes(asked));
        const hosts = here.flatMap((host) => {
            const routes = httpRoutes(world, host.service, source, destinations);
            const { name } = host;
            return routes.length === 0
                ? []
                : { name: `${name}.${host.namespace}:${asked}`, domains: domainsOf(host, namespace), routes };
        });
        const tcp = here.flatMap((host) => tcpChains(world, host, asked, destinations));
        return {
            chains: [
                ...tcp,
                httpChain({ destination_port: asked, application_protocols: httpProtocols }, `${asked}`, httpFilters),
            ],
            routes: routeConfiguration(`${asked}`, [...hosts, throughHost]),
        };
    });
    const rest = tcpChain({}, "passthrough", { cluster: "passthrough" });
    return {
        listeners: [redirectListener("outbound", port, [...parts.flatMap(({ chains }) => chains), rest], true)],
        routes: parts.map(({ routes }) => routes),
        clusters: [...destinations.all(), passthrough],
    };
}

const throughHost: Json = {
    name: "passthrough",
    domains: ["*"],
    routes: [{ match: { prefix: "/" }, route: { cluster: "passthrough", timeout: "0s" } }],
};

/** The services that virtual services stand for in the mesh, each with the oldest that does. */
function hostedServices(world: World): Hosted[] {
    const found = new Map<string, Hosted>();
    for (const service of members(world, "VirtualService")) {
        const { namespace } = service.metadata!;
        const gateways = service.spec?.gateways ?? [];
        if (gateways.length > 0 && !gateways.some((name) => fullGateway(name, namespace!) === "mesh")) {
            continue;
        }
        for (const host of (service.spec?.hosts ?? []).map((name) => fullHost(name, namespace!))) {
            const meant = serviceOf(host);
            const spec = serviceNamed(world, host)?.spec;
            if (meant !== undefined && spec !== undefined && !found.has(host)) {
                const ports = (spec.ports ?? []).map((port) => port.port);
                found.set(host, { service, ...meant, address: spec.clusterIP, ports });
            }
        }
    }
    return [...found.values()];
}

/** TCP has no hosts: a service is told by its address. */
function tcpChains(world: World, host: Hosted, asked: number, destinations: Destinations): Json[] {
    const { service, name, namespace } = host;
    const rule = (service.spec?.tcp ?? []).find(
        ({ match = [] }) => match.length === 0 || match.some(({ port }) => port === undefined || port === asked),
    );
    const to = rule && weighted(tcpTargets(rule, service.metadata!.namespace!, asked, destinations));
    const address = addressOf(world, `${name}.${namespace}`);
    const match = { destination_port: asked, prefix_ranges: [{ address_prefix: address, prefix_len: 32 }] };
    return to !== undefined && "route" in to ? [tcpChain(match, `${name}.${namespace}:${asked}`, to.route)] : [];
}

function tcpTargets({ route = [] }: TcpRoute, namespace: string, asked: number, destinations: Destinations) {
    return route.flatMap(({ destination, weight = 0 }: RouteDestination) => {
        const cluster = destinations.cluster(destination, namespace, asked);
        return cluster === undefined ? [] : [{ cluster, weight: route.length === 1 ? 100 : weight }];
    });
}
