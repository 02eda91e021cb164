import type { ServiceArgs } from "../../delivery/service";
import type { RouteMatchArgs } from "../../delivery/service/routeMatch";
import { AppScope } from "../mesh";

/**
 * The Canary's service with the platform's Gateway and the path under which the application answers there. What its user says of
 * Gateways and paths goes first.
 */
export function withGateway(scope: AppScope, service: ServiceArgs, path: string | undefined): ServiceArgs {
    const { objectName, objectNamespace } = scope.connection.gateway ?? {};
    if (path === undefined || objectName === undefined) {
        return service;
    }
    const ref = { name: objectName, ...(objectNamespace !== undefined && { namespace: objectNamespace }) };
    return {
        ...service,
        gatewayRefs: given(service.gatewayRefs) ?? [ref],
        match: given(service.match)?.map((match) => below(path, match)) ?? [{ prefix: path }],
    };
}

function given<T>(list: T[] | undefined): T[] | undefined {
    return list === undefined || list.length === 0 ? undefined : list;
}

function below(path: string, match: RouteMatchArgs): RouteMatchArgs {
    return match.prefix === undefined && match.uri === undefined ? { ...match, prefix: path } : match;
}
