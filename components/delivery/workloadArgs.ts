import * as pulumi from "@pulumi/pulumi";

import { checkList, checkObject, checkTexts, isLater, isObject } from "../shape";
import { Problems, checkInteger } from "../validation";
import { AutoscalingArgs, autoscalingWarnings, checkAutoscaling } from "./autoscaling";
import { EnvFromArgs, FilesArgs, checkConfig } from "./config";
import { ProbesArgs, checkProbes } from "./probes";
import { ScaledObjectArgs, checkScaledObject, scaledObjectWarnings } from "./scaledObject";
import { SecurityArgs, checkSecurity } from "./security";

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
     * The arguments of the container's command.
     * @default - the image's
     */
    args?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Environment variables. A changed one starts a rollout.
     * @default - none
     */
    env?: Record<string, pulumi.Input<string>>;
    /**
     * Environment variables in a ConfigMap that the component makes, `<app>-config`. A changed one starts a rollout.
     * @default - none
     */
    config?: Record<string, pulumi.Input<string>>;
    /**
     * Environment variables in a Secret that the component makes, `<app>-secrets`. A changed one starts a rollout.
     * @default - none
     */
    secrets?: Record<string, pulumi.Input<string>>;
    /**
     * ConfigMaps and Secrets of the namespace whose keys become environment variables. Changed contents start a
     * rollout.
     * @default - none
     */
    envFrom?: EnvFromArgs[];
    /**
     * ConfigMaps and Secrets of the namespace whose keys become files. Changed contents start a rollout.
     * @default - none
     */
    files?: FilesArgs[];
    /**
     * What the container asks for and may use at most.
     * @default - 100m CPU and 64Mi memory asked for, no limit
     */
    resources?: ResourcesArgs;
    /**
     * Path that answers with success when the container can take requests. Short for `probes.readiness.path`.
     * @default - the port being open is enough
     */
    readinessPath?: string;
    /**
     * How Kubernetes finds out how the container is.
     * @default - it takes requests once its port is open
     */
    probes?: ProbesArgs;
    /**
     * How long a pod that is to end goes on answering before its program is told so, in seconds: a `preStop` sleep
     * (Kubernetes 1.30 or newer). Meanwhile the mesh's proxies stop sending it requests; without it, every promotion and
     * every scaling down can lose some. The pod's grace period is 30 seconds longer. 0 for none.
     * @default 25 - longer than App Mesh's proxies take to let go of a pod
     */
    preStopSeconds?: number;
    /**
     * What the container is allowed.
     * @default - what the Pod Security Standard "restricted" allows, as user 65532
     */
    securityContext?: SecurityArgs;
    /**
     * Whether the container gets a token for the Kubernetes API. The mesh's proxies have their own.
     * @default false
     */
    mountServiceAccountToken?: boolean;
    /**
     * Annotations of the pods. A changed one starts a rollout.
     * @default - none
     */
    podAnnotations?: Record<string, pulumi.Input<string>>;
    /**
     * Labels of the pods beside `app`, which is the application's name. A changed one starts a rollout.
     * @default - none
     */
    podLabels?: Record<string, pulumi.Input<string>>;
    /**
     * What else the pods have: a `PodSpec` of Kubernetes. It is merged last, so it wins over what the component sets;
     * objects are merged key by key, lists (the containers too) are replaced whole.
     * @default - nothing
     */
    podSpec?: any;
    /**
     * Scales the workload by its load. Flagger keeps a copy for the primary. Not beside `scaledObject`.
     * @default - one replica
     */
    autoscaling?: AutoscalingArgs;
    /**
     * Scales the workload by what KEDA measures. Flagger keeps a copy for the primary. Not beside `autoscaling`.
     * @default - one replica
     */
    scaledObject?: ScaledObjectArgs;
}

/** Amounts in Kubernetes' notation: `{ cpu: "100m", memory: "64Mi" }`. */
export interface ResourcesArgs {
    /**
     * What the scheduler sets aside.
     * @default - { cpu: "100m", memory: "64Mi" } for a workload, the chart's for an add-on
     */
    requests?: Record<string, string>;
    /**
     * What the container gets at most.
     * @default - no limit for a workload, the chart's for an add-on
     */
    limits?: Record<string, string>;
}

