import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AlertProvider, CanaryApp, MeshBackend, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const mesh = config.require("mesh");
const onAppMesh = mesh === "appmesh";

const platform = new ProgressiveMeshCluster("shop", {
    mesh: {
        provider: mesh,
        name: onAppMesh ? "global" : undefined,
        allowEgress: true,
        tracing: onAppMesh ? { provider: "x-ray" } : undefined,
    },
    existing: { eksClusterName: config.require("cluster") },
    mirror: config.getObject<Mirror>("mirror"),
});

// The namespace is here, and not the application's, because the backends have to be in it before the application comes.
const namespace = new kubernetes.core.v1.Namespace(
    "shop",
    {
        metadata: {
            name: "shop",
            labels: onAppMesh
                ? { mesh: "global", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" }
                : { "istio-injection": "enabled" },
        },
    },
    {
        provider: new kubernetes.Provider("shop-namespace", { kubeconfig: platform.connection.kubeconfig }),
        dependsOn: platform,
        customTimeouts: { delete: "10m" },
    },
);

// What the application calls and what is not released by Flagger: known to the mesh, as they are.
const backends = Object.entries({ mariadb: 3306, rabbitmq: 5672, redis: 6379 }).map(
    ([name, port]) =>
        new MeshBackend(
            name,
            {
                platform: platform.connection,
                namespace: "shop",
                hostname: `${name}.shop-infra.svc.cluster.local`,
                port,
            },
            { dependsOn: namespace },
        ),
);

const slackUrl = config.getSecret("slackUrl");
const onCall =
    slackUrl === undefined
        ? undefined
        : new AlertProvider(
              "on-call",
              {
                  platform: platform.connection,
                  namespace: "shop",
                  provider: { type: "slack", address: slackUrl, channel: "on-call-alerts", username: "flagger" },
              },
              { dependsOn: namespace },
          );

const account = new CanaryApp(
    "account",
    {
        platform: platform.connection,
        namespace: "shop",
        createNamespace: false,
        workload: {
            image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
            port: 9898,
            readinessPath: "/readyz",
            config: config.requireObject<Record<string, string>>("settings"),
            podAnnotations: { "shop/restart": config.require("restart") },
            autoscaling: { minReplicas: 2, maxReplicas: 4, cpuUtilization: 80 },
        },
        // App Mesh lets the application call nothing else. On Istio nobody needs permission for what is known.
        service: onAppMesh ? { backends: backends.map(({ arn }) => arn) } : {},
        progressDeadlineSeconds: 300,
        skipAnalysis: config.requireBoolean("skipAnalysis"),
        analysis: {
            interval: "30s",
            threshold: 3,
            steps: { stepWeight: 20, maxWeight: 80 },
            metrics: [
                { name: "request-success-rate", min: config.requireNumber("successRate"), interval: "1m" },
                { name: "request-duration", max: 500, interval: "30s" },
            ],
            alerts: onCall === undefined ? [] : [{ name: "team", severity: "info", providerRef: onCall.ref }],
        },
        webhooks: [
            {
                name: "acceptance-test",
                type: "rollout",
                url: "http://flagger-loadtester.shop/",
                timeout: "20s",
                metadata: { type: "bash", cmd: "curl -sf http://account-canary.shop:9898/" },
            },
        ],
        loadTest: { command: "hey -z 1m -q 10 -c 2 http://account-canary.shop:9898/", timeout: "5s" },
        waitForPromotion: {},
    },
    { dependsOn: [namespace, ...backends] },
);

export const plan = account.plan.summary;
export const grafanaPassword = platform.grafanaPassword;
