import { network } from "../network";

/** A piece of Envoy's configuration, in the JSON form of its API. */
export type Json = Record<string, unknown>;

/** What a proxy is to do, in the resources that Envoy reads while it runs. */
export interface ProxyConfig {
    listeners: Json[];
    /** Route configurations: they change while a listener stays. */
    routes: Json[];
    clusters: Json[];
}

/** Where the proxy of a pod takes what the pod sends and what is sent to it, and shows its statistics. */
export interface ProxyPorts {
    inbound: number;
    outbound: number;
    admin: number;
}

/** The folder in a proxy's container in which its configuration is. */
export const configFolder = "/etc/lab-proxy";

const types = "type.googleapis.com/envoy";

/** What each cluster of every proxy waits for a connection, in seconds. */
const connectTimeout = "2s";

/**
 * The configuration a proxy is started with: whom to ask for the rest. What it sends has an address of its own as its source, by
 * which the lab's services tell it from what the pod's application sends.
 */
export function bootstrap(id: string, source: string, admin: number): Json {
    const { host, port } = network.discovery;
    return {
        node: { id, cluster: "lab" },
        admin: { address: address("0.0.0.0", admin) },
        dynamic_resources: { cds_config: discovery, lds_config: discovery },
        static_resources: { clusters: [plain(cluster(discoveryCluster, host, port))] },
        // Questions that wait for an answer are no requests of users, and Flagger measures all clusters of a pod together.
        stats_config: { stats_matcher: { exclusion_list: { patterns: [{ prefix: `cluster.${discoveryCluster}.` }] } } },
        cluster_manager: { upstream_bind_config: { source_address: { address: source, port_value: 0 } } },
    };
}

const discoveryCluster = "discovery";

/** Where a proxy reads what can change: lab/mesh/discovery.ts. */
const discovery: Json = {
    resource_api_version: "V3",
    api_config_source: {
        api_type: "REST",
        transport_api_version: "V3",
        cluster_names: [discoveryCluster],
        refresh_delay: "0.1s",
        request_timeout: "60s",
    },
};

export function address(host: string, port: number): Json {
    return { socket_address: { address: host, port_value: port } };
}

/** A cluster of one address. A name is looked up, in the hosts file of the pod. */
export function cluster(name: string, host: string, port: number, http2 = false): Json {
    return {
        "@type": `${types}.config.cluster.v3.Cluster`,
        name,
        type: /^[\d.]+$/.test(host) ? "STATIC" : "STRICT_DNS",
        connect_timeout: connectTimeout,
        load_assignment: {
            cluster_name: name,
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, port) } }] }],
        },
        ...(http2 && {
            typed_extension_protocol_options: {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                    "@type": `${types}.extensions.upstreams.http.v3.HttpProtocolOptions`,
                    explicit_http_config: { http2_protocol_options: {} },
                },
            },
        }),
    };
}

/** Takes what was sent to where it was sent. */
export const passthrough: Json = {
    "@type": `${types}.config.cluster.v3.Cluster`,
    name: "passthrough",
    type: "ORIGINAL_DST",
    lb_policy: "CLUSTER_PROVIDED",
    connect_timeout: connectTimeout,
};

/**
 * A listener that takes redirected connections: where they were bound for stands in front of them, in the PROXY protocol. One
 * that inspects tells HTTP from anything else.
 */
export function redirectListener(name: string, port: number, chains: Json[], inspects = false): Json {
    const filter = (kind: string, type: string, more: Json = {}) => ({
        name: `envoy.filters.listener.${kind}`,
        typed_config: { "@type": `${types}.extensions.filters.listener.${kind}.v3.${type}`, ...more },
    });
    return {
        ...listener(name, port, chains),
        listener_filters: [
            filter("proxy_protocol", "ProxyProtocol", { allow_requests_without_proxy_protocol: true }),
            ...(inspects ? [filter("http_inspector", "HttpInspector")] : []),
        ],
    };
}

