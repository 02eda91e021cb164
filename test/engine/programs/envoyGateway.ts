import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { envoyGatewayVersion } from "../../../lab/toolchain/tools";

const group = "gateway.networking.k8s.io";

/** A gateway that a program made. */
export interface MadeGateway {
    gateway: pulumi.Resource;
    /** How a Canary and a route refer to it. */
    ref: { name: string; namespace: string };
}

/** Installs Envoy Gateway from a chart repository, and makes a gateway that takes routes of every namespace. */
export function envoyGateway(provider: k8s.Provider, repo: string): MadeGateway {
    const namespaced = (name: string) =>
        new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider }).metadata.name;
    const system = namespaced("envoy-gateway-system");
    const chart = new k8s.helm.v3.Release(
        "eg",
        {
            name: "eg",
            namespace: system,
            chart: "gateway-helm",
            version: envoyGatewayVersion,
            repositoryOpts: { repo },
        },
        { provider },
    );
    const gatewayKind = { provider, dependsOn: [chart] };

    // By default a proxy may take six minutes to end, and Kubernetes looks at a namespace that is to go with it only after half of
    // that again.
    const proxies = new k8s.apiextensions.CustomResource(
        "proxies",
        {
            apiVersion: "gateway.envoyproxy.io/v1alpha1",
            kind: "EnvoyProxy",
            metadata: { name: "proxies", namespace: system },
            spec: {
                provider: {
                    type: "Kubernetes",
                    kubernetes: {
                        envoyDeployment: {
                            patch: { value: { spec: { template: { spec: { terminationGracePeriodSeconds: 20 } } } } },
                        },
                    },
                },
                shutdown: { drainTimeout: "10s", minDrainDuration: "2s" },
            },
        },
        gatewayKind,
    );
    const gatewayClass = new k8s.apiextensions.CustomResource(
        "class",
        {
            apiVersion: `${group}/v1`,
            kind: "GatewayClass",
            metadata: { name: "envoy" },
            spec: {
                controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
                parametersRef: {
                    group: "gateway.envoyproxy.io",
                    kind: "EnvoyProxy",
                    name: proxies.metadata.name,
                    namespace: system,
                },
            },
        },
        gatewayKind,
    );
    const ingress = namespaced("ingress");
    const gateway = new k8s.apiextensions.CustomResource(
        "gateway",
        {
            apiVersion: `${group}/v1`,
            kind: "Gateway",
            metadata: { name: "gateway", namespace: ingress },
            spec: {
                gatewayClassName: "envoy",
                listeners: [
                    { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
                ],
            },
        },
        // A class stays for as long as it has a gateway.
        { provider, dependsOn: [gatewayClass] },
    );
    // Envoy Gateway makes one cluster of all backends of a rule, whose series do not tell the canary from the primary. Where it
    // may prefer a zone it makes one of each, and with less than six pods there is no zone to prefer.
    new k8s.apiextensions.CustomResource(
        "policy",
        {
            apiVersion: "gateway.envoyproxy.io/v1alpha1",
            kind: "BackendTrafficPolicy",
            metadata: { name: "cluster-per-backend", namespace: ingress },
            spec: {
                targetRefs: [{ group, kind: "Gateway", name: "gateway" }],
                loadBalancer: { type: "LeastRequest", zoneAware: { preferLocal: {} } },
                // A pod that is replaced is still in rotation for a moment.
                retry: { numRetries: 3, retryOn: { triggers: ["connect-failure", "reset"] } },
            },
        },
        gatewayKind,
    );
    return { gateway, ref: { name: "gateway", namespace: "ingress" } };
}
