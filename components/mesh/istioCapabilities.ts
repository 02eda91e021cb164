import { MeshCapabilities } from "./capabilities";

const noHttp =
    "Istio does not look into requests at such a port, and splits none by Flagger's route; use another name, like `http`";

/** What Flagger 1.44 can do on Istio, by its router for it and by what Istio's webhook takes. */
export const istioCapabilities: MeshCapabilities = {
    targets: ["Deployment", "DaemonSet"],
    strategies: ["steps", "abTest", "blueGreen"],
    // Flagger hands a suffix on, and Istio's definition drops it: what is left asks for any value.
    headerMatches: ["exact", "prefix", "regex"],
    alternatives: true,
    maxHeaders: 100,
    mirroring: ["steps", "blueGreen"],
    sessionAffinity: true,
    retryEvents: [
        "5xx",
        "gateway-error",
        "reset",
        "reset-before-request",
        "connect-failure",
        "envoy-ratelimited",
        "retriable-4xx",
        "refused-stream",
        "retriable-status-codes",
        "retriable-headers",
        "http3-post-connect-failure",
        "cancelled",
        "deadline-exceeded",
        "internal",
        "resource-exhausted",
        "unavailable",
    ],
    retryStatuses: true,
    matchFields: [
        "uri",
        "ignoreUriCase",
        "method",
        "headers",
        "withoutHeaders",
        "queryParams",
        "authority",
        "scheme",
        "port",
        "sourceLabels",
        "sourceNamespace",
        "gateways",
        "name",
    ],
    uriMatches: ["exact", "prefix", "regex"],
    firstMatchOnly: false,
    portMapping: true,
    portNames: { tcp: noHttp, tls: noHttp, https: noHttp },
    ignored: {
        backendTimeout: "a VirtualService knows one time-out, `timeout`",
        gatewayRefs: "Istio's own gateways are named by `gateways`; give `gateway`, or those",
        mirror: "Flagger mirrors what the analysis asks for, `mirror` of `steps` or `blueGreen`",
        meshName: "Istio is one mesh, without a name",
        backends: "proxies may call every service of the mesh; a MeshBackend makes others known",
    },
    refused: {},
};
