import fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import {
    AlertProvider,
    CanaryApp,
    MeshBackend,
    MetricTemplate,
    PlatformConnection,
    ProgressiveMeshCluster,
} from "../../../../index";

/**
 * What is planted, by the names of test/secretInputs.ts, and what goes with it. It comes by the environment: what a program takes
 * from Pulumi's secret configuration Pulumi itself hides in its output, and the library's part would not show. For the same reason
 * all of it is given as plain text, where the library promises to make it a secret.
 */
const planted = JSON.parse(process.env.PLANTED_SECRETS!) as Record<string, string>;
const config = new pulumi.Config();
const variant = config.require("variant");
const tag = config.require("tag");
const off = { enabled: false };

/** A kubeconfig that works, with something planted in it. */
function kubeconfig(name: string): string {
    const whole = JSON.parse(fs.readFileSync(process.env.LAB_KUBECONFIG!, "utf8")) as { users: object[] };
    return JSON.stringify({ ...whole, users: [...whole.users, { name: "planted", user: { token: planted[name] } }] });
}

const linkerd = (key: string) => ({
    trustAnchorsPem: planted.trustAnchor,
    issuerCertificatePem: planted[`${key}Certificate`],
    issuerKeyPem: planted[key],
});
const first = variant === "first";
const platform = new ProgressiveMeshCluster("vault", {
    existing: { kubeconfig: kubeconfig("platformKubeconfig"), clusterName: "vault" },
    mesh: first ? { provider: "linkerd", linkerd: linkerd("issuerKey") } : { provider: "kubernetes" },
    ...(!first && { secondMesh: { provider: "linkerd", linkerd: linkerd("secondIssuerKey") } }),
    addons: {
        flagger: {
            alerts: {
                ...(first
                    ? { slack: { url: planted.slackUrl!, channel: "releases", proxy: planted.slackProxy } }
                    : { teams: { url: planted.teamsUrl!, proxy: planted.teamsProxy } }),
                eventWebhook: { url: planted.eventUrl! },
            },
        },
        prometheus: off,
    },
    metricsServer: "http://prometheus.monitoring:9090",
    metricsServerAuth: first
        ? { token: planted.metricsToken }
        : { username: planted.metricsUser, password: planted.metricsPassword },
    gitOps: {
        repository: { url: "https://git.example/org/apps", token: planted.gitToken },
        kustomizations: { shared: { path: "./shared" } },
    },
    mirror: { chartRepository: config.require("chartRepository") },
});

/** The connection as it comes from another stack by a file: all of it plain. */
function connection(name: string, mesh = "linkerd"): PlatformConnection {
    return {
        kubeconfig: kubeconfig(name),
        clusterName: "vault",
        mesh: { provider: mesh, name: "vault" },
        metricsServer: "http://prometheus.monitoring:9090",
    };
}

const namespace = "apps";
const influx = (token: string) => ({
    provider: "influxdb",
    address: "http://influx.monitoring:8086",
    query: 'from(bucket: "errors")',
    credentials: { token, org: "shop" },
});
const app = new CanaryApp(
    "till",
    {
        platform: connection("appKubeconfig"),
        namespace,
        workload: {
            image: `ghcr.io/stefanprodan/podinfo:${tag}`,
            port: 9898,
            readinessPath: "/readyz",
            preStopSeconds: 8,
            secrets: { PASSWORD: planted.appSecret! },
        },
        analysis: {
            interval: "10s",
            threshold: 2,
            steps: { stepWeights: [50] },
            metrics: [{ name: "errors", max: 1, interval: "30s", template: influx(planted.appCredential!) }],
            alerts: [
                {
                    name: "chat",
                    severity: "info",
                    provider: { type: "slack", address: planted.appChat!, token: planted.appChatToken },
                },
            ],
        },
        webhooks: [
            {
                name: "smoke",
                type: "pre-rollout",
                url: pulumi.secret(planted.webhookUrl!),
                metadata: { key: pulumi.secret(planted.webhookMetadata!) },
            },
        ],
        loadTester: off,
        waitForPromotion: { timeout: "5m" },
    },
    { dependsOn: [platform] },
);
const later = { dependsOn: [app] };
new AlertProvider(
    "shared-chat",
    {
        platform: connection("providerKubeconfig"),
        namespace,
        provider: { type: "slack", address: planted.chat!, token: planted.chatToken },
    },
    later,
);
new MetricTemplate(
    "shared-errors",
    { platform: connection("templateKubeconfig"), namespace, template: influx(planted.credential!) },
    later,
);
if (config.getBoolean("backend")) {
    // The cluster knows no objects of App Mesh, so this one fails.
    const args = { namespace, hostname: "db.data.svc.cluster.local", port: 5432 };
    new MeshBackend("db", { platform: connection("backendKubeconfig", "appmesh"), ...args }, { dependsOn: [platform] });
}

export const { connection: whole, grafanaPassword } = platform;
