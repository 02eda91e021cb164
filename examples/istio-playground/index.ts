import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, MetricTemplate, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const slackUrl = config.getSecret("slackUrl");

const platform = new ProgressiveMeshCluster("playground", {
    mesh: { provider: "istio" },
    existing: { kubeconfig: config.requireSecret("kubeconfig"), clusterName: config.require("clusterName") },
    addons: {
        // As little as Istio can do with, for a machine that has other things to do.
        meshController: { resources: { requests: { cpu: "10m", memory: "100Mi" } } },
        gateway: {
            type: config.require("gatewayType"),
            resources: { requests: { cpu: "10m", memory: "40Mi" } },
        },
        flagger: {
            alerts:
                slackUrl === undefined ? undefined : { slack: { url: slackUrl, channel: "general", user: "flagger" } },
        },
    },
    mirror: config.getObject<Mirror>("mirror"),
});

/** A metric of Istio's proxies, once for all applications. */
function metric(name: string, query: string): MetricTemplate {
    return new MetricTemplate(name, {
        platform: platform.connection,
        namespace: "istio-system",
        template: { provider: "prometheus", address: platform.connection.metricsServer, query },
    });
}

const ofCanary =
    'reporter="destination",destination_workload_namespace="{{ namespace }}",destination_workload="{{ target }}"';
const errorRate = metric(
    "error-rate",
    `100 - 100 * sum(rate(istio_requests_total{${ofCanary},response_code!~"5.*"}[{{ interval }}])) / ` +
        `sum(rate(istio_requests_total{${ofCanary}}[{{ interval }}]))`,
);
const latency = metric(
    "latency",
    "histogram_quantile(0.99, " +
        `sum(rate(istio_request_duration_milliseconds_bucket{${ofCanary}}[{{ interval }}])) by (le))`,
);
const metrics = [
    { name: "error-rate", templateRef: errorRate.ref, max: 1, interval: "30s" },
    { name: "latency", templateRef: latency.ref, max: 500, interval: "30s" },
];

const podinfo = (tag: string) => ({
    image: `ghcr.io/stefanprodan/podinfo:${tag}`,
    port: 9898,
    readinessPath: "/readyz",
    autoscaling: { minReplicas: 1, maxReplicas: 2, cpuUtilization: 99 },
});

const backend = new CanaryApp("backend", {
    platform: platform.connection,
    namespace: "prod",
    workload: podinfo(config.require("backendTag")),
    analysis: { interval: "10s", threshold: 10, steps: { stepWeight: 5, maxWeight: 50 }, metrics },
    acceptanceTest: { command: "curl -sd 'test' http://backend-canary.prod:9898/token | grep token" },
    loadTest: { command: "hey -z 1m -q 5 -c 2 http://backend-canary.prod:9898/" },
    waitForPromotion: {},
});

const frontend = new CanaryApp(
    "frontend",
    {
        platform: platform.connection,
        namespace: "prod",
        // The backend has made the namespace, with its load tester.
        createNamespace: false,
        loadTester: { enabled: false },
        workload: {
            ...podinfo(config.require("frontendTag")),
            env: { PODINFO_BACKEND_URL: "http://backend:9898/echo" },
        },
        analysis: {
            interval: "10s",
            threshold: 10,
            abTest: {
                iterations: 12,
                match: [{ headers: { "user-agent": { regex: ".*Firefox.*" } } }, { cookies: { type: "insider" } }],
            },
            metrics,
        },
        acceptanceTest: { command: "curl -sd 'test' http://frontend-canary.prod:9898/token | grep token" },
        loadTest: { command: "hey -z 1m -q 5 -c 2 -H 'Cookie: type=insider' http://frontend.prod:9898/" },
        gateway: { path: "/" },
        service: { hosts: ["frontend.localhost"] },
        waitForPromotion: {},
    },
    { dependsOn: backend },
);

export const plans = [backend.plan.summary, frontend.plan.summary];
export const grafanaPassword = platform.grafanaPassword;
