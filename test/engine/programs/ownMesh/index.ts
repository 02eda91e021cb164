import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, ProgressiveMeshCluster } from "../../../../index";
import { podinfo } from "../podinfo";

const chartRepository = new pulumi.Config().require("chartRepository");
const off = { enabled: false };
const platform = new ProgressiveMeshCluster("bare", {
    mesh: { provider: "appmesh", tracing: { provider: "x-ray" } },
    addons: { gateway: off, grafana: off, metricsServer: off },
    mirror: { chartRepository },
});

// A namespace and a Deployment as another program might have made them, without replicas as Flagger wants it.
const provider = new k8s.Provider("given", { kubeconfig: platform.connection.kubeconfig });
const namespace = "given";
const app = new CanaryApp("legacy", {
    platform: platform.connection,
    namespace,
    target: { name: "legacy" },
    service: { port: 9898 },
    analysis: { interval: "10s", threshold: 2, steps: { stepWeights: [20, 60] } },
});
podinfo("legacy", app.namespace, "ghcr.io/stefanprodan/podinfo:6.0.0", { provider, dependsOn: [app] });
