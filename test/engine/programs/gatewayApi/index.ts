import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { envoyGateway } from "../envoyGateway";
import { podinfo, port } from "../podinfo";

const config = new pulumi.Config();
const repo = config.require("chartRepository");
const provider = new k8s.Provider("lab", { kubeconfig: config.require("kubeconfig") });

const namespaced = (name: string) =>
    new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider }).metadata.name;
const release = (name: string, namespace: pulumi.Input<string>, chart: string, version: string, values: object) =>
    new k8s.helm.v3.Release(name, { name, namespace, chart, version, repositoryOpts: { repo }, values }, { provider });

const { gateway, ref } = envoyGateway(provider, repo);
const flagger = release("flagger", namespaced("flagger-system"), "flagger", "1.44.0", {
    meshProvider: "gatewayapi:v1",
    prometheus: { install: true },
});
const apps = namespaced("apps");
const flaggerKind = { provider, dependsOn: [flagger, gateway] };
podinfo("podinfo", apps, config.require("image"), { provider });
const canaryCluster = 'envoy_cluster_name="httproute/{{ namespace }}/{{ service }}/rule/0/backend/1"';
const rate = (more: string) => `sum(rate(envoy_cluster_upstream_rq_xx{${canaryCluster}${more}}[{{ interval }}]))`;
const template = new k8s.apiextensions.CustomResource(
    "success-rate",
    {
        apiVersion: "flagger.app/v1beta1",
        kind: "MetricTemplate",
        metadata: { name: "success-rate", namespace: apps },
        spec: {
            provider: { type: "prometheus", address: "http://flagger-prometheus.flagger-system:9090" },
            query: `${rate(', envoy_response_code_class!="5"')} / ${rate("")} * 100`,
        },
    },
    flaggerKind,
);
new k8s.apiextensions.CustomResource(
    "canary",
    {
        apiVersion: "flagger.app/v1beta1",
        kind: "Canary",
        metadata: { name: "podinfo", namespace: apps },
        spec: {
            provider: "gatewayapi:v1",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "podinfo" },
            service: { port, gatewayRefs: [ref] },
            analysis: {
                interval: "15s",
                // One failed check may be that the first measurement finds nothing yet.
                threshold: 3,
                stepWeights: [30, 60],
                metrics: [
                    {
                        name: "success-rate",
                        templateRef: { name: "success-rate" },
                        thresholdRange: { min: 99 },
                        interval: "30s",
                    },
                ],
            },
        },
    },
    { provider, dependsOn: [flagger, gateway, template] },
);
