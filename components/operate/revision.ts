import type { V1DaemonSet, V1Deployment } from "@kubernetes/client-node";

import { PodTemplate, imageOf, released } from "../delivery/promotion/podTemplate";
import { digest } from "../digest";
import { CanaryObject } from "./canary";

/** What a Canary releases, or its primary. */
export type Workload = V1Deployment | V1DaemonSet;

/**
 * A name for what a Canary releases now: its target's template, and the ConfigMaps and Secrets as Flagger saw them. Flagger's own
 * hash is that of what it has taken in, which right after a change is still the version before.
 */
export function revisionOf({ status }: CanaryObject, target: Workload | undefined): string | undefined {
    const template = templateOf(target);
    return template && digest(JSON.stringify([released(template), status?.trackedConfigs ?? {}])).slice(0, 10);
}

/** The pod template of a workload. */
export function templateOf(workload: Workload | undefined): PodTemplate | undefined {
    return workload?.spec?.template as PodTemplate | undefined;
}

/** The images of a target and its primary, where those are known. */
export function imagesOf({ target, primary }: { target?: Workload; primary?: Workload }): {
    target?: string;
    primary?: string;
} {
    return { target: imageOf(templateOf(target)), primary: imageOf(templateOf(primary)) };
}

/** Those that change a workload because somebody else did. */
const followers = /^(flagger|kube-controller-manager)/;

/**
 * When somebody changed the fields that he gave the target, its template among them, in milliseconds. Kubernetes keeps that
 * by whoever wrote a field, and not by the field.
 */
export function changedAt(target: Workload | undefined): number | undefined {
    const times = (target?.metadata?.managedFields ?? [])
        .filter(({ manager = "", fieldsV1, subresource }) => {
            const spec = (fieldsV1 as Record<string, object> | undefined)?.["f:spec"];
            return subresource === undefined && !followers.test(manager) && spec !== undefined && "f:template" in spec;
        })
        .flatMap(({ time }) => (time === undefined ? [] : [Number(new Date(time))]));
    return times.length === 0 ? undefined : Math.max(...times);
}