/** Checks the workload of the application `name`. */
export function checkWorkload(problems: Problems, path: string, workload: unknown, name: string): void {
    if (!checkObject(problems, path, workload, `Write it like { image: "ghcr.io/a/web:1.0.0", port: 8080 }.`)) {
        return;
    }
    const { port, resources, autoscaling, scaledObject } = workload;
    checkImage(problems, `${path}.image`, workload.image);
    if (port === undefined) {
        problems.add({
            path: `${path}.port`,
            rule: "is required",
            fix: "Give the port that the container listens on.",
        });
    }
    checkInteger(problems, `${path}.port`, port, 1, 65535, "a port");
    for (const key of ["command", "args"] as const) {
        checkWords(problems, `${path}.${key}`, workload[key]);
    }
    checkTexts(problems, `${path}.env`, workload.env);
    checkConfig(problems, path, workload, name);
    if (resources !== undefined && checkObject(problems, `${path}.resources`, resources, "Give { requests: {} }.")) {
        checkTexts(problems, `${path}.resources.requests`, resources.requests);
        checkTexts(problems, `${path}.resources.limits`, resources.limits);
    }
    checkProbes(problems, path, workload.probes, workload.readinessPath);
    checkInteger(problems, `${path}.preStopSeconds`, workload.preStopSeconds, 0, 3600, "seconds");
    checkSecurity(problems, `${path}.securityContext`, workload.securityContext);
    problems.require(
        workload.mountServiceAccountToken === undefined || typeof workload.mountServiceAccountToken === "boolean",
        {
            path: `${path}.mountServiceAccountToken`,
            value: workload.mountServiceAccountToken,
            rule: "is neither true nor false",
            fix: "Give one of them, without quotes.",
        },
    );
    checkTexts(problems, `${path}.podAnnotations`, workload.podAnnotations);
    checkTexts(problems, `${path}.podLabels`, workload.podLabels);
    checkAppLabel(problems, `${path}.podLabels`, workload.podLabels);
    checkPodSpec(problems, path, workload);
    if (autoscaling !== undefined) {
        checkAutoscaling(problems, `${path}.autoscaling`, autoscaling, resources);
    }
    if (scaledObject !== undefined) {
        checkScaledObject(problems, `${path}.scaledObject`, scaledObject, name, resources);
    }
    problems.require(autoscaling === undefined || scaledObject === undefined, {
        path: `${path}.scaledObject`,
        value: scaledObject,
        rule: "is a second autoscaler beside `autoscaling`; the two would fight over the replicas",
        fix: "Keep one of the two.",
    });
}

function checkImage(problems: Problems, path: string, image: unknown): void {
    if (image === undefined) {
        problems.add({ path, rule: "is required", fix: "Give the image with its tag." });
        return;
    }
    if (isLater(image)) {
        return;
    }
    if (typeof image !== "string") {
        problems.add({ path, value: image, rule: "is not an image", fix: "Give the image with its tag, a string." });
        return;
    }
    const [, version] = /[:@]([^:@]*)$/.exec(image.split("/").pop() ?? "") ?? [];
    problems.require(version !== undefined && version !== "" && version !== "latest", {
        path,
        value: image,
        rule: "does not name one version: without a tag that changes, no new release is ever noticed",
        fix: `Write it with a tag or digest, like "ghcr.io/stefanprodan/podinfo:6.0.0".`,
    });
}

function checkWords(problems: Problems, path: string, words: unknown): void {
    if (isLater(words)) {
        return;
    }
    for (const [at, value] of checkList(problems, path, words, `Write it like ["./web", "--verbose"].`)) {
        problems.require(typeof value === "string" || isLater(value), {
            path: at,
            value,
            rule: "is not a string, and Kubernetes takes nothing else here",
            fix: "Put it in quotes.",
        });
    }
}

function checkPodSpec(problems: Problems, path: string, workload: Record<string, unknown>): void {
    const { podSpec, files } = workload;
    if (podSpec === undefined || !checkObject(problems, `${path}.podSpec`, podSpec, "Write it as Kubernetes does.")) {
        return;
    }
    problems.require(podSpec.volumes === undefined || files === undefined, {
        path: `${path}.podSpec.volumes`,
        value: podSpec.volumes,
        rule: "replaces the volumes that `files` needs, and Kubernetes would refuse the Deployment",
        fix: "Say all of it in podSpec, containers and volumes, and leave files out.",
    });
}

function checkAppLabel(problems: Problems, path: string, labels: unknown): void {
    problems.require(!isObject(labels) || labels.app === undefined, {
        path: `${path}.app`,
        value: isObject(labels) ? labels.app : undefined,
        rule: "is the label by which Flagger and the mesh find the pods; with another value they would find none",
        fix: "Leave it out: it is the application's name.",
    });
}

/** What a user should know of the workload of `name` that is allowed but does not do what it seems to. */
export function workloadWarnings(workload: WorkloadArgs, name: string): string[] {
    const { autoscaling, scaledObject } = workload;
    const podSpec = workload.podSpec as Record<string, unknown> | undefined;
    return [
        ...(podSpec?.containers === undefined
            ? []
            : [
                  "workload.podSpec.containers: it replaces the container that the component makes, with its image, " +
                      "port, environment, probes and security context.",
              ]),
        ...(autoscaling === undefined ? [] : autoscalingWarnings("workload.autoscaling", autoscaling)),
        ...(scaledObject === undefined ? [] : scaledObjectWarnings("workload.scaledObject", scaledObject, name)),
    ];
}
