import { ProxyConfig, cluster, httpChain, redirectListener, routeConfiguration, tcpChain } from "../envoy";
import { World } from "../mesh";
import { VirtualNode, isHttp2, members, serviceOf } from "./objects";
import { outbound } from "./outbound";
import { envoyTimeout } from "./routes";

/** The ports on which App Mesh's proxies take what is redirected to them. */
export const inboundPort = 15000;
export const outboundPort = 15001;

/** What the proxy of a virtual node's pod does: it passes on what comes for the pod, and what the pod sends to backends. */
export function virtualNodeProxy(world: World, mesh: string, node: VirtualNode): ProxyConfig {
    const { name, namespace } = node.metadata!;
    const log = node.spec?.logging?.accessLog?.file?.path;
    const inbound = (node.spec?.listeners ?? []).map(({ portMapping: { port, protocol }, timeout }) => {
        const label = `cds_ingress_${mesh}_${name}_${namespace}_${protocol}_${port}`;
        const match = { destination_port: port };
        const application = cluster(label, "127.0.0.1", port, isHttp2(protocol));
        const routes = routeConfiguration(label, [
            {
                name: label,
                domains: ["*"],
                routes: [{ match: { prefix: "/" }, route: { cluster: label, ...envoyTimeout(timeout?.[protocol]) } }],
            },
        ]);
        return protocol === "tcp"
            ? { chain: tcpChain(match, label, { cluster: label }), cluster: application, routes: [] }
            : { chain: httpChain(match, label, [], log), cluster: application, routes: [routes] };
    });
    const backends = (node.spec?.backends ?? []).flatMap(
        ({ virtualService }) => serviceOf(world, virtualService, namespace!) ?? [],
    );
    const filter = members(world, "Mesh").find(({ metadata }) => metadata?.name === mesh)?.spec?.egressFilter?.type;
    const out = outbound(world, `${mesh}_${name}_${namespace}`, backends, filter === "ALLOW_ALL", log);
    return {
        listeners: [
            ...(inbound.length > 0
                ? [
                      redirectListener(
                          "inbound",
                          inboundPort,
                          inbound.map(({ chain }) => chain),
                      ),
                  ]
                : []),
            redirectListener("outbound", outboundPort, out.chains, true),
        ],
        routes: [...inbound.flatMap(({ routes }) => routes), ...out.routes],
        clusters: [...inbound.map((i) => i.cluster), ...out.clusters],
    };
}
