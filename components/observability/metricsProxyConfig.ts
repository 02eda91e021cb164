import { isIP } from "node:net";

/** Where the proxy listens. */
export const proxyPort = 9090;
/** Where the proxy finds its credentials. */
export const credentialFolder = "/credentials";
export const credentialFile = "credential.json";

const credentialName = "metrics-server";
const http = "type.googleapis.com/envoy.extensions.filters.http";
/** What Flagger and Grafana ask for. The address may have a path before it. */
const readingPaths =
    "(/.*)?/api/v1/(query|query_range|query_exemplars|series|labels|label/[^/]+/values|metadata|status/buildinfo)";

/** The configuration of an Envoy that leads to a metrics server and adds the credentials, as JSON. */
export function proxyConfig(metricsServer: string): string {
    const { protocol, host, hostname, port } = new URL(metricsServer);
    const tls = protocol === "https:";
    const manager = {
        "@type":
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix: "metrics",
        route_config: {
            virtual_hosts: [
                {
                    name: "metrics",
                    domains: ["*"],
                    routes: [
                        {
                            match: { safe_regex: { regex: readingPaths } },
                            route: { cluster: "metrics-server", host_rewrite_literal: host, timeout: "60s" },
                        },
                    ],
                },
            ],
        },
        http_filters: [
            {
                name: "credentials",
                typed_config: {
                    "@type": `${http}.credential_injector.v3.CredentialInjector`,
                    overwrite: true,
                    credential: {
                        name: "envoy.http.injected_credentials.generic",
                        typed_config: {
                            "@type":
                                "type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic",
                            credential: {
                                name: credentialName,
                                sds_config: {
                                    path_config_source: {
                                        path: `${credentialFolder}/${credentialFile}`,
                                        watched_directory: { path: credentialFolder },
                                    },
                                },
                            },
                        },
                    },
                },
            },
            { name: "router", typed_config: { "@type": `${http}.router.v3.Router` } },
        ],
    };
    const cluster = {
        name: "metrics-server",
        type: "STRICT_DNS",
        load_assignment: {
            cluster_name: "metrics-server",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: at(hostname, Number(port || (tls ? 443 : 80))) } }] }],
        },
        ...(tls && { transport_socket: tlsSocket(hostname) }),
    };
    const listener = {
        name: "metrics",
        address: at("0.0.0.0", proxyPort),
        filter_chains: [{ filters: [{ name: "http", typed_config: manager }] }],
    };
    return JSON.stringify(
        {
            // Envoy wants a name of its own before it reads a secret, from a file as well.
            node: { id: "metrics-proxy", cluster: "metrics-proxy" },
            static_resources: { listeners: [listener], clusters: [cluster] },
        },
        undefined,
        2,
    );
}

function at(address: string, port: number): object {
    return { socket_address: { address, port_value: port } };
}

/** TLS to a server whose certificate a public authority has signed for its name or address. */
function tlsSocket(hostname: string): object {
    const address = isIP(hostname) !== 0;
    return {
        name: "tls",
        typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            ...(!address && { sni: hostname }),
            common_tls_context: {
                validation_context: {
                    trusted_ca: { filename: "/etc/ssl/certs/ca-certificates.crt" },
                    match_typed_subject_alt_names: [
                        { san_type: address ? "IP_ADDRESS" : "DNS", matcher: { exact: hostname } },
                    ],
                },
            },
        },
    };
}

/** The credentials as Envoy reads them from a file, given the value of the header. */
export function sdsSecret(authorization: string): string {
    const type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
    return JSON.stringify({
        resources: [
            {
                "@type": type,
                name: credentialName,
                generic_secret: { secret: { inline_string: authorization } },
            },
        ],
    });
}