export function listener(name: string, port: number, chains: Json[]): Json {
    return {
        "@type": `${types}.config.listener.v3.Listener`,
        name,
        address: address("0.0.0.0", port),
        filter_chains: chains,
    };
}

/**
 * Serves HTTP by a route configuration that the proxy asks for by its name, where it is one that changes, or else by the one
 * that is given.
 */
export function httpChain(match: Json, routes: string | Json, filters: Json[] = [], accessLog?: string): Json {
    const name = typeof routes === "string" ? routes : String(routes.name);
    return {
        name,
        filter_chain_match: match,
        filters: [
            {
                name: "envoy.filters.network.http_connection_manager",
                typed_config: {
                    "@type": `${types}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
                    stat_prefix: name,
                    codec_type: "AUTO",
                    access_log: [failureLog, ...(accessLog === undefined ? [] : [fileLog(accessLog)])],
                    ...(typeof routes === "string"
                        ? { rds: { route_config_name: routes, config_source: discovery } }
                        : { route_config: plain(routes) }),
                    http_filters: [
                        ...filters,
                        {
                            name: "envoy.filters.http.router",
                            typed_config: { "@type": `${types}.extensions.filters.http.router.v3.Router` },
                        },
                    ],
                },
            },
        ],
    };
}

/** A resource where only one of its type can be. */
function plain(resource: Json): Json {
    return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== "@type"));
}

/** Passes connections on, whatever they carry. `to` is a `cluster` or `weighted_clusters`. */
export function tcpChain(match: Json, name: string, to: Json): Json {
    return {
        name,
        filter_chain_match: match,
        filters: [
            {
                name: "envoy.filters.network.tcp_proxy",
                typed_config: {
                    "@type": `${types}.extensions.filters.network.tcp_proxy.v3.TcpProxy`,
                    stat_prefix: name,
                    ...to,
                },
            },
        ],
    };
}

/** A line for each answer, in this file of the container. */
function fileLog(path: string): Json {
    return {
        name: "envoy.access_loggers.file",
        typed_config: { "@type": `${types}.extensions.access_loggers.file.v3.FileAccessLog`, path },
    };
}

/** Each answer that a user would complain about, and why Envoy gave it, in the log of the container. */
const failureLog: Json = {
    name: "envoy.access_loggers.file",
    filter: {
        status_code_filter: { comparison: { op: "GE", value: { default_value: 500, runtime_key: "lab.failure_log" } } },
    },
    typed_config: {
        "@type": `${types}.extensions.access_loggers.file.v3.FileAccessLog`,
        path: "/dev/stderr",
        log_format: {
            text_format_source: {
                inline_string:
                    "%START_TIME% %REQ(:METHOD)% %REQ(:AUTHORITY)%%REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% " +
                    "%RESPONSE_CODE_DETAILS% %UPSTREAM_CLUSTER% %UPSTREAM_HOST% %DURATION% ms\n",
            },
        },
    },
};

export function routeConfiguration(name: string, virtualHosts: Json[]): Json {
    return {
        "@type": `${types}.config.route.v3.RouteConfiguration`,
        name,
        // A host is the same with and without its port.
        ignore_port_in_host_matching: true,
        // A cluster may come a moment after the route.
        validate_clusters: false,
        virtual_hosts: virtualHosts,
    };
}

/** A cluster that gets a share of the requests. */
export interface Target {
    cluster: string;
    weight: number;
    /** What else is done with those that it gets. */
    more?: Json;
}

/** Shares requests among clusters by weight; nobody gets those of weight 0. Answers 503 where that leaves none. */
export function weighted(targets: Target[]): { route: Json } | { direct_response: Json } {
    const served = targets.filter(({ weight }) => weight > 0);
    const clusters = served.map(({ cluster, weight, more }) => ({ name: cluster, weight, ...more }));
    return served.length === 0
        ? { direct_response: { status: 503, body: { inline_string: "no target has a weight\n" } } }
        : { route: { weighted_clusters: { clusters } } };
}
