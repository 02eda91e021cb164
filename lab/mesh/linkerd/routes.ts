import { Json, Target, weighted } from "../envoy";
import { HeaderChanges, headerFields } from "../headers";
import { BackendRef, HeaderFilter, HttpRoute, RouteFilter, RouteMatch, ValueMatch } from "./objects";

/**
 * Linkerd itself repeats nothing here. But it knows which pods are there, and the lab's proxies only know a service's address:
 * what one of these cannot send, it sends again.
 */
const retries: Json = { retry_on: "connect-failure,refused-stream,reset", num_retries: 2 };

/** The rules of routes, in the order in which the Gateway API asks them. `clusterOf` names a backend's cluster. */
export function envoyRoutes(
    routes: HttpRoute[],
    clusterOf: (backend: BackendRef, route: HttpRoute) => string | undefined,
): Json[] {
    const rules = routes.flatMap((route) =>
        (route.spec?.rules ?? []).flatMap(({ matches = [], filters, backendRefs = [] }) => {
            const targets = backendRefs.flatMap((backend): Target[] => {
                const cluster = clusterOf(backend, route);
                return cluster === undefined
                    ? []
                    : [{ cluster, weight: backend.weight ?? 1, more: changesOf(backend.filters) }];
            });
            const action = weighted(targets);
            const does =
                "direct_response" in action
                    ? action
                    : { route: { ...action.route, timeout: "0s", retry_policy: retries }, ...changesOf(filters) };
            return (matches.length === 0 ? [{}] : matches).map((match) => ({ match, does }));
        }),
    );
    return bySpecificity(rules).map(({ match, does }) => ({ match: envoyMatch(match), ...does }));
}

/** The most specific first; what asks for as much as another keeps its place. */
function bySpecificity<T extends { match: RouteMatch }>(rules: T[]): T[] {
    const ranks = ({ match: { path, method, headers = [], queryParams = [] } }: T) => [
        path?.type === "Exact" ? 1 : 0,
        path?.value?.length ?? 1,
        method === undefined ? 0 : 1,
        headers.length,
        queryParams.length,
    ];
    return [...rules].sort((a, b) => {
        const other = ranks(b);
        return (
            ranks(a)
                .map((rank, i) => other[i]! - rank)
                .find((difference) => difference !== 0) ?? 0
        );
    });
}

function envoyMatch({ path, method, headers = [], queryParams = [] }: RouteMatch): Json {
    const asked = [
        ...headers.map(valueMatch),
        ...(method === undefined ? [] : [valueMatch({ name: ":method", value: method })]),
    ];
    return {
        ...pathMatch(path),
        ...(asked.length > 0 && { headers: asked }),
        ...(queryParams.length > 0 && { query_parameters: queryParams.map(valueMatch) }),
    };
}

/** A prefix is one of whole parts of the path: `/app` is not one of `/apple`. */
function pathMatch({ type = "PathPrefix", value = "/" }: RouteMatch["path"] = {}): Json {
    switch (type) {
        case "Exact":
            return { path: value };
        case "RegularExpression":
            return { safe_regex: { regex: value } };
        case "PathPrefix": {
            const prefix = value.replace(/\/$/, "");
            return prefix === "" ? { prefix: "/" } : { path_separated_prefix: prefix };
        }
    }
}

function valueMatch({ name, value, type = "Exact" }: ValueMatch): Json {
    return { name, string_match: type === "Exact" ? { exact: value } : { safe_regex: { regex: value } } };
}

function changesOf(filters: RouteFilter[] = []): Json {
    const find = (type: string) => filters.find((filter) => filter.type === type);
    return headerFields(
        changes(find("RequestHeaderModifier")?.requestHeaderModifier),
        changes(find("ResponseHeaderModifier")?.responseHeaderModifier),
    );
}

function changes({ set = [], add = [], remove }: HeaderFilter = {}): HeaderChanges {
    const pairs = (list: { name: string; value: string }[]) =>
        list.map(({ name, value }): [string, string] => [name, value]);
    return { set: pairs(set), add: pairs(add), remove };
}
