import { MeshKind } from "./objects";

/** What the controller writes, or what only concerns it. */
const identity = ["awsName", "meshRef", "meshOwner", "podSelector.matchLabels", "namespaceSelector.matchLabels"];
const listeners = ["listeners[].portMapping"];
const timeouts = ["http", "http2", "grpc"].flatMap((protocol) =>
    ["idle", "perRequest"].map((kind) => `listeners[].timeout.${protocol}.${kind}`),
);
const matches = ["prefix", "path", "headers", "queryParameters", "method"];

/** The fields of App Mesh's objects that the lab translates. */
export const knownFields: Record<MeshKind, string[]> = {
    Mesh: [...identity, "egressFilter"],
    VirtualNode: [
        ...identity,
        ...listeners,
        ...timeouts,
        "backends[].virtualService.virtualServiceRef",
        "backends[].virtualService.virtualServiceARN",
        "serviceDiscovery.dns.hostname",
        "logging.accessLog.file.path",
    ],
    VirtualRouter: [
        ...identity,
        ...listeners,
        "routes[].name",
        "routes[].priority",
        ...["httpRoute", "http2Route"].flatMap((route) => [
            ...matches.map((match) => `routes[].${route}.match.${match}`),
            `routes[].${route}.timeout`,
            `routes[].${route}.retryPolicy`,
        ]),
        ...["httpRoute", "http2Route", "tcpRoute"].flatMap((route) =>
            ["virtualNodeRef", "weight", "port"].map((field) => `routes[].${route}.action.weightedTargets[].${field}`),
        ),
        "routes[].tcpRoute.match.port",
    ],
    VirtualService: [...identity, "provider.virtualRouter.virtualRouterRef", "provider.virtualNode.virtualNodeRef"],
    VirtualGateway: [...identity, ...listeners],
    GatewayRoute: [
        ...identity,
        "priority",
        ...[...matches, "hostname"].map((match) => `httpRoute.match.${match}`),
        "httpRoute.action.target.virtualService",
        // Not the host: it is always that of the virtual service.
        "httpRoute.action.rewrite.path",
        "httpRoute.action.rewrite.prefix",
    ],
};
