import { V1Service } from "@kubernetes/client-node";

import { World } from "./mesh";

/** The service that a name of the cluster's DNS means: `podinfo.apps`, with or without `.svc` and `.cluster.local`. */
export function serviceNamed(world: World, name: string): V1Service | undefined {
    const [, service, namespace] = /^([^.]+)\.([^.]+)(?:\.svc(?:\.cluster\.local)?)?\.?$/.exec(name) ?? [];
    return world.services().find((s) => s.metadata?.name === service && s.metadata?.namespace === namespace);
}

/** The address that a name stands for: that of its service, or the name itself, for whoever can look it up. */
export function addressOf(world: World, name: string): string {
    const address = serviceNamed(world, name)?.spec?.clusterIP;
    return address === undefined || address === "None" ? name : address;
}
