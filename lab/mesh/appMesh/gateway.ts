import { Json, ProxyConfig, cluster, httpChain, listener, redirectListener, routeConfiguration } from "../envoy";
import { World } from "../mesh";
import { outboundPort } from "./node";
import { GatewayRoute, VirtualGateway, hostOf, members, selects, serviceOf } from "./objects";
import { outbound } from "./outbound";
import { envoyMatch, inOrder } from "./routes";

/** The virtual gateway that a gateway route belongs to: the one that selects its namespace. */
export function gatewayOf(world: World, route: GatewayRoute): VirtualGateway | undefined {
    const namespace = world.objects("Namespace").find(({ metadata }) => metadata?.name === route.metadata?.namespace);
    return members(world, "VirtualGateway").find(({ spec }) =>
        selects(spec?.namespaceSelector, namespace?.metadata?.labels),
    );
}

/**
 * What a virtual gateway's proxy does: it takes requests from outside by the gateway routes, with host and path rewritten as
 * App Mesh does it, and then does with them what every proxy does with requests to virtual services.
 */
export function gatewayProxy(world: World, mesh: string, gateway: VirtualGateway): ProxyConfig {
    const owner = `${mesh}_${gateway.metadata!.name}_${gateway.metadata!.namespace}`;
    const routes = members(world, "GatewayRoute").filter((route) => gatewayOf(world, route) === gateway);
    const services = routes.flatMap((route) => {
        const target = route.spec?.httpRoute?.action.target.virtualService;
        return (target && serviceOf(world, target, route.metadata!.namespace!)) ?? [];
    });
    const out = outbound(world, owner, services, false);
    const label = `ingress_${owner}`;
    const ordered = inOrder(routes, ({ spec }) => ({ priority: spec?.priority, match: spec?.httpRoute?.match }));
    return {
        listeners: [
            ...(gateway.spec?.listeners ?? []).map(({ portMapping: { port } }) =>
                listener(`gateway_${port}`, port, [httpChain({}, label)]),
            ),
            redirectListener("outbound", outboundPort, out.chains, true),
        ],
        routes: [
            routeConfiguration(label, [
                { name: label, domains: ["*"], routes: ordered.flatMap((route) => gatewayRoute(world, route)) },
            ]),
            ...out.routes,
        ],
        clusters: [cluster("mesh", "127.0.0.1", outboundPort), ...out.clusters],
    };
}

function gatewayRoute(world: World, { metadata, spec }: GatewayRoute): Json[] {
    const { match, action } = spec?.httpRoute ?? {};
    const service = action && serviceOf(world, action.target.virtualService, metadata!.namespace!);
    if (service === undefined) {
        return [];
    }
    const { headers = [], ...where } = envoyMatch(match) as { headers?: Json[] };
    const { exact, suffix } = match?.hostname ?? {};
    const host = exact !== undefined ? { exact } : suffix !== undefined ? { suffix } : undefined;
    const asked = [...headers, ...(host === undefined ? [] : [{ name: ":authority", string_match: host }])];
    return [
        {
            name: metadata!.name,
            match: { ...where, ...(asked.length > 0 && { headers: asked }) },
            route: {
                cluster: "mesh",
                // The route behind has its own.
                timeout: "0s",
                // Always: behind, virtual services are told apart by their hosts.
                host_rewrite_literal: hostOf(service),
                ...pathRewrite(match?.prefix, action!.rewrite),
            },
        },
    ];
}

type Rewrite = NonNullable<NonNullable<GatewayRoute["spec"]>["httpRoute"]>["action"]["rewrite"];

/** App Mesh replaces the prefix that a gateway route asks for by `/`, where nobody says otherwise. */
function pathRewrite(prefix: string | undefined, rewrite: Rewrite): Json {
    if (rewrite?.path?.exact !== undefined) {
        return { regex_rewrite: { pattern: { regex: "^.*$" }, substitution: rewrite.path.exact } };
    }
    if (prefix === undefined || prefix === "/" || rewrite?.prefix?.defaultPrefix === "DISABLED") {
        return {};
    }
    const literal = prefix.replace(/\/$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return { regex_rewrite: { pattern: { regex: `^${literal}/?` }, substitution: rewrite?.prefix?.value ?? "/" } };
}
