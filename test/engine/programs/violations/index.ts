import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const provider = new k8s.Provider("lab", { kubeconfig: config.require("kubeconfig") });
const mended = config.getBoolean("mended") ?? false;

const namespace = new k8s.core.v1.Namespace(
    "shop",
    { metadata: { name: "shop", labels: mended ? { "istio-injection": "enabled" } : {} } },
    { provider },
);
const metadata = { name: "shop", namespace: namespace.metadata.name };

new k8s.apps.v1.Deployment(
    "shop",
    {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
            selector: { matchLabels: { app: "shop" } },
            template: {
                metadata: { labels: { app: "shop" } },
                spec: {
                    containers: [
                        {
                            name: "shop",
                            image: mended ? "ghcr.io/stefanprodan/podinfo:6.0.0" : "ghcr.io/stefanprodan/podinfo",
                            securityContext: mended
                                ? {
                                      runAsNonRoot: true,
                                      allowPrivilegeEscalation: false,
                                      capabilities: { drop: ["ALL"] },
                                      seccompProfile: { type: "RuntimeDefault" },
                                  }
                                : { privileged: true },
                        },
                    ],
                },
            },
        },
    },
    { provider },
);

// There for the preview alone: without Flagger no cluster takes it.
if (config.getBoolean("canary") ?? false) {
    new k8s.apiextensions.CustomResource(
        "shop-canary",
        {
            apiVersion: "flagger.app/v1beta1",
            kind: "Canary",
            metadata,
            spec: {
                provider: "istio",
                targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
                service: { port: 9898 },
                analysis: { interval: "30s", threshold: 5, stepWeight: 0, maxWeight: 50 },
            },
        },
        { provider },
    );
}

const role = new aws.iam.Role("shop", { assumeRolePolicy: "{}" });
new aws.iam.RolePolicy("shop-storage", {
    role: role.name,
    policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: mended ? ["s3:GetObject"] : "s3:*", Resource: "*" }],
    }),
});
