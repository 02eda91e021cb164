import { V1Pod, V1Service } from "@kubernetes/client-node";

import {
    Json,
    ProxyConfig,
    cluster,
    httpChain,
    passthrough,
    redirectListener,
    routeConfiguration,
    tcpChain,
} from "../envoy";
import { httpProtocols } from "../inbound";
import { World } from "../mesh";
import { isHttp2 } from "../servedPorts";
import { serviceNamed } from "../serviceNames";
import { BackendRef, HttpRoute, ParentRef, httpRoutes, isService } from "./objects";
import { envoyRoutes } from "./routes";

/** A port of a service, and the routes that say what becomes of requests to it. */
interface Routed {
    service: V1Service;
    port: number;
    routes: HttpRoute[];
}

/**
 * What a proxy does with what its pod sends: requests to a service with routes go by these, whatever host they name, and
 * anything else where it was sent.
 */
export function outbound(world: World, port: number, { metadata }: V1Pod): ProxyConfig {
    const clusters = new Map<string, Json>();
    const clusterOf = (backend: BackendRef, route: HttpRoute): string | undefined => {
        const namespace = backend.namespace ?? route.metadata!.namespace!;
        const spec = serviceNamed(world, `${backend.name}.${namespace}`)?.spec;
        const found = spec?.ports?.find((p) => p.port === backend.port);
        if (found === undefined || spec?.clusterIP === undefined) {
            return undefined;
        }
        const name = `outbound|${found.port}||${backend.name}.${namespace}`;
        clusters.set(name, cluster(name, spec.clusterIP, found.port, isHttp2(found)));
        return name;
    };
    const parts = routed(world, metadata!.namespace!).map(({ service, port: asked, routes }) => {
        const name = `${service.metadata!.name}.${service.metadata!.namespace}:${asked}`;
        const ranges = [{ address_prefix: service.spec!.clusterIP, prefix_len: 32 }];
        const match = { destination_port: asked, prefix_ranges: ranges, application_protocols: httpProtocols };
        return {
            asked,
            ranges,
            chain: httpChain(match, name),
            routes: routeConfiguration(name, [{ name, domains: ["*"], routes: envoyRoutes(routes, clusterOf) }]),
        };
    });
    return {
        listeners: [redirectListener("outbound", port, [...parts.map(({ chain }) => chain), ...rest(parts)], true)],
        routes: parts.map(({ routes }) => routes),
        clusters: [...clusters.values(), passthrough],
    };
}

/**
 * Chains for what no route says anything of. Envoy looks for a port's chain first and then for an address' among those alone, and
 * never goes back: a port and an address with a route need a way out for what the route is not about.
 */
function rest(parts: { asked: number; ranges: Json[] }[]): Json[] {
    const ports = [...new Set(parts.map(({ asked }) => asked))];
    const matches: Json[] = [
        ...parts.map(({ asked, ranges }) => ({ destination_port: asked, prefix_ranges: ranges })),
        ...ports.map((asked) => ({ destination_port: asked })),
        {},
    ];
    return matches.map((match, index) =>
        tcpChain(match, index === matches.length - 1 ? "passthrough" : `passthrough ${index}`, {
            cluster: "passthrough",
        }),
    );
}

/**
 * The services that have routes which concern pods of a namespace. A route of the service's own namespace concerns everyone,
 * one of another namespace only that, but there it comes first.
 */
function routed(world: World, namespace: string): Routed[] {
    return world.services().flatMap((service) => {
        const { name, namespace: home } = service.metadata!;
        const isParent = (parent: ParentRef, route: HttpRoute, port: number) =>
            isService(parent) &&
            parent.name === name &&
            (parent.namespace ?? route.metadata!.namespace) === home &&
            (parent.port ?? port) === port;
        return (service.spec?.ports ?? []).flatMap(({ port }) => {
            const all = httpRoutes(world).filter((route) =>
                route.spec!.parentRefs!.some((parent) => isParent(parent, route, port)),
            );
            const own = all.filter((route) => route.metadata!.namespace === namespace && namespace !== home);
            const routes = own.length > 0 ? own : all.filter((route) => route.metadata!.namespace === home);
            return routes.length === 0 ? [] : [{ service, port, routes }];
        });
    });
}
