import { Json, Target, weighted } from "../envoy";
import { headerFields } from "../headers";
import { World } from "../mesh";
import { Destinations } from "./destinations";
import { perRouteFilters } from "./filters";
import { Source, concerns, envoyMatch } from "./match";
import { envoyDuration, fraction } from "./numbers";
import { Headers, HttpMatch, HttpRoute, Retries, VirtualService, members } from "./objects";

/** What Istio retries where a route says nothing else. */
const retriedEvents = "connect-failure,refused-stream,unavailable,cancelled";

/** The routes of a virtual service that this source can meet, in their order. */
export function httpRoutes(world: World, service: VirtualService, source: Source, destinations: Destinations): Json[] {
    const { namespace } = service.metadata!;
    return (service.spec?.http ?? []).flatMap((route) =>
        delegated(world, route, namespace!).flatMap(({ owner, rule }) => {
            const matches = matchesOf(rule).filter((match) => concerns(match, owner, source));
            const action = actionOf(rule, owner, source.port, destinations);
            return matches.map((match) => ({
                ...(rule.name !== undefined && { name: rule.name }),
                match: envoyMatch(match),
                ...action,
            }));
        }),
    );
}

/** A route, or those of the virtual service that stand in its place, each with the namespace in which its names are meant. */
function delegated(world: World, route: HttpRoute, namespace: string): { owner: string; rule: HttpRoute }[] {
    const { delegate, ...root } = route;
    if (delegate === undefined) {
        return [{ owner: namespace, rule: route }];
    }
    const owner = delegate.namespace ?? namespace;
    const to = members(world, "VirtualService").find(
        ({ metadata }) => metadata?.name === delegate.name && metadata.namespace === owner,
    );
    return (to?.spec?.http ?? []).map((rule) => ({
        owner,
        rule: { ...root, ...rule, match: bothMatches(matchesOf(root), matchesOf(rule)) },
    }));
}

/** A route that asks for nothing is for everything. */
function matchesOf({ match = [] }: HttpRoute): HttpMatch[] {
    return match.length === 0 ? [{}] : match;
}

/** What both ask for. */
function bothMatches(roots: HttpMatch[], delegates: HttpMatch[]): HttpMatch[] {
    return roots.flatMap((root) =>
        delegates.map((match) => ({ ...root, ...match, headers: { ...root.headers, ...match.headers } })),
    );
}

function actionOf(rule: HttpRoute, namespace: string, asked: number, destinations: Destinations): Json {
    const only = rule.route?.length === 1;
    const targets = (rule.route ?? []).flatMap(({ destination, weight = 0, headers }): Target[] => {
        const cluster = destinations.cluster(destination, namespace, asked);
        // Whoever is alone gets everything, whatever its weight.
        return cluster === undefined ? [] : [{ cluster, weight: only ? 100 : weight, more: changesOf(headers) }];
    });
    const action = weighted(targets);
    if ("direct_response" in action) {
        return action;
    }
    const mirror = rule.mirror && destinations.cluster(rule.mirror, namespace, asked);
    const authority = rule.rewrite?.authority ?? hostIn(rule.headers);
    return {
        route: {
            ...action.route,
            timeout: envoyDuration(rule.timeout ?? "0s"),
            ...retriesOf(rule.retries),
            ...(rule.rewrite?.uri !== undefined && pathRewrite(rule.rewrite.uri, rule.match)),
            ...(authority !== undefined && { host_rewrite_literal: authority }),
            ...(mirror !== undefined && { request_mirror_policies: [mirrorTo(mirror, rule.mirrorPercentage?.value)] }),
        },
        ...changesOf(rule.headers),
        ...perRouteFilters(rule),
    };
}

/** Of a path that is matched by a regular expression there is no part that is matched: all of it is replaced. */
function pathRewrite(uri: string, matches: HttpMatch[] = []): Json {
    return matches.some((match) => match.uri?.regex !== undefined)
        ? { regex_rewrite: { pattern: { regex: "^[^?]*" }, substitution: uri } }
        : { prefix_rewrite: uri };
}

function mirrorTo(cluster: string, percent = 100): Json {
    return { cluster, runtime_fraction: { default_value: fraction(percent) } };
}

/** Events that are numbers are statuses of answers. */
function retriesOf({ attempts = 2, perTryTimeout, retryOn }: Retries = {}): Json {
    if (attempts <= 0) {
        return {};
    }
    const events = (retryOn ?? retriedEvents).split(",").map((event) => event.trim());
    const statuses = events.filter((event) => /^\d+$/.test(event)).map(Number);
    const named = [
        ...events.filter((event) => event !== "" && !/^\d+$/.test(event)),
        ...(statuses.length > 0 ? ["retriable-status-codes"] : []),
    ];
    return {
        retry_policy: {
            retry_on: [...new Set(named)].join(","),
            num_retries: attempts,
            ...(statuses.length > 0 && { retriable_status_codes: statuses }),
            ...(perTryTimeout !== undefined && { per_try_timeout: envoyDuration(perTryTimeout) }),
        },
    };
}

const isHost = (name: string) => /^(host|:authority)$/i.test(name);

/** The host is not a header among others: where it is set as one, it is rewritten. */
function hostIn(headers: Headers | undefined): string | undefined {
    return Object.entries(headers?.request?.set ?? {}).find(([name]) => isHost(name))?.[1];
}

function changesOf({ request, response }: Headers = {}): Json {
    const changes = ({ set = {}, add = {}, remove }: NonNullable<Headers["request"]> = {}) => ({
        set: Object.entries(set).filter(([name]) => !isHost(name)),
        add: Object.entries(add),
        remove,
    });
    return headerFields(changes(request), changes(response));
}
