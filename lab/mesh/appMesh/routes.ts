import { Json, weighted } from "../envoy";
import { Duration, HttpMatch, HttpRoute, MeshHeader, MeshRoute, RetryPolicy, Timeout, WeightedTarget } from "./objects";

/** App Mesh gives a request this long where nothing else is said. */
const defaultTimeout: Duration = { unit: "s", value: 15 };

/** What App Mesh retries where a route says nothing of retries. */
const defaultRetries: Json = {
    retry_on: "retriable-status-codes,connect-failure,refused-stream",
    retriable_status_codes: [503],
    num_retries: 2,
};

/** App Mesh's retry events in Envoy's words. Those for 5xx also mean a connection that is reset. */
const retryEvents: Record<string, string> = {
    "server-error": "5xx,reset",
    "gateway-error": "gateway-error,reset",
    "client-error": "retriable-4xx",
    "stream-error": "refused-stream",
    "connection-error": "connect-failure",
};

/** Names the cluster of a target, if there is one. */
export type ClusterOf = (target: Pick<WeightedTarget, "virtualNodeRef" | "port">) => string | undefined;

/** What is done with what a route takes: its targets share it. Those without a cluster get none. */
export function shared(targets: WeightedTarget[], clusterOf: ClusterOf): ReturnType<typeof weighted> {
    return weighted(
        targets.flatMap((target) => {
            const cluster = clusterOf(target);
            return cluster === undefined ? [] : [{ cluster, weight: target.weight }];
        }),
    );
}

/** The routes of a virtual router, in the order in which App Mesh asks them. */
export function envoyRoutes(routes: MeshRoute[], clusterOf: ClusterOf): Json[] {
    const asked = ({ priority, httpRoute, http2Route }: MeshRoute) => ({
        priority,
        match: (httpRoute ?? http2Route)?.match,
    });
    return inOrder(routes, asked).flatMap((route) => {
        const http = route.httpRoute ?? route.http2Route;
        if (http === undefined) {
            return [];
        }
        const action = shared(http.action.weightedTargets, clusterOf);
        return [{ name: route.name, match: envoyMatch(http.match), ...withRules(action, http) }];
    });
}

function withRules(action: ReturnType<typeof weighted>, { timeout, retryPolicy }: HttpRoute): Json {
    return "direct_response" in action
        ? action
        : { route: { ...action.route, ...envoyTimeout(timeout), retry_policy: envoyRetries(retryPolicy) } };
}

export function envoyTimeout(timeout: Timeout | undefined): Json {
    return {
        timeout: seconds(timeout?.perRequest ?? defaultTimeout),
        ...(timeout?.idle !== undefined && { idle_timeout: seconds(timeout.idle) }),
    };
}

/**
 * The order in which App Mesh asks routes: the lowest number first, and what has none after all that have one. Among equals the
 * longest path is first, so that `/` does not hide what is below it; then the order in which they stand there.
 */
export function inOrder<T>(routes: T[], asked: (route: T) => { priority?: number; match?: HttpMatch }): T[] {
    const rank = (route: T) => {
        const { priority = Number.MAX_SAFE_INTEGER, match: { path, prefix = "/" } = {} } = asked(route);
        return { priority, length: (path?.exact ?? path?.regex ?? prefix).length };
    };
    return routes
        .map((route) => ({ route, ...rank(route) }))
        .sort((a, b) => a.priority - b.priority || b.length - a.length)
        .map(({ route }) => route);
}

export function envoyMatch({ prefix, path, headers, queryParameters, method }: HttpMatch = {}): Json {
    const where =
        path?.exact !== undefined
            ? { path: path.exact }
            : path?.regex !== undefined
              ? { safe_regex: { regex: path.regex } }
              : { prefix: prefix ?? "/" };
    const asked = [
        ...(headers ?? []).map(envoyHeader),
        ...(method === undefined ? [] : [envoyHeader({ name: ":method", match: { exact: method } })]),
    ];
    const parameters = (queryParameters ?? []).map(({ name, match }) => ({
        name,
        ...(match?.exact === undefined ? { present_match: true } : { string_match: { exact: match.exact } }),
    }));
    return {
        ...where,
        ...(asked.length > 0 && { headers: asked }),
        ...(parameters.length > 0 && { query_parameters: parameters }),
    };
}

function envoyHeader({ name, invert, match = {} }: MeshHeader): Json {
    const { exact, prefix, suffix, regex, range } = match;
    const value =
        range !== undefined
            ? { range_match: { start: range.start, end: range.end } }
            : exact !== undefined
              ? { string_match: { exact } }
              : prefix !== undefined
                ? { string_match: { prefix } }
                : suffix !== undefined
                  ? { string_match: { suffix } }
                  : regex !== undefined
                    ? { string_match: { safe_regex: { regex } } }
                    : { present_match: true };
    // App Mesh hands this on to Envoy, for which a header that is not there has no value that could differ.
    return { name, ...value, ...(invert && { invert_match: true }) };
}

function envoyRetries(policy: RetryPolicy | undefined): Json {
    if (policy === undefined) {
        return defaultRetries;
    }
    const events = [...(policy.httpRetryEvents ?? []), ...(policy.tcpRetryEvents ?? [])].flatMap(
        (event) => retryEvents[event]?.split(",") ?? [],
    );
    return {
        retry_on: [...new Set([...events, ...(policy.grpcRetryEvents ?? [])])].join(","),
        num_retries: policy.maxRetries,
        ...(policy.perRetryTimeout !== undefined && { per_try_timeout: seconds(policy.perRetryTimeout) }),
    };
}

/** A duration as Envoy writes it. */
export function seconds({ unit, value }: Duration): string {
    return unit === "s" ? `${value}s` : `${value / 1000}s`;
}
