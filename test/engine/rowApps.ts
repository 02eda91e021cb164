import type { CanaryAppArgs } from "../../index";
import { AlertReceiver } from "./alertReceiver";
import { Apps, Backends, app, podinfo } from "./delivery";

/** The share of good answers, asked for as a user would write it: Flagger's own metric once more. */
const successQuery = `
    sum(rate(envoy_cluster_upstream_rq{kubernetes_namespace="{{ namespace }}",
        kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)",envoy_response_code!~"5.*"}[{{ interval }}]))
    /
    sum(rate(envoy_cluster_upstream_rq{kubernetes_namespace="{{ namespace }}",
        kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"}[{{ interval }}]))
    * {{ variables.scale }}`;

const quickSuccess = { name: "request-success-rate", min: 99, interval: "30s" };

/** An application in a namespace of its own, whose promotion is waited for. */
function row(name: string, changes: Partial<CanaryAppArgs> = {}): Apps[string] {
    return { args: app(name, `row-${name}`, { waitForPromotion: { timeout: "8m" }, ...changes }) };
}

/** Load that the load tester puts on an application's canary. */
const hey = (name: string, options: string) => ({ command: `hey ${options} http://${name}-canary.row-${name}:9898/` });

/** The database of row E2. */
export const rowBackends: Backends = {
    mariadb: {
        args: { namespace: "row-data", hostname: "mariadb.row-data.svc.cluster.local", port: 3306 },
        dependsOn: ["data"],
    },
};

/** The applications of the rows, each as it is before its first release. */
export function rowApps(alerts: AlertReceiver, metricsServer: string): Apps {
    return {
        header: row("header", {
            analysis: {
                interval: "10s",
                threshold: 5,
                abTest: { iterations: 10, match: [{ headers: { "user-agent": { regex: ".*(Firefox|curl).*" } } }] },
                metrics: [quickSuccess],
            },
        }),
        cookie: row("cookie", {
            analysis: {
                interval: "10s",
                threshold: 5,
                abTest: { iterations: 5, match: [{ cookies: { type: "insider" } }] },
                metrics: [quickSuccess],
            },
        }),
        green: row("green", {
            analysis: {
                interval: "10s",
                threshold: 5,
                blueGreen: { iterations: 3, stepWeightPromotion: 50 },
                metrics: [quickSuccess],
            },
            loadTest: hey("green", "-z 30s -q 5 -c 1"),
            acceptanceTest: { command: "curl -s http://green-canary.row-green:9898/token | grep -v 6.0.2" },
        }),
        beside: { args: app("beside", "row-whole") },
        whole: {
            args: app("whole", "row-whole", {
                waitForPromotion: {},
                // The namespace and its load tester are the other's.
                createNamespace: false,
                loadTester: { enabled: false },
                progressDeadlineSeconds: 60,
                revertOnDeletion: true,
                workload: {
                    image: podinfo("6.0.0"),
                    port: 9898,
                    autoscaling: { minReplicas: 2, maxReplicas: 4, cpuUtilization: 99 },
                },
                service: {
                    timeout: "15s",
                    retries: { attempts: 3, perTryTimeout: "5s", retryOn: ["gateway-error"] },
                    match: [{ prefix: "/" }],
                    rewrite: { uri: "/" },
                    backends: [
                        "beside",
                        "arn:aws:appmesh:us-west-2:123456789012:mesh/other/virtualService/api.example.com",
                    ],
                },
            }),
            dependsOn: ["beside"],
        },
        gated: row("gated", { gates: { rollout: {}, promotion: {} } }),
        metric: row("metric", {
            analysis: {
                interval: "10s",
                threshold: 5,
                steps: { stepWeights: [30, 60] },
                metrics: [
                    {
                        name: "good-answers",
                        min: 99,
                        interval: "30s",
                        template: { provider: "prometheus", address: metricsServer, query: successQuery },
                        variables: { scale: "100" },
                    },
                ],
                alerts: [
                    { name: "team", severity: "info", provider: { type: "slack", address: alerts.address("/slack") } },
                    {
                        name: "oncall",
                        severity: "error",
                        provider: { type: "msteams", address: alerts.address("/teams") },
                    },
                ],
            },
        }),
        data: { args: app("data", "row-data", { gateway: undefined }) },
        shop: { ...row("shop"), backends: ["mariadb"] },
        wrong: row("wrong", {
            workload: {
                image: podinfo("6.0.0"),
                port: 9898,
                probes: { readiness: { path: "/readyz", periodSeconds: 1 } },
                config: { MESSAGE: "hello" },
            },
            progressDeadlineSeconds: 60,
            webhooks: [{ name: "to-the-team", type: "event", url: alerts.address("/events") }],
            analysis: {
                ...app("wrong", "row-wrong").analysis,
                alerts: [{ name: "team", provider: { type: "slack", address: alerts.address("/e5") } }],
            },
        }),
        strict: row("strict", {
            analysis: {
                interval: "10s",
                threshold: 3,
                steps: { stepWeight: 20, maxWeight: 80 },
                metrics: [{ name: "request-success-rate", min: 100, interval: "1m" }],
            },
            loadTest: hey("strict", "-z 1m -q 30 -c 1"),
        }),
        keda: row("keda", {
            workload: {
                image: podinfo("6.0.0"),
                port: 9898,
                scaledObject: {
                    minReplicas: 1,
                    maxReplicas: 3,
                    triggers: [
                        {
                            type: "prometheus",
                            name: "load",
                            metadata: {
                                serverAddress: "http://prometheus:9090",
                                threshold: "10",
                                query: 'sum(rate(http_requests_total{app="keda"}[1m]))',
                            },
                        },
                    ],
                    primaryReplicas: { minReplicas: 2, maxReplicas: 6 },
                },
            },
        }),
    };
}

/** Row E3's, whose analysis takes as long as two releases of the others. */
export function pacedApp(alerts: AlertReceiver): Apps {
    return {
        paced: row("paced", {
            analysis: {
                interval: "30s",
                threshold: 3,
                steps: { stepWeight: 20, maxWeight: 80 },
                metrics: [{ name: "request-success-rate", min: 99 }],
            },
            progressDeadlineSeconds: 300,
            skipAnalysis: false,
            webhooks: [{ name: "own-check", url: alerts.address("/own-check") }],
        }),
    };
}
