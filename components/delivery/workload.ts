import { Deployment } from "@pulumi/kubernetes/apps/v1";
import * as pulumi from "@pulumi/pulumi";

import { Membership } from "../mesh/mesh";
import { AutoscalerRefArgs } from "./autoscalerRef";
import { horizontalPodAutoscaler } from "./autoscaling";
import { configs } from "./config";
import { podTemplate } from "./podTemplate";
import type { PodTemplate } from "./promotion/podTemplate";
import { scaledObject } from "./scaledObject";
import { WorkloadArgs } from "./workloadArgs";

export { autoscalerSpec } from "./autoscalerRef";
export type { AutoscalerRefArgs, PrimaryReplicasArgs } from "./autoscalerRef";
export type { AutoscalingArgs } from "./autoscaling";
export type { EnvFromArgs, FilesArgs } from "./config";
export type { ProbeArgs, ProbesArgs } from "./probes";
export type { ScaledObjectArgs, TriggerArgs } from "./scaledObject";
export type { SecurityArgs } from "./security";
export { checkTarget, targetRefSpec } from "./target";
export type { TargetArgs } from "./target";
export { checkWorkload, workloadWarnings } from "./workloadArgs";
export type { ResourcesArgs, WorkloadArgs } from "./workloadArgs";

/** What a workload is made of. */
export interface WorkloadScope {
    /** The application's name. */
    name: string;
    namespace: string;
    workload: WorkloadArgs;
    /** What its pods carry to be on the mesh that they are on, and on no other. */
    membership: readonly Membership[];
    serviceAccount: string;
    /** The Canary's, in seconds; Flagger's default where it has none. */
    progressDeadlineSeconds?: number;
}

/** A workload that was made. */
export interface MadeWorkload {
    deployment: pulumi.Resource;
    /** The image of its first container, as the API server took it. */
    image: pulumi.Output<string>;
    /** Its pod template, as the API server took it, or at preview would take it. */
    template: pulumi.Output<PodTemplate>;
    /** The autoscaler, and how the Canary refers to it. */
    autoscaler?: MadeAutoscaler;
    /** The ConfigMap and the Secret. */
    configs: pulumi.Resource[];
}

/** An autoscaler that was made. */
export interface MadeAutoscaler {
    resource: pulumi.Resource;
    ref: AutoscalerRefArgs;
}

const kubernetesDeadline = 600;

/** Makes the Deployment, its ConfigMap, its Secret and its autoscaler, as far as they are asked for. */
export function workload(childName: string, scope: WorkloadScope, opts: pulumi.CustomResourceOptions): MadeWorkload {
    const { name, namespace, workload: args, membership, serviceAccount, progressDeadlineSeconds } = scope;
    const made = configs(childName, name, namespace, args, opts);
    // Flagger finds the pods by this label, and App Mesh's virtual nodes select them by the target's name.
    const labels = { app: name };
    const deployment = new Deployment(
        childName,
        {
            metadata: {
                name,
                namespace,
                labels,
                // In a mesh namespace the pods are refused until Flagger has made their virtual node, which it does
                // only once it sees the Canary: waiting for them here would wait for ever.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                // No replicas: they are Flagger's and the autoscaler's, and a number here would fight with theirs.
                //
                // Flagger rolls back as soon as the Deployment gives up, so that must not come before the Canary's
                // deadline.
                progressDeadlineSeconds: Math.max(kubernetesDeadline, progressDeadlineSeconds ?? 0),
                selector: { matchLabels: labels },
                template: podTemplate(name, args, serviceAccount, membership, made.revision),
            },
        },
        pulumi.mergeOptions(opts, { dependsOn: made.resources }),
    );
    return {
        deployment,
        image: deployment.spec.template.spec.containers[0]!.image,
        template: deployment.spec.template as unknown as pulumi.Output<PodTemplate>,
        autoscaler: autoscaler(childName, name, namespace, args, deployment, opts),
        configs: made.resources,
    };
}

function autoscaler(
    childName: string,
    name: string,
    namespace: string,
    args: WorkloadArgs,
    deployment: pulumi.Resource,
    opts: pulumi.CustomResourceOptions,
): MadeAutoscaler | undefined {
    const after = { ...opts, dependsOn: [deployment] };
    if (args.autoscaling !== undefined) {
        return {
            resource: horizontalPodAutoscaler(childName, name, namespace, args.autoscaling, after),
            ref: { kind: "HorizontalPodAutoscaler", name },
        };
    }
    if (args.scaledObject !== undefined) {
        const { primaryQueries, primaryReplicas } = args.scaledObject;
        return {
            resource: scaledObject(childName, name, namespace, args.scaledObject, after),
            ref: { kind: "ScaledObject", name, primaryQueries, primaryReplicas },
        };
    }
    return undefined;
}
