import type { KubernetesObject } from "@kubernetes/client-node";

/** What is read of a Canary. It may have been written by anybody, so nothing here is sure to be there. */
export interface CanaryObject extends KubernetesObject {
    spec?: {
        provider?: string;
        metricsServer?: string;
        targetRef?: { kind?: string; name?: string };
        progressDeadlineSeconds?: number;
        skipAnalysis?: boolean;
        suspend?: boolean;
        analysis?: CanaryAnalysis;
    };
    status?: {
        phase?: string;
        canaryWeight?: number;
        iterations?: number;
        failedChecks?: number;
        lastTransitionTime?: string;
        /** Digests of the ConfigMaps and Secrets that Flagger released last. */
        trackedConfigs?: Record<string, string>;
        conditions?: { reason?: string; lastUpdateTime?: string }[];
    };
}

/** How the Canary's new versions are judged. */
export interface CanaryAnalysis {
    interval?: string;
    threshold?: number;
    stepWeight?: number;
    stepWeights?: number[];
    stepWeightPromotion?: number;
    maxWeight?: number;
    iterations?: number;
    mirror?: boolean;
    match?: unknown[];
    metrics?: CanaryMetric[];
    webhooks?: CanaryWebhook[];
}

/** Whom Flagger asks or tells. */
export interface CanaryWebhook {
    name?: string;
    type?: string;
    url?: string;
}

/** One measurement of it. */
export interface CanaryMetric {
    name?: string;
    interval?: string;
    /** The older form of the bound. */
    threshold?: number;
    thresholdRange?: { min?: number; max?: number };
    templateRef?: { name?: string };
    query?: string;
}

/** The Canary's place in the cluster, as one text. */
export function keyOf({ metadata }: KubernetesObject): string {
    return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

/** The name of what it releases, by which Flagger labels what it counts. */
export function targetOf(canary: CanaryObject): string {
    return canary.spec?.targetRef?.name ?? canary.metadata?.name ?? "";
}

/** How often Flagger looks, in seconds: its own reading of what it cannot read is a minute, and never less than ten seconds. */
export function intervalOf(canary: CanaryObject): number {
    const [, number, unit] = /^([0-9]+)(m|s)/.exec(canary.spec?.analysis?.interval ?? "") ?? [];
    return number === undefined ? 60 : Math.max(10, Number(number) * (unit === "m" ? 60 : 1));
}

/** How long pods may take to become available before the version is taken back, in seconds. */
export function deadlineOf({ spec }: CanaryObject): number {
    return spec?.progressDeadlineSeconds ?? 600;
}

/** How long Flagger may take to act, in seconds: three of its looks, and some. */
export function patienceOf(canary: CanaryObject): number {
    return 3 * intervalOf(canary) + 10;
}

/** How many failed checks roll back. */
export function thresholdOf(canary: CanaryObject): number {
    return Math.max(1, canary.spec?.analysis?.threshold ?? 1);
}
