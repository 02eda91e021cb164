import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs } from "../../index";
import { connection, devSettings, sharedProvider } from "./devStack";
import { Graph, Message, Node, Outputs, at, awsOutputs, graph } from "./graph";

const { name: _name, ...settings } = devSettings.app;
export const devArgs: CanaryAppArgs = { ...settings, platform: connection };

export const app = (
    changes: Partial<CanaryAppArgs> = {},
    opts?: pulumi.ComponentResourceOptions,
): Promise<Graph<CanaryApp>> => graph(() => new CanaryApp("podinfo", { ...devArgs, ...changes }, opts));

/** Answers for a Secret as Kubernetes would. */
export const withVersion =
    (resourceVersion: string): Outputs =>
    (resource) =>
        resource.type === "kubernetes:core/v1:Secret"
            ? { metadata: { ...(at(resource.inputs, "metadata") as object), resourceVersion } }
            : awsOutputs(resource);

/** What can be read of resources without laying a secret open. */
export const legible = (nodes: Node[]) =>
    JSON.stringify(nodes, (_, value: unknown) => (pulumi.runtime.isRpcSecret(value) ? "a secret" : value));

export const warnings = (messages: Message[]) => messages.filter((m) => m.severity === "warning").map((m) => m.text);
export const places = (nodes: Node[]) =>
    nodes.map(({ type, name, parent, provider }) => [type, name, parent, provider]);
export const keys = (nodes: Node[], start = "") => nodes.map((n) => n.key).filter((key) => key.startsWith(start));

export const top = "CanaryApp podinfo";
export const inCluster = `Provider ${sharedProvider}`;

export const canarySpec = {
    provider: "appmesh:v1beta2",
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "podinfo" },
    autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "podinfo" },
    progressDeadlineSeconds: 60,
    service: {
        port: 9898,
        targetPort: 9898,
        portName: "http",
        timeout: "15s",
        retries: { attempts: 3, perTryTimeout: "5s", retryOn: "gateway-error,client-error,stream-error" },
        match: [{ uri: { prefix: "/" } }],
    },
    analysis: {
        interval: "15s",
        threshold: 5,
        stepWeight: 5,
        maxWeight: 50,
        metrics: [
            { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
            { name: "request-duration", interval: "1m", thresholdRange: { max: 500 } },
        ],
        webhooks: [
            {
                name: "acceptance-test",
                type: "pre-rollout",
                url: "http://flagger-loadtester.apps/",
                timeout: "30s",
                metadata: {
                    type: "bash",
                    cmd: "curl -sd 'test' http://podinfo-canary.apps:9898/token | grep token",
                },
            },
            {
                name: "load-test",
                type: "rollout",
                url: "http://flagger-loadtester.apps/",
                timeout: "5s",
                metadata: { type: "cmd", cmd: "hey -z 1m -q 10 -c 2 http://podinfo-canary.apps:9898/" },
            },
        ],
    },
};
