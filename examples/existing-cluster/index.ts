import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();

const platform = new ProgressiveMeshCluster("platform", {
    mesh: { provider: config.require("mesh") },
    existing: { kubeconfig: config.requireSecret("kubeconfig"), clusterName: config.require("clusterName") },
    addons: { gateway: { type: config.require("gatewayType") } },
    mirror: config.getObject<Mirror>("mirror"),
});

const podinfo = new CanaryApp("podinfo", {
    platform: platform.connection,
    namespace: "apps",
    workload: {
        image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
        port: 9898,
        readinessPath: "/readyz",
    },
    analysis: { interval: "15s", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
    loadTest: { command: "hey -z 1m -q 10 -c 2 http://podinfo-canary.apps:9898/" },
    gateway: { path: "/" },
    service: { hosts: ["podinfo.localhost"] },
    waitForPromotion: {},
});

export const plan = podinfo.plan.summary;
export const grafanaPassword = platform.grafanaPassword;
