import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { mirroredImage } from "../../charts";
import { disruptionBudget } from "../../disruptionBudget";
import { gatewayAnnotations } from "../../gateway";
import { PlatformScope } from "../mesh";
import { envoyTracing } from "./envoyTracing";
import { group } from "./gatewayObject";

const envoyVersion = "gateway.envoyproxy.io/v1alpha1";

/** The Service and the Deployment of the proxies, in the controller's namespace. */
export const proxiesName = "envoy-proxies";

/** The proxies' image, as the controller of the pinned version has it. */
export const proxyImage = "docker.io/envoyproxy/envoy:distroless-v1.35.0";

/** How the object with the proxies' parameters is referred to. */
export const proxiesRef = { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: proxiesName };

/** The parameters of the proxies: their pods, their Service and how they end. */
export function envoyProxies(
    { name, args, addons, mirror }: PlatformScope,
    namespace: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const { type, replicas, resources, nodeSelector, tolerations } = addons.gateway ?? {};
    const annotations = gatewayAnnotations(addons.gateway);
    const image = mirror?.imageRegistry === undefined ? undefined : mirroredImage(proxyImage, mirror.imageRegistry);
    const container = { ...(resources !== undefined && { resources }), ...(image !== undefined && { image }) };
    const pod = {
        ...(nodeSelector !== undefined && { nodeSelector }),
        ...(tolerations !== undefined && { tolerations }),
    };
    return new CustomResource(
        `${name}-${proxiesName}`,
        {
            apiVersion: envoyVersion,
            kind: "EnvoyProxy",
            metadata: { name: proxiesName, namespace },
            spec: {
                provider: {
                    type: "Kubernetes",
                    kubernetes: {
                        envoyDeployment: {
                            name: proxiesName,
                            ...(replicas !== undefined && { replicas }),
                            ...(Object.keys(pod).length > 0 && { pod }),
                            ...(Object.keys(container).length > 0 && { container }),
                            // By default a proxy may take six minutes to end, and its namespace as long to go.
                            patch: {
                                value: { spec: { template: { spec: { terminationGracePeriodSeconds: 45 } } } },
                            },
                        },
                        envoyService: {
                            name: proxiesName,
                            ...(type !== undefined && { type }),
                            ...(Object.keys(annotations).length > 0 && { annotations }),
                        },
                    },
                },
                shutdown: { drainTimeout: "30s", minDrainDuration: "5s" },
                ...(args.tracing !== undefined && { telemetry: { tracing: envoyTracing(args.tracing) } }),
            },
        },
        opts,
    );
}

/**
 * Lets every version have a cluster of its own in Envoy. By default Envoy Gateway makes one of all backends of a rule, whose series
 * do not tell the canary from the primary. Where it may prefer a zone it makes one of each, and with less than six pods, or proxies
 * that know no zone, there is none to prefer.
 */
export function clusterPerVersion(
    { name }: PlatformScope,
    gateway: { name: string; namespace: string },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new CustomResource(
        `${name}-cluster-per-version`,
        {
            apiVersion: envoyVersion,
            kind: "BackendTrafficPolicy",
            metadata: { name: "cluster-per-version", namespace: gateway.namespace },
            spec: {
                targetRefs: [{ group, kind: "Gateway", name: gateway.name }],
                loadBalancer: { type: "LeastRequest", zoneAware: { preferLocal: {} } },
                // A pod that is replaced is still in rotation for a moment, and takes no connection any more.
                retry: { numRetries: 3, retryOn: { triggers: ["connect-failure", "reset"] } },
            },
        },
        opts,
    );
}

/** How many of the proxies have to stay, where that is asked for. */
export function proxiesBudget(
    { name, addons }: PlatformScope,
    gateway: { name: string; namespace: string },
    opts: pulumi.CustomResourceOptions,
): void {
    const budget = addons.gateway?.disruptionBudget;
    if (budget === undefined) {
        return;
    }
    disruptionBudget(
        `${name}-${proxiesName}-disruption-budget`,
        { name: `${proxiesName}-disruption-budget`, namespace: gateway.namespace },
        {
            "gateway.envoyproxy.io/owning-gateway-name": gateway.name,
            "gateway.envoyproxy.io/owning-gateway-namespace": gateway.namespace,
        },
        budget,
        opts,
    );
}
