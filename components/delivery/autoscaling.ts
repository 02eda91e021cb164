import type { types } from "@pulumi/kubernetes";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import * as pulumi from "@pulumi/pulumi";

import { checkList, checkObject, isObject } from "../shape";
import { Problems, checkInteger } from "../validation";

/** A HorizontalPodAutoscaler, `autoscaling/v2`. A changed one reaches the primary at the next promotion. */
export interface AutoscalingArgs {
    /** The least number of replicas, at least 1. */
    minReplicas: number;
    /** The greatest number of replicas. */
    maxReplicas: number;
    /**
     * The CPU use that it aims at, in percent of what is requested.
     * @default 80
     */
    cpuUtilization?: number;
    /**
     * The memory use that it aims at, in percent of what is requested.
     * @default - memory does not count
     */
    memoryUtilization?: number;
    /**
     * How fast it scales: a `HorizontalPodAutoscalerBehavior` of Kubernetes.
     * @default - Kubernetes' own
     */
    behavior?: any;
    /**
     * What else it aims at: each a `MetricSpec` of Kubernetes. Flagger gives the primary the same.
     * @default - none
     */
    metrics?: any[];
}

/** Checks a HorizontalPodAutoscaler of a workload with these resources. */
export function checkAutoscaling(problems: Problems, path: string, autoscaling: unknown, resources: unknown): void {
    if (!checkObject(problems, path, autoscaling, "Write it like { minReplicas: 2, maxReplicas: 4 }.")) {
        return;
    }
    const { cpuUtilization, memoryUtilization, behavior, metrics } = autoscaling;
    checkBounds(problems, path, autoscaling);
    checkInteger(problems, `${path}.cpuUtilization`, cpuUtilization, 1, 1000, "percent");
    checkInteger(problems, `${path}.memoryUtilization`, memoryUtilization, 1, 1000, "percent");
    checkRequested(problems, `${path}.cpuUtilization`, cpuUtilization ?? 80, "cpu", resources);
    if (memoryUtilization !== undefined) {
        checkRequested(problems, `${path}.memoryUtilization`, memoryUtilization, "memory", resources);
    }
    if (behavior !== undefined) {
        checkObject(problems, `${path}.behavior`, behavior, "Write it as Kubernetes does, with scaleUp and scaleDown.");
    }
    for (const [at, metric] of checkList(problems, `${path}.metrics`, metrics, "Give a list of MetricSpecs.")) {
        checkObject(problems, at, metric, `Write it as Kubernetes does, like { type: "Pods", pods: { … } }.`);
    }
}

/** Checks the least and the greatest number of replicas. */
export function checkBounds(problems: Problems, path: string, bounds: Record<string, unknown>): void {
    const { minReplicas, maxReplicas } = bounds;
    for (const key of ["minReplicas", "maxReplicas"] as const) {
        problems.require(bounds[key] !== undefined, {
            path: `${path}.${key}`,
            rule: "is required",
            fix: "Give a number of replicas.",
        });
        checkInteger(problems, `${path}.${key}`, bounds[key], 1, 10_000, "replicas");
    }
    if (typeof minReplicas === "number" && typeof maxReplicas === "number") {
        problems.require(minReplicas <= maxReplicas, {
            path: `${path}.maxReplicas`,
            value: maxReplicas,
            rule: `is less than the least number of replicas, ${minReplicas}`,
            fix: `Give at least ${minReplicas}.`,
        });
    }
}

/** Checks that a share of a resource means something: that the container requests the resource. */
export function checkRequested(
    problems: Problems,
    path: string,
    value: unknown,
    resource: string,
    resources: unknown,
): void {
    const { requests, limits } = isObject(resources) ? resources : {};
    // Where nothing is requested the component requests both, and Kubernetes requests what there is a limit for.
    const requested =
        requests === undefined || [requests, limits].some((r) => isObject(r) && r[resource] !== undefined);
    problems.require(requested, {
        path,
        value,
        rule: `asks for a share of the ${resource} requested, and none is: the autoscaler would not scale`,
        fix: `Add ${resource} to resources.requests.`,
    });
}

/** Metrics that an autoscaler measures alike for canary and primary, although that may not be meant. */
export function autoscalingWarnings(path: string, autoscaling: AutoscalingArgs): string[] {
    const metrics = (autoscaling.metrics ?? []) as { type?: string }[];
    return metrics.flatMap(({ type }, index) =>
        type === "Object" || type === "External"
            ? [
                  `${path}.metrics[${index}]: Flagger copies it as it is, so a metric of type ${type} scales canary ` +
                      "and primary by the same number. Choose one that holds for both, or one of type Pods.",
              ]
            : [],
    );
}

/** Makes the HorizontalPodAutoscaler of the Deployment `name`. */
export function horizontalPodAutoscaler(
    childName: string,
    name: string,
    namespace: string,
    args: AutoscalingArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const { minReplicas, maxReplicas, cpuUtilization = 80, memoryUtilization } = args;
    return new HorizontalPodAutoscaler(
        childName,
        {
            metadata: { name, namespace, labels: { app: name } },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
                minReplicas,
                maxReplicas,
                metrics: [
                    utilization("cpu", cpuUtilization),
                    ...(memoryUtilization === undefined ? [] : [utilization("memory", memoryUtilization)]),
                    ...((args.metrics ?? []) as types.input.autoscaling.v2.MetricSpec[]),
                ],
                behavior: args.behavior as types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior,
            },
        },
        opts,
    );
}

function utilization(name: string, averageUtilization: number): types.input.autoscaling.v2.MetricSpec {
    return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}
