import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const mesh = config.require("mesh");
const repository = config.get("repository");

const platform = new ProgressiveMeshCluster("appmesh", {
    mesh: { provider: mesh },
    eks: {
        nodes: { instanceType: "m5.large", min: 2, max: 2 },
        endpoint: { allowedCidrs: config.requireObject<string[]>("allowedCidrs") },
    },
    // Applications that come from Git and not from here.
    gitOps:
        repository === undefined
            ? undefined
            : {
                  repository: { url: repository, branch: "main" },
                  kustomizations: {
                      shared: { path: "./shared" },
                      apps: {
                          path: "./apps",
                          dependsOn: ["shared"],
                          healthChecks: [
                              { apiVersion: "apps/v1", kind: "Deployment", name: "shop-primary", namespace: "shop" },
                          ],
                      },
                  },
              },
    mirror: config.getObject<Mirror>("mirror"),
});

const strategies = {
    steps: { steps: { stepWeight: 5, maxWeight: 50 } },
    abTest: {
        abTest: { iterations: 10, match: [{ headers: { "user-agent": { regex: ".*(Firefox|curl).*" } } }] },
    },
};
const strategy = config.require<keyof typeof strategies>("strategy", { allowedValues: ["steps", "abTest"] });

const podinfo = new CanaryApp("podinfo", {
    platform: platform.connection,
    namespace: "apps",
    workload: {
        image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
        port: 9898,
        readinessPath: "/readyz",
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
    },
    progressDeadlineSeconds: 60,
    analysis: {
        interval: "15s",
        threshold: 5,
        ...strategies[strategy],
        metrics: [
            { name: "request-success-rate", min: 99, interval: "1m" },
            { name: "request-duration", max: 500, interval: "1m" },
        ],
    },
    acceptanceTest: { command: "curl -sd 'test' http://podinfo-canary.apps:9898/token | grep token", timeout: "30s" },
    loadTest: { command: "hey -z 1m -q 10 -c 2 http://podinfo-canary.apps:9898/", timeout: "5s" },
    gateway: { path: "/" },
    waitForPromotion: {},
});

/** For `aws eks update-kubeconfig --name`. */
export const clusterName = platform.clusterName;
export const url = podinfo.url;
export const plan = podinfo.plan.summary;
