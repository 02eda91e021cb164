import * as pulumi from "@pulumi/pulumi";

import { annotatedPods } from "../observability/scrapeJobs";
import { trafficQueries } from "../observability/trafficQueries";
import { Mesh } from "./mesh";

const unrouted = "without a mesh nothing routes requests: Kubernetes leads each to any pod of the service";

/** What an application itself counts, as Flagger asks for it: pkg/metrics/observers/http.go. */
const kubernetesQueries = trafficQueries({
    requests: "http_request_duration_seconds_count",
    durations: "http_request_duration_seconds_bucket",
    inSeconds: true,
    statusLabel: "status",
    noError: 'status!~"5.*"',
    namespaceLabel: "kubernetes_namespace",
    workloadLabel: "kubernetes_pod_name",
    // A pod's name ends in the hashes of its ReplicaSet and of its own.
    suffix: "-[0-9a-zA-Z]+-[0-9a-zA-Z]+",
});

/** Plain Kubernetes: no mesh, and so blue/green alone. */
export const kubernetes: Mesh = {
    title: "plain Kubernetes",
    flaggerProvider: "kubernetes",
    charts: {},
    reads: [],
    capabilities: {
        targets: ["Deployment", "DaemonSet"],
        // Flagger makes ten iterations of blue/green of any other one, and says so in an event alone.
        strategies: ["blueGreen"],
        headerMatches: [],
        alternatives: false,
        maxHeaders: 0,
        mirroring: [],
        sessionAffinity: false,
        retryEvents: [],
        matchFields: [],
        uriMatches: [],
        firstMatchOnly: false,
        portMapping: true,
        portNames: {},
        appMetrics: true,
        ignored: {
            timeout: unrouted,
            backendTimeout: unrouted,
            retries: unrouted,
            match: unrouted,
            rewrite: unrouted,
            headers: unrouted,
            mirror: unrouted,
            cors: unrouted,
            trafficPolicy: unrouted,
            hosts: "an Ingress of your own leads hosts to the service",
            gateways: "an Ingress of your own leads to the service",
            gatewayRefs: "a route of your own leads to the service",
            delegation: "without a mesh there is no VirtualService to delegate to",
            meshName: "there is no mesh",
            backends: "without a mesh every call passes",
        },
        refused: {},
    },
    queries: kubernetesQueries,
    ownPrometheus: false,
    scrapeJobs: { "annotated-pods": annotatedPods() },
    needsIdentity: false,
    accounts: () => [],
    checkPlatform: () => {},
    install: () => ({
        connection: { provider: "kubernetes" },
        namespaceMembership: {},
        required: [],
        ready: pulumi.output(true),
    }),
    namespaceMembership: () => ({}),
    podMembership: {},
    podAbsence: {},
    prepareNamespace: () => [],
    admit: () => ({}),
    loadTesterValues: () => ({}),
    canaryService: (_scope, service) => service,
};
