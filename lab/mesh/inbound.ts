import { ProxyConfig, cluster, httpChain, passthrough, redirectListener, routeConfiguration, tcpChain } from "./envoy";
import { ServedPort } from "./servedPorts";

/** The protocols that Envoy tells from anything else. */
export const httpProtocols = ["http/1.0", "http/1.1", "h2c"];

/**
 * Takes what is redirected to a pod on to its application: HTTP by requests, which are counted, and anything else as it is. What
 * is for other ports than these goes where it was sent.
 */
export function inbound(port: number, served: ServedPort[]): ProxyConfig {
    const parts = served.map(({ port: at, http2 }) => {
        const name = `inbound|${at}||`;
        const all = { match: { prefix: "/" }, route: { cluster: name, timeout: "0s" } };
        const table = routeConfiguration(name, [{ name, domains: ["*"], routes: [all] }]);
        return {
            chains: [
                httpChain({ destination_port: at, application_protocols: httpProtocols }, table),
                tcpChain({ destination_port: at }, `tcp_${name}`, { cluster: name }),
            ],
            cluster: cluster(name, "127.0.0.1", at, http2),
        };
    });
    const rest = tcpChain({}, "inbound_passthrough", { cluster: "passthrough" });
    return {
        listeners: [redirectListener("inbound", port, [...parts.flatMap(({ chains }) => chains), rest], true)],
        routes: [],
        clusters: [...parts.map((part) => part.cluster), passthrough],
    };
}
