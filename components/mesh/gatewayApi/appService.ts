import type { ServiceArgs } from "../../delivery/serviceArgs";
import type { RouteMatchArgs } from "../../delivery/service/routeMatch";
import { AppScope } from "../mesh";

/** What the Gateway API puts where nothing is said of it. */
const defaultMaxAge = "5s";

/**
 * The Canary's service with the platform's Gateway and the path under which the application answers there. What its user says of
 * Gateways and paths goes first.
 */
export function withGateway(scope: AppScope, asked: ServiceArgs, path: string | undefined): ServiceArgs {
    const service = withMaxAge(asked);
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

/**
 * Where the age is left to the API server, Flagger finds a route that differs from its own, writes it again with all weight on the
 * primary, and so at every look: no rollout would ever end.
 */
function withMaxAge(service: ServiceArgs): ServiceArgs {
    const { cors } = service;
    return cors === undefined || cors.maxAge !== undefined
        ? service
        : { ...service, cors: { ...cors, maxAge: defaultMaxAge } };
}

function given<T>(list: T[] | undefined): T[] | undefined {
    return list === undefined || list.length === 0 ? undefined : list;
}

function below(path: string, match: RouteMatchArgs): RouteMatchArgs {
    return match.prefix === undefined && match.uri === undefined ? { ...match, prefix: path } : match;
}
