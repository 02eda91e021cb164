import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, PlatformConnection } from "pulumi-progressive-mesh";

const config = new pulumi.Config();

const platform: PlatformConnection = {
    kubeconfig: config.require("kubeconfig"),
    clusterName: "bench",
    mesh: { provider: "istio" },
    metricsServer: "http://prometheus.istio-system:9090",
};

/** Nothing of an application but its Canary, all in one namespace, which the first makes and the others wait for. */
const alone = config.getBoolean("alone") ?? false;
let first: CanaryApp | undefined;

for (let i = 0; i < config.requireNumber("apps"); i++) {
    const workload = { image: config.get("image") ?? "ghcr.io/stefanprodan/podinfo:6.0.0", port: 9898 };
    const app = new CanaryApp(
        `app-${i}`,
        {
            platform,
            namespace: alone ? "apps" : `app-${i}`,
            createNamespace: !alone || i === 0,
            ...(alone
                ? { target: { name: `app-${i}` }, service: { port: 9898 }, revertOnDeletion: false }
                : { workload }),
            loadTester: { enabled: config.requireBoolean("loadTester") },
            analysis: {
                interval: "15s",
                threshold: 5,
                steps: { stepWeight: 5, maxWeight: 50 },
                metrics: [{ name: "request-success-rate", min: 99 }],
            },
        },
        alone && first ? { dependsOn: [first] } : {},
    );
    first ??= app;
}
