import { IstioKind } from "./objects";

const matches = [
    ...["name", "uri", "scheme", "method", "authority", "headers", "withoutHeaders", "queryParams", "ignoreUriCase"],
    ...["sourceLabels", "sourceNamespace", "gateways", "port"],
];
const destination = ["host", "port.number"];

/** The fields of Istio's objects that the lab translates. */
export const knownFields: Record<IstioKind, string[]> = {
    VirtualService: [
        "hosts",
        "gateways",
        "http[].name",
        ...matches.map((field) => `http[].match[].${field}`),
        ...["http", "tcp"].flatMap((kind) => [
            ...destination.map((field) => `${kind}[].route[].destination.${field}`),
            `${kind}[].route[].weight`,
        ]),
        ...["", "route[]."].flatMap((at) =>
            ["request", "response"].flatMap((side) =>
                ["set", "add", "remove"].map((change) => `http[].${at}headers.${side}.${change}`),
            ),
        ),
        "http[].delegate",
        "http[].timeout",
        ...["attempts", "perTryTimeout", "retryOn"].map((field) => `http[].retries.${field}`),
        ...["uri", "authority"].map((field) => `http[].rewrite.${field}`),
        ...destination.map((field) => `http[].mirror.${field}`),
        "http[].mirrorPercentage",
        "http[].corsPolicy",
        ...["delay.fixedDelay", "delay.percentage", "abort.httpStatus", "abort.percentage"].map(
            (field) => `http[].fault.${field}`,
        ),
        "tcp[].match[].port",
    ],
    DestinationRule: [
        "host",
        "trafficPolicy.connectionPool.tcp.maxConnections",
        ...["http1MaxPendingRequests", "http2MaxRequests", "maxRetries"].map(
            (field) => `trafficPolicy.connectionPool.http.${field}`,
        ),
    ],
    Gateway: [
        "selector",
        "servers[].hosts",
        "servers[].name",
        ...["number", "name", "protocol"].map((f) => `servers[].port.${f}`),
    ],
};
