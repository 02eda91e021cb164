import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../index";

const config = new pulumi.Config();
const count = config.requireNumber("apps");
const perNamespace = config.requireNumber("perNamespace");
const off = { enabled: false };

const { connection } = new ProgressiveMeshCluster("scale", {
    mesh: { provider: "kubernetes" },
    existing: { kubeconfig: config.requireSecret("kubeconfig") },
    addons: {
        flagger: config.requireObject<NonNullable<ProgressiveMeshClusterArgs["addons"]>["flagger"]>("flagger"),
        grafana: off,
        metricsServer: off,
    },
    mirror: { chartRepository: config.require("chartRepository") },
});

// Namespaces that several applications share, as teams have them.
const provider = new k8s.Provider("namespaces", { kubeconfig: connection.kubeconfig });
const namespaces = Array.from({ length: Math.ceil(count / perNamespace) }, (_, i) => {
    const name = `team-${i}`;
    return new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider });
});

for (let i = 0; i < count; i++) {
    const team = Math.floor(i / perNamespace);
    new CanaryApp(
        `app-${i}`,
        {
            platform: connection,
            namespace: `team-${team}`,
            createNamespace: false,
            loadTester: off,
            workload: {
                image: config.require("image"),
                port: 9898,
                resources: { requests: { cpu: "10m", memory: "16Mi" } },
                podAnnotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9898" },
            },
            analysis: {
                interval: config.require("interval"),
                threshold: 5,
                blueGreen: { iterations: 2 },
                metrics: [{ name: "request-success-rate", min: 99 }],
            },
            ...(config.requireBoolean("wait") && { waitForPromotion: { timeout: "60m" } }),
        },
        { dependsOn: namespaces[team] },
    );
}
