import { Case, object, release } from "./cases";
import { later } from "./unknown";

const aws = "service.beta.kubernetes.io";
const ranges = { [`${aws}/load-balancer-source-ranges`]: "203.0.113.0/24, 198.51.100.7/32" };
const internal = { [`${aws}/aws-load-balancer-scheme`]: "internal" };
const service = (name: string, spec: object, annotations?: unknown) =>
    object("Service", name, { metadata: { name, annotations }, spec });
const proxies = (name: string, envoyService: object) =>
    object("EnvoyProxy", name, { spec: { provider: { kubernetes: { envoyService } } } });
const gateway = (name: string, spec: object) => object("Gateway", name, { spec: { gatewayClassName: "eg", ...spec } });

const fix =
    "Name the ranges that may call it, or let it have addresses of the own network only. With this library: `sourceRanges` or `internal` of the gateway.";
const open = `nothing given, but it is needed: without it everybody on the internet can call the load balancer. ${fix}`;
const rule = "gateway-source-ranges";

export const gatewayCases: Case[] = [
    {
        rule,
        title: "Services that name ranges, are internal or have no load balancer",
        given: [
            service("ranges", { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }),
            service("annotated", { type: "LoadBalancer" }, ranges),
            service("internal", { type: "LoadBalancer" }, internal),
            service("cluster", { type: "ClusterIP" }),
            service("later", { type: "LoadBalancer", loadBalancerSourceRanges: later }),
            service("annotations-later", { type: "LoadBalancer" }, later),
        ],
        says: [],
    },
    {
        rule,
        title: "Services for everybody",
        given: [
            service("open", { type: "LoadBalancer" }),
            service("all", { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8", "0.0.0.0/0"] }),
        ],
        says: [
            `open spec.loadBalancerSourceRanges: ${open}`,
            `all spec.loadBalancerSourceRanges: ["10.0.0.0/8","0.0.0.0/0"] lets everybody on the internet call the load balancer. ${fix}`,
        ],
    },
    {
        rule,
        title: "charts whose Service names ranges or is none of a gateway's",
        given: [
            release("appmesh", "appmesh-gateway", { service: { annotations: ranges } }),
            release("istio", "oci://registry.example.com/istio/gateway@sha256:0", { service: { type: "ClusterIP" } }),
            release("other", "podinfo", { service: { port: 80 } }),
        ],
        says: [],
    },
    {
        rule,
        title: "charts of gateways by their default, and of others by their values",
        given: [
            release("appmesh", "appmesh-gateway", {}),
            release("istio", "https://charts.example.com/gateway", { service: { ports: [] } }),
            release("nginx", "ingress-nginx", { controller: { service: { type: "LoadBalancer" } } }),
        ],
        says: [
            `appmesh values.service.loadBalancerSourceRanges: ${open}`,
            `istio values.service.loadBalancerSourceRanges: ${open}`,
            `nginx values.controller.service.loadBalancerSourceRanges: ${open}`,
        ],
    },
    {
        rule,
        title: "Gateways of the Gateway API that name ranges, are private or have their parameters elsewhere",
        given: [
            gateway("annotated", { infrastructure: { annotations: ranges } }),
            gateway("lattice", { gatewayClassName: "amazon-vpc-lattice" }),
            gateway("parameters", { infrastructure: { parametersRef: { kind: "EnvoyProxy", name: "envoy-proxies" } } }),
            proxies("inside", { type: "ClusterIP" }),
            proxies("ranges", { loadBalancerSourceRanges: ["203.0.113.0/24"] }),
        ],
        says: [],
    },
    {
        rule,
        title: "a Gateway and Envoy's proxies for everybody",
        given: [gateway("public", {}), proxies("proxies", { name: "envoy-proxies" })],
        says: [
            `public spec.infrastructure.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]: ${open}`,
            `proxies spec.provider.kubernetes.envoyService.loadBalancerSourceRanges: ${open}`,
        ],
    },
    {
        rule,
        title: "a class that is told to be private",
        given: [gateway("inner", { gatewayClassName: "inner" })],
        config: { [rule]: { privateGatewayClasses: ["inner"] } },
        says: [],
    },
];
