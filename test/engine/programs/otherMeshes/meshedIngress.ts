import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const at = (address: string, port_value: number) => ({ socket_address: { address, port_value } });

/**
 * A gateway that is a pod of a mesh: a plain Envoy that knows the services by their hosts, and beside it the proxy that goes by the
 * mesh's routes. It is how users come in with Linkerd, which has no gateway of its own.
 */
export function meshedIngress(
    mesh: string,
    namespace: pulumi.Input<string>,
    services: string[],
    port: number,
    options: pulumi.CustomResourceOptions,
): void {
    const labels = { app: "ingress" };
    const data = { "envoy.json": JSON.stringify(envoy(services, port)) };
    const config = new k8s.core.v1.ConfigMap(
        `${mesh}-ingress`,
        { metadata: { name: "ingress", namespace }, data },
        options,
    );
    new k8s.apps.v1.Deployment(
        `${mesh}-ingress`,
        {
            metadata: { name: "ingress", namespace },
            spec: {
                selector: { matchLabels: labels },
                template: {
                    metadata: { labels },
                    spec: {
                        containers: [
                            {
                                name: "envoy",
                                image: "docker.io/envoyproxy/envoy:v1.35.0",
                                args: ["-c", "/config/envoy.json", "--concurrency", "1", "--disable-hot-restart"],
                                ports: [{ containerPort: 8080 }],
                                volumeMounts: [{ name: "config", mountPath: "/config" }],
                            },
                        ],
                        volumes: [{ name: "config", configMap: { name: config.metadata.name } }],
                    },
                },
            },
        },
        options,
    );
    new k8s.core.v1.Service(
        `${mesh}-ingress`,
        {
            metadata: { name: "ingress", namespace },
            spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
        },
        options,
    );
}

function envoy(services: string[], port: number): object {
    const http = "type.googleapis.com/envoy.extensions.filters";
    const manager = {
        "@type": `${http}.network.http_connection_manager.v3.HttpConnectionManager`,
        stat_prefix: "ingress",
        route_config: {
            virtual_hosts: services.map((name) => ({
                name,
                domains: [`${name}.example.com`],
                routes: [{ match: { prefix: "/" }, route: { cluster: name, host_rewrite_literal: name } }],
            })),
        },
        http_filters: [
            { name: "envoy.filters.http.router", typed_config: { "@type": `${http}.http.router.v3.Router` } },
        ],
    };
    return {
        // Envoy's usual resolver keeps what it has read of the hosts file for a minute, and the services come later than it does.
        typed_dns_resolver_config: {
            name: "envoy.network.dns_resolver.getaddrinfo",
            typed_config: {
                "@type":
                    "type.googleapis.com/envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig",
            },
        },
        static_resources: {
            listeners: [
                {
                    name: "ingress",
                    address: at("0.0.0.0", 8080),
                    filter_chains: [
                        {
                            filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
                        },
                    ],
                },
            ],
            clusters: services.map((name) => ({
                name,
                type: "STRICT_DNS",
                dns_refresh_rate: "1s",
                dns_failure_refresh_rate: { base_interval: "0.5s", max_interval: "1s" },
                load_assignment: {
                    cluster_name: name,
                    endpoints: [{ lb_endpoints: [{ endpoint: { address: at(name, port) } }] }],
                },
            })),
        },
    };
}
