import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { GatewayConnection } from "../connection";
import { GatewayAddonArgs, gatewayAnnotations, gatewayConnection, gatewayPort, isLoadBalancer } from "../gateway";
import { Values } from "../values";
import { gatewayAddress } from "./gatewayAddress";
import { istioNetworking } from "./istioObjects";
import { PlatformScope } from "./mesh";

/** The name of the release and of all that its chart makes. */
const gatewayName = charts.istioGateway.podName;
/** The name of the Gateway object, by which routes refer to it. */
const objectName = "public";
/** Where the proxies listen. Their pods allow them ports below 1024. */
const listenerPort = 80;

/** Installs the gateway's proxies in a namespace of their own, and the Gateway object that opens them. */
export function installGateway(
    scope: PlatformScope,
    istiod: pulumi.Resource,
): { resources: pulumi.Resource[]; gateway: GatewayConnection } {
    const { name, addons, cluster, namespaces, mirror, parent } = scope;
    const addon = addons.gateway;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const namespace = addon?.namespace ?? charts.istioGateway.namespace;
    const release = chartRelease(
        `${name}-${gatewayName}`,
        {
            chart: charts.istioGateway,
            releaseName: gatewayName,
            namespace,
            mirror,
            addon,
            values: {
                service: serviceValues(addon),
                // A number of pods that is asked for is not for the chart's autoscaler to change.
                ...(addon?.replicas !== undefined && { autoscaling: { enabled: false } }),
            },
        },
        // The chart leaves the proxy's image open: istiod fills it in.
        { ...opts, dependsOn: [...namespaces.require(namespace), istiod] },
    );
    const object = new CustomResource(
        `${name}-gateway`,
        {
            apiVersion: istioNetworking,
            kind: "Gateway",
            metadata: { name: objectName, namespace },
            spec: {
                // As the chart labels its pods: by the release's name without the prefix.
                selector: { istio: gatewayName.replace(/^istio-/, "") },
                servers: [
                    {
                        // The Service's port: from that Istio finds the one that the proxies listen at. Where the load balancer
                        // ends TLS, plain HTTP arrives all the same.
                        port: { number: gatewayPort(addon), name: "http", protocol: "HTTP" },
                        hosts: ["*"],
                    },
                ],
            },
        },
        { ...opts, dependsOn: [release] },
    );
    const address = gatewayAddress(`${name}-${gatewayName}`, release, addon, opts);
    return {
        resources: [release, object],
        gateway: { ...gatewayConnection(address, addon), objectName, objectNamespace: namespace },
    };
}

/**
 * The Service before the proxies. Of the chart's ports there is left what users call: the page about the proxies' health and a
 * port of TLS, which no Gateway has, need not be open to them.
 */
function serviceValues(addon: GatewayAddonArgs | undefined): Values {
    const annotations = {
        // Without it Kubernetes' own controller makes a Classic Load Balancer in AWS. Other clouds do not read it.
        ...(isLoadBalancer(addon) && { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" }),
        ...gatewayAnnotations(addon),
    };
    const portName = addon?.tls === undefined ? "http2" : "https";
    return {
        ...(Object.keys(annotations).length > 0 && { annotations }),
        ...(addon?.type !== undefined && { type: addon.type }),
        ports: [{ name: portName, port: gatewayPort(addon), protocol: "TCP", targetPort: listenerPort }],
    };
}
