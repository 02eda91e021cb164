import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** The port of podinfo. */
export const port = 9898;

/**
 * A Deployment of podinfo for Flagger to release. Nobody waits for it: its pods may need what comes with the Canary. They
 * outlive their proxies, as the workloads of CanaryApp do.
 */
export function podinfo(
    name: string,
    namespace: pulumi.Input<string>,
    image: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment {
    const labels = { app: name };
    const container = {
        name: "podinfo",
        image,
        ports: [{ containerPort: port }],
        readinessProbe: { httpGet: { path: "/readyz", port } },
        lifecycle: { preStop: { sleep: { seconds: 8 } } },
    };
    return new k8s.apps.v1.Deployment(
        name,
        {
            metadata: { name, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
            spec: {
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: { containers: [container] } },
            },
        },
        opts,
    );
}
