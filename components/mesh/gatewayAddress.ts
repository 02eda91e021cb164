import { Service } from "@pulumi/kubernetes/core/v1";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { GatewayAddonArgs, isLoadBalancer } from "../gateway";

/**
 * The address of a gateway whose chart makes a Service of the release's name: the load balancer's, or where there is none the
 * Service's own name.
 */
export function gatewayAddress(
    childName: string,
    release: Release,
    addon: GatewayAddonArgs | undefined,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    if (!isLoadBalancer(addon)) {
        return pulumi.interpolate`${release.name}.${release.namespace}`;
    }
    const service = Service.get(
        childName,
        // Through the release's status, so that nobody looks for the service before it is there.
        release.status.apply((s) => `${s.namespace}/${s.name}`),
        opts,
    );
    return service.status.apply((status) => {
        const first = status?.loadBalancer?.ingress?.[0];
        return first?.hostname ?? first?.ip ?? "";
    });
}
