import * as pulumi from "@pulumi/pulumi";
import { AlertArgs, CanaryApp, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const mesh = config.require("mesh");

const platform = new ProgressiveMeshCluster("global", {
    mesh: { provider: mesh, name: mesh === "appmesh" ? "global" : undefined },
    existing: { eksClusterName: config.require("cluster") },
    mirror: config.getObject<Mirror>("mirror"),
});

/** Who gets a new version, and the load that stands in for them. */
const strategies = {
    steps: {
        analysis: { steps: { stepWeight: 5, maxWeight: 50 } },
        load: "hey -z 1m -q 10 -c 2 http://podinfo-canary.test:9898/",
    },
    header: {
        analysis: { abTest: { iterations: 10, match: [{ headers: { "x-canary": { exact: "insider" } } }] } },
        load: "hey -z 1m -q 10 -c 2 -H 'X-Canary: insider' http://podinfo.test:9898/",
    },
    cookie: {
        analysis: { abTest: { iterations: 10, match: [{ cookies: { canary: "insider" } }] } },
        load: "hey -z 1m -q 10 -c 2 -H 'Cookie: canary=insider' http://podinfo.test:9898/",
    },
};
const names = Object.keys(strategies) as (keyof typeof strategies)[];
const { analysis, load } = strategies[config.require("strategy", { allowedValues: names })];

const receivers = { slack: config.getSecret("slackUrl"), msteams: config.getSecret("msteamsUrl") };
const alerts = Object.entries(receivers).flatMap(([type, address]): AlertArgs[] =>
    address === undefined ? [] : [{ name: type, severity: "info", provider: { type, address } }],
);

/** The requests to the canary as the proxies count them, and what they call the answer's status. */
const [counter, ofCanary, code] =
    mesh === "appmesh"
        ? [
              "envoy_cluster_upstream_rq",
              'kubernetes_namespace="{{ namespace }}",kubernetes_pod_name=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"',
              "envoy_response_code",
          ]
        : [
              "istio_requests_total",
              'reporter="destination",destination_workload_namespace="{{ namespace }}",destination_workload="{{ target }}"',
              "response_code",
          ];
const requests = (...more: string[]) => `${counter}{${[ofCanary, ...more].join(",")}}`;

const podinfo = new CanaryApp("podinfo", {
    platform: platform.connection,
    namespace: "test",
    workload: {
        image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
        port: 9898,
        readinessPath: "/readyz",
        config: { PODINFO_UI_MESSAGE: config.require("message") },
        autoscaling: { minReplicas: 2, maxReplicas: 4, cpuUtilization: 99 },
    },
    service: {
        timeout: "15s",
        retries: {
            attempts: 3,
            perTryTimeout: "5s",
            // The same three, in the words of App Mesh and in those of Envoy.
            retryOn:
                mesh === "appmesh"
                    ? ["gateway-error", "client-error", "stream-error"]
                    : ["gateway-error", "retriable-4xx", "refused-stream"],
        },
        // App Mesh has no rewrite, and lets the application call only what it names here.
        ...(mesh === "appmesh"
            ? { match: [{ prefix: "/" }], backends: config.getObject<string[]>("backends") }
            : { rewrite: { uri: "/" } }),
    },
    progressDeadlineSeconds: 60,
    analysis: {
        interval: config.require("interval"),
        threshold: 5,
        ...analysis,
        metrics: [
            { name: "request-success-rate", min: 99, interval: "1m" },
            { name: "request-duration", max: 500, interval: "30s" },
            {
                name: "not-found",
                max: 5,
                interval: "1m",
                // Of one's own, in percent, asked of the platform's Prometheus.
                query: `100 * sum(rate(${requests(`${code}="404"`)}[{{ interval }}]) or vector(0)) / sum(rate(${requests()}[{{ interval }}]))`,
            },
        ],
        alerts,
    },
    gates: config.requireBoolean("approval") ? { promotion: {} } : undefined,
    acceptanceTest: { command: "curl -sd 'test' http://podinfo-canary.test:9898/token | grep token", timeout: "30s" },
    loadTest: { command: load, timeout: "5s" },
    gateway: { path: "/" },
    waitForPromotion: {},
});

export const url = podinfo.url;
export const plan = podinfo.plan.summary;
/** How to approve and how to reject, where `approval` is set. */
export const gateCommands = podinfo.gateCommands;
export const grafanaPassword = platform.grafanaPassword;
