import { Json, cluster, httpChain, passthrough, routeConfiguration, tcpChain } from "../envoy";
import { httpProtocols } from "../inbound";
import { World } from "../mesh";
import { addressOf, serviceNamed } from "../serviceNames";
import { MeshListener, MeshRoute, Reference, VirtualNode, VirtualService, find, hostOf, isHttp2 } from "./objects";
import { ClusterOf, envoyRoutes, shared } from "./routes";

interface Outbound {
    chains: Json[];
    routes: Json[];
    clusters: Json[];
}

/**
 * What a proxy does with requests to virtual services. What is for none of these is let through where the mesh allows all;
 * otherwise there is no such host (404), and what is not HTTP is cut off. `log` is a file for a line for each answer.
 */
export function outbound(
    world: World,
    owner: string,
    services: VirtualService[],
    allowAll: boolean,
    log?: string,
): Outbound {
    const clusters = new Map<string, Json>();
    /** The cluster of a virtual node; none where the node does not exist (yet): AWS does not make such a route. */
    const clusterOf = (reference: Reference | undefined, from: string, port?: number): string | undefined => {
        const node = find(world, "VirtualNode", reference, from);
        const listener = listenerOf(node, port);
        const host = node?.spec?.serviceDiscovery?.dns?.hostname;
        if (listener === undefined || host === undefined) {
            return undefined;
        }
        const { port: at, protocol } = listener.portMapping;
        const name = `cds_egress_${owner}_${reference!.name}_${node!.metadata!.namespace}_${protocol}_${at}`;
        clusters.set(name, cluster(name, addressOf(world, host), at, isHttp2(protocol)));
        return name;
    };

    const hosts: Json[] = [];
    const tcp = new Map<string, Json>();
    // One that is named twice, by its object and by its ARN, is still one host.
    for (const service of new Set(services)) {
        const namespace = service.metadata!.namespace!;
        const host = hostOf(service);
        const { virtualRouter, virtualNode } = service.spec?.provider ?? {};
        const router = find(world, "VirtualRouter", virtualRouter?.virtualRouterRef, namespace);
        const routes = router?.spec?.routes ?? directRoutes(world, service, virtualNode?.virtualNodeRef);
        const from = router?.metadata?.namespace ?? namespace;
        const target: ClusterOf = ({ virtualNodeRef, port }) => clusterOf(virtualNodeRef, from, port);
        hosts.push({ name: host, domains: [host], routes: envoyRoutes(routes, target) });
        for (const { name, tcpRoute } of routes) {
            const to = shared(tcpRoute?.action.weightedTargets ?? [], target);
            if (tcpRoute !== undefined && "route" in to) {
                const port = tcpRoute.match?.port ?? router?.spec?.listeners?.[0]?.portMapping.port;
                const match = { ...addressMatch(world, host), destination_port: port };
                // Envoy refuses a listener in which two chains ask for the same: the first has it.
                const key = JSON.stringify(match);
                if (!tcp.has(key)) {
                    tcp.set(key, tcpChain(match, `${host}_${name}`, to.route));
                }
            }
        }
    }

    const label = `cds_egress_${owner}`;
    const through = {
        name: "passthrough",
        domains: ["*"],
        routes: [{ match: { prefix: "/" }, route: { cluster: "passthrough", timeout: "0s" } }],
    };
    return {
        chains: [
            ...tcp.values(),
            httpChain({ application_protocols: httpProtocols }, label, [], log),
            ...(allowAll ? [tcpChain({}, "passthrough", { cluster: "passthrough" })] : []),
        ],
        routes: [routeConfiguration(label, [...hosts, ...(allowAll ? [through] : [])])],
        clusters: [...clusters.values(), ...(allowAll ? [passthrough] : [])],
    };
}

/** What a virtual service without a router does: all is for its virtual node. */
function directRoutes(world: World, service: VirtualService, virtualNodeRef: Reference | undefined): MeshRoute[] {
    const node = find(world, "VirtualNode", virtualNodeRef, service.metadata!.namespace!);
    const mapping = listenerOf(node, undefined)?.portMapping;
    if (mapping === undefined) {
        return [];
    }
    const action = { weightedTargets: [{ virtualNodeRef, weight: 1 }] };
    const name = hostOf(service);
    return mapping.protocol === "tcp"
        ? [{ name, tcpRoute: { match: { port: mapping.port }, action } }]
        : [{ name, httpRoute: { action } }];
}

/** TCP has no hosts: a service is told by its address. One outside the cluster is told by its port alone. */
function addressMatch(world: World, host: string): Json {
    const address = serviceNamed(world, host)?.spec?.clusterIP;
    return address === undefined || address === "None"
        ? {}
        : { prefix_ranges: [{ address_prefix: address, prefix_len: 32 }] };
}

function listenerOf(node: VirtualNode | undefined, port: number | undefined): MeshListener | undefined {
    const listeners = node?.spec?.listeners ?? [];
    return port === undefined ? listeners[0] : listeners.find(({ portMapping }) => portMapping.port === port);
}
