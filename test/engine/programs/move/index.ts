import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { envoyGateway } from "../envoyGateway";
import { podinfo, port } from "../podinfo";

const config = new pulumi.Config();
const provider = new k8s.Provider("lab", { kubeconfig: config.require("kubeconfig") });
/** The application as it is on App Mesh. */
const old = { name: "shop", namespace: config.require("oldNamespace") };
const shares = config.requireObject<{ old: number; next: number }>("shares");
const group = "gateway.networking.k8s.io";

const { gateway, ref } = envoyGateway(provider, config.require("chartRepository"));

const namespace = new k8s.core.v1.Namespace("next", { metadata: { name: "next" } }, { provider }).metadata.name;
podinfo("shop", namespace, config.require("image"), { provider });
const canary = new k8s.apiextensions.CustomResource(
    "canary",
    {
        apiVersion: "flagger.app/v1beta1",
        kind: "Canary",
        metadata: {
            name: "shop",
            namespace,
            annotations: {
                "pulumi.com/deletionPropagationPolicy": "background",
                "pulumi.com/waitFor": "condition=Promoted",
            },
        },
        spec: {
            provider: "gatewayapi:v1",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
            service: { port, hosts: ["next.example.com"], gatewayRefs: [ref] },
            analysis: { interval: "10s", threshold: 3, stepWeights: [50] },
        },
    },
    { provider, dependsOn: [gateway] },
);

// The route that users take is the move's own: it leads to both.
const leadsToBoth = shares.old > 0;
const grants = leadsToBoth
    ? [
          new k8s.apiextensions.CustomResource(
              "grant",
              {
                  apiVersion: `${group}/v1beta1`,
                  kind: "ReferenceGrant",
                  metadata: { name: "move", namespace: old.namespace },
                  spec: { from: [{ group, kind: "HTTPRoute", namespace }], to: [{ group: "", kind: "Service" }] },
              },
              { provider, dependsOn: [gateway] },
          ),
      ]
    : [];
new k8s.apiextensions.CustomResource(
    "route",
    {
        apiVersion: `${group}/v1`,
        kind: "HTTPRoute",
        metadata: { name: "shop-move", namespace },
        spec: {
            parentRefs: [ref],
            hostnames: ["shop.example.com"],
            rules: [
                {
                    backendRefs: [
                        ...(leadsToBoth ? [{ ...old, port, weight: shares.old }] : []),
                        { name: "shop", namespace, port, weight: shares.next },
                    ],
                },
            ],
        },
    },
    { provider, dependsOn: [gateway, ...grants, canary] },
);
