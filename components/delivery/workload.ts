import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Problems, checkInteger } from "../validation";

/** A Deployment that the component makes. */
export interface WorkloadArgs {
    /** The container image, with its tag. A new one starts a rollout. */
    image: pulumi.Input<string>;
    /** The port that the container listens on. */
    port: number;
    /**
     * The container's command.
     * @default - the image's
     */
    command?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Environment variables. A changed one starts a rollout.
     * @default - none
     */
    env?: Record<string, pulumi.Input<string>>;
    /**
     * What the container asks for and may use at most.
     * @default - 100m CPU and 64Mi memory asked for, no limit
     */
    resources?: ResourcesArgs;
    /**
     * Path that answers with success when the container can take requests.
     * @default - the port being open is enough
     */
    readinessPath?: string;
    /**
     * Scales the workload by its load. Flagger keeps a copy for the primary.
     * @default - one replica
     */
    autoscaling?: AutoscalingArgs;
}

/** Amounts in Kubernetes' notation: `{ cpu: "100m", memory: "64Mi" }`. */
export interface ResourcesArgs {
    /**
     * What the scheduler sets aside.
     * @default { cpu: "100m", memory: "64Mi" }
     */
    requests?: Record<string, string>;
    /**
     * What the container gets at most.
     * @default - no limit
     */
    limits?: Record<string, string>;
}

/** A HorizontalPodAutoscaler, `autoscaling/v2`. */
export interface AutoscalingArgs {
    /** The least number of replicas. */
    minReplicas: number;
    /** The greatest number of replicas. */
    maxReplicas: number;
    /**
     * The CPU use that it aims at, in percent of what is requested.
     * @default 80
     */
    cpuUtilization?: number;
}

/** A Deployment or DaemonSet that exists already. It has to run in the application's namespace. */
export interface TargetArgs {
    /** Its name. Its pods need a label `app`, `name` or `app.kubernetes.io/name` with that same name. */
    name: string;
    /**
     * `Deployment` or `DaemonSet`.
     * @default "Deployment"
     */
    kind?: string;
    /**
     * The name of its HorizontalPodAutoscaler.
     * @default - it has none
     */
    autoscaler?: string;
    /**
     * The name of its pods' service account. Give it the annotations that the component has as an output, and its pods' proxies
     * have the permissions that the mesh asks for.
     * @default "default"
     */
    serviceAccount?: string;
}

/** Checks a workload. */
export function checkWorkload(problems: Problems, path: string, workload: WorkloadArgs): void {
    if (typeof workload.image === "string") {
        const [, version] = /[:@]([^:@]*)$/.exec(workload.image.split("/").pop() ?? "") ?? [];
        problems.require(version !== undefined && version !== "" && version !== "latest", {
            path: `${path}.image`,
            value: workload.image,
            rule: "does not name one version: without a tag that changes, no new release is ever noticed",
            fix: `Write it with a tag or digest, like "ghcr.io/stefanprodan/podinfo:6.0.0".`,
        });
    } else if (workload.image === undefined) {
        problems.add({ path: `${path}.image`, rule: "is required", fix: "Give the image with its tag." });
    }
    if (workload.port === undefined) {
        problems.add({
            path: `${path}.port`,
            rule: "is required",
            fix: "Give the port that the container listens on.",
        });
    }
    checkInteger(problems, `${path}.port`, workload.port, 1, 65535, "a port");
    const { autoscaling } = workload;
    if (autoscaling !== undefined) {
        checkInteger(problems, `${path}.autoscaling.minReplicas`, autoscaling.minReplicas, 1, 10_000, "replicas");
        checkInteger(problems, `${path}.autoscaling.maxReplicas`, autoscaling.maxReplicas, 1, 10_000, "replicas");
        checkInteger(problems, `${path}.autoscaling.cpuUtilization`, autoscaling.cpuUtilization, 1, 1000, "percent");
        problems.require(!(autoscaling.minReplicas > autoscaling.maxReplicas), {
            path: `${path}.autoscaling.maxReplicas`,
            value: autoscaling.maxReplicas,
            rule: `is less than the least number of replicas, ${autoscaling.minReplicas}`,
            fix: `Give at least ${autoscaling.minReplicas}.`,
        });
    }
}

/** Checks a target. */
export function checkTarget(problems: Problems, path: string, target: TargetArgs): void {
    problems.require(target.kind === undefined || ["Deployment", "DaemonSet"].includes(target.kind), {
        path: `${path}.kind`,
        value: target.kind,
        rule: "is not a kind that Flagger can release",
        fix: "Use Deployment or DaemonSet.",
    });
}

/** Makes the Deployment, and its autoscaler where one is asked for. */
export function workload(
    childName: string,
    name: string,
    namespace: string,
    args: WorkloadArgs,
    serviceAccount: string,
    opts: pulumi.CustomResourceOptions,
): { deployment: pulumi.Resource; autoscaler?: pulumi.Resource } {
    // Flagger finds the pods by this label, and App Mesh's virtual nodes select them by the target's name.
    const labels = { app: name };
    const { readinessPath: path, port } = args;
    const deployment = new k8s.apps.v1.Deployment(
        childName,
        {
            metadata: {
                name,
                namespace,
                labels,
                // In a mesh namespace the pods are refused until Flagger has made their virtual node, which it does only
                // once it sees the Canary: waiting for them here would wait for ever.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                // No replicas: they are Flagger's and the autoscaler's, and a number here would fight with theirs.
                selector: { matchLabels: labels },
                template: {
                    metadata: { labels },
                    spec: {
                        serviceAccountName: serviceAccount,
                        containers: [
                            {
                                name,
                                image: args.image,
                                command: args.command,
                                ports: [{ name: "http", containerPort: port }],
                                env: Object.entries(args.env ?? {}).map(([key, value]) => ({ name: key, value })),
                                resources: {
                                    requests: args.resources?.requests ?? { cpu: "100m", memory: "64Mi" },
                                    limits: args.resources?.limits,
                                },
                                readinessProbe:
                                    path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } },
                            },
                        ],
                    },
                },
            },
        },
        opts,
    );
    if (args.autoscaling === undefined) {
        return { deployment };
    }
    const { minReplicas, maxReplicas, cpuUtilization } = args.autoscaling;
    const autoscaler = new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        childName,
        {
            metadata: { name, namespace, labels },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
                minReplicas,
                maxReplicas,
                metrics: [
                    {
                        type: "Resource",
                        resource: {
                            name: "cpu",
                            target: { type: "Utilization", averageUtilization: cpuUtilization ?? 80 },
                        },
                    },
                ],
            },
        },
        { ...opts, dependsOn: [deployment] },
    );
    return { deployment, autoscaler };
}
