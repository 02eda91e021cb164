import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const mesh = config.require("mesh");

// 1. A cluster of three nodes, the mesh with its controller and gateway, Prometheus for the mesh, and Flagger.
const platform = new ProgressiveMeshCluster("eks-dev", {
    mesh: { provider: mesh },
    eks: {
        nodes: { min: 3, max: 3 },
        endpoint: { allowedCidrs: config.requireObject<string[]>("allowedCidrs") },
    },
    mirror: config.getObject<Mirror>("mirror"),
});

// 2. A namespace of the mesh with a load tester, and in it the application with its Canary.
const podinfo = new CanaryApp("podinfo", {
    platform: platform.connection,
    namespace: "test",
    workload: {
        image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
        port: 9898,
        readinessPath: "/readyz",
        autoscaling: { minReplicas: 2, maxReplicas: 4, cpuUtilization: 99 },
    },
    service: {
        timeout: "15s",
        // App Mesh has no rewrite; it routes by the first prefix. Elsewhere the gateway's path is the prefix.
        ...(mesh === "appmesh" ? { match: [{ prefix: "/" }] } : { rewrite: { uri: "/" } }),
    },
    analysis: {
        interval: config.require("interval"),
        threshold: 5,
        steps: { stepWeight: 5, maxWeight: 50 },
        metrics: [
            { name: "request-success-rate", min: 99, interval: "1m" },
            { name: "request-duration", max: 500, interval: "30s" },
        ],
    },
    acceptanceTest: { command: "curl -sd 'test' http://podinfo-canary.test:9898/token | grep token", timeout: "30s" },
    loadTest: { command: "hey -z 1m -q 10 -c 2 http://podinfo-canary.test:9898/", timeout: "5s" },
    gateway: { path: "/" },
    waitForPromotion: {},
});

/** For `aws eks update-kubeconfig --name`. */
export const clusterName = platform.clusterName;
export const url = podinfo.url;
export const plan = podinfo.plan.summary;
