import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const provider = new k8s.Provider("lab", { kubeconfig: config.require("kubeconfig") });
const namespace = new k8s.core.v1.Namespace("system", { metadata: { name: "appmesh-system" } }, { provider });
new k8s.helm.v3.Release(
    "controller",
    {
        name: "appmesh-controller",
        namespace: namespace.metadata.name,
        chart: "appmesh-controller",
        repositoryOpts: { repo: config.require("chartRepository") },
        // Nobody wants to wait for the twenty seconds of the chart whenever a pod goes.
        values: { sidecar: { lifecycleHooks: { preStopDelay: 1 } } },
    },
    { provider },
);
