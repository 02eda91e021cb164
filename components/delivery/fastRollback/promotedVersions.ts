import type { V1ReplicaSet } from "@kubernetes/client-node";

import { PodTemplate, idAnnotation, imageOf } from "../promotion/podTemplate";

const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

/** The ReplicaSets of the Deployment with this uid, the newest version first. */
export function versionsOf(uid: string | undefined, replicaSets: readonly V1ReplicaSet[]): V1ReplicaSet[] {
    const number = ({ metadata }: V1ReplicaSet) => Number(metadata?.annotations?.[revisionAnnotation] ?? 0);
    return replicaSets
        .filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid))
        .sort((a, b) => number(b) - number(a));
}

/** A ReplicaSet's template as its Deployment had it. */
export function templateIn({ spec }: V1ReplicaSet): PodTemplate {
    const { metadata, ...rest } = spec!.template!;
    const labels = Object.entries(metadata?.labels ?? {}).filter(([name]) => name !== hashLabel);
    return { ...rest, metadata: { ...metadata, labels: Object.fromEntries(labels) } } as PodTemplate;
}

/** A version's image, for people. */
export function imageText(template: PodTemplate): string {
    return imageOf(template) ?? "no image";
}

/** A version that Flagger has promoted. */
export interface PromotedVersion {
    /** The pods of the primary, as they were. */
    template: PodTemplate;
    /** When, in milliseconds. */
    promotedAt: number;
}

/**
 * What has been promoted, the newest first: what Kubernetes keeps of the primary Deployment. Only promoted versions are there, for
 * nobody but Flagger changes it. Pods that somebody started anew have the mark of the promotion before, and are none of their own.
 */
export function promotedVersions(
    primaryUid: string | undefined,
    replicaSets: readonly V1ReplicaSet[],
): PromotedVersion[] {
    const promotions = new Map<string, V1ReplicaSet>();
    for (const one of versionsOf(primaryUid, replicaSets)) {
        // Of one promotion the oldest comes last, and stays.
        promotions.set(one.spec?.template?.metadata?.annotations?.[idAnnotation] ?? one.metadata!.uid!, one);
    }
    return [...promotions.values()].map((one) => ({
        template: templateIn(one),
        promotedAt: Number(new Date(one.metadata!.creationTimestamp!)),
    }));
}
