import { MeshCapabilities } from "../capabilities";

/** What Flagger makes of a Canary with an HTTPRoute (pkg/router/gateway_api.go), whoever the Gateway's controller is. */
export const gatewayApiCapabilities: MeshCapabilities = {
    targets: ["Deployment", "DaemonSet"],
    strategies: ["steps", "abTest", "blueGreen"],
    // Flagger swallows the error about any other, and then the rule for the canary matches everybody.
    headerMatches: ["exact", "regex"],
    alternatives: true,
    maxHeaders: 16,
    // With weights Flagger waits for ever for a mirror that it never sets.
    mirroring: ["blueGreen"],
    sessionAffinity: true,
    retryEvents: [],
    matchFields: ["uri", "method", "headers", "queryParams"],
    uriMatches: ["exact", "prefix", "regex"],
    firstMatchOnly: false,
    portMapping: true,
    portNames: {},
    ignored: {
        retries: "Flagger's route has none; the Gateway's controller has policies of its own",
        trafficPolicy: "a Gateway API has no such policy for a Canary",
        gateways: "these are Istio's; give `gatewayRefs`",
        delegation: "a Gateway API has no VirtualService to delegate to",
        meshName: "that is for old App Mesh objects",
        backends: "applications call what they like",
    },
    refused: {},
};

/** The same where VPC Lattice's controller reads the route (pkg/gateway/model_build_rule.go). */
export const latticeCapabilities: MeshCapabilities = {
    ...gatewayApiCapabilities,
    headerMatches: ["exact"],
    alternatives: false,
    maxHeaders: 5,
    mirroring: [],
    sessionAffinity: false,
    matchFields: ["uri", "method", "headers"],
    uriMatches: ["exact", "prefix"],
    appMetrics: true,
    ignored: {
        ...gatewayApiCapabilities.ignored,
        timeout: "VPC Lattice has a limit of its own, one minute",
        backendTimeout: "VPC Lattice has a limit of its own, one minute",
    },
    refused: {
        rewrite: "VPC Lattice reads no filters of a route",
        headers: "VPC Lattice reads no filters of a route",
        cors: "VPC Lattice reads no filters of a route",
        mirror: "VPC Lattice reads no filters of a route",
    },
};
