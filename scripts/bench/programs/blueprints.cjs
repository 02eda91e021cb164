"use strict";

// A cluster with add-ons such as a platform has, and manifests for applications, by CDK EKS Blueprints: a CloudFormation template.
const { App } = require("aws-cdk-lib");
const { KubernetesManifest, KubernetesVersion } = require("aws-cdk-lib/aws-eks");
const blueprints = require("@aws-quickstart/eks-blueprints");

const app = new App({ outdir: process.env.BENCH_OUT, analyticsReporting: false });
const built = blueprints.EksBlueprint.builder()
    .account("000000000000")
    .region("us-west-2")
    .version(KubernetesVersion.of("1.33"))
    .addOns(
        new blueprints.addons.MetricsServerAddOn(),
        new blueprints.addons.VpcCniAddOn(),
        new blueprints.addons.IstioBaseAddOn(),
        new blueprints.addons.IstioControlPlaneAddOn(),
        new blueprints.addons.KubeStateMetricsAddOn(),
        new blueprints.addons.PrometheusNodeExporterAddOn(),
    )
    .build(app, "bench");
const cluster = built.getClusterInfo().cluster;
for (let i = 0; i < Number(process.env.BENCH_APPS); i++) {
    const name = `app-${i}`;
    const at = { name, namespace: name };
    new KubernetesManifest(built, name, {
        cluster,
        manifest: [
            { apiVersion: "v1", kind: "Namespace", metadata: { name } },
            { apiVersion: "v1", kind: "ServiceAccount", metadata: at },
            {
                apiVersion: "flagger.app/v1beta1",
                kind: "Canary",
                metadata: at,
                spec: { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name }, service: { port: 9898 } },
            },
        ],
    });
}
app.synth();
