import * as pulumi from "@pulumi/pulumi";

import type { RouteMatchArgs } from "../delivery/service/routeMatch";
import type { ServiceArgs } from "../delivery/serviceArgs";
import { isLater } from "../shape";
import { AppScope } from "./mesh";

/** What Istio calls all proxies of the mesh, where a gateway is named. */
export const allProxies = "mesh";

/**
 * The Canary's service with the platform's gateway: its route is bound to the gateway as well as to the mesh, and answers there for
 * the gateway's address under the path. What the user wrote wins; gateways of theirs are joined by the platform's.
 */
export function canaryService(scope: AppScope, service: ServiceArgs, path: string | undefined): ServiceArgs {
    const { gateway } = scope.connection;
    if (path === undefined || gateway?.objectName === undefined) {
        return service;
    }
    const own = `${gateway.objectNamespace}/${gateway.objectName}`;
    const others = service.gateways?.filter((other) => isLater(other) || other !== own) ?? [allProxies];
    const match = service.match ?? pathMatch(path, own);
    return {
        ...service,
        // First, for by the first one Flagger sees that there is a gateway, and names the port.
        gateways: [own, ...others],
        hosts: service.hosts ?? [pulumi.output(gateway.address)],
        ...(match !== undefined && { match }),
    };
}

/**
 * Which requests of the gateway belong to the application. Those from inside the mesh all do: they ask for it by name, and a route
 * for the path alone would leave the rest of them without an answer.
 */
function pathMatch(path: string, gateway: string): RouteMatchArgs[] | undefined {
    return path === "/" ? undefined : [{ prefix: path, gateways: [gateway] }, { gateways: [allProxies] }];
}
