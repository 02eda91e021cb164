import { Values, mergeValues } from "../values";
import { AnalysisArgs, analysisSpec } from "./analysis";
import { GatesArgs, gateWebhooks } from "./gates";
import { loadTesterUrl } from "./loadTester";
import { serviceSpec } from "./service";
import { ServiceArgs } from "./serviceArgs";
import { AcceptanceTestArgs, LoadTestArgs, WebhookArgs, testWebhooks, webhooksSpec } from "./webhooks";

/** What a Canary is made of. */
export interface CanarySpecArgs {
    namespace: string;
    provider: string;
    targetRef: Record<string, unknown>;
    autoscalerRef?: Record<string, unknown>;
    metricsServer?: unknown;
    progressDeadlineSeconds?: number;
    skipAnalysis?: boolean;
    suspend?: boolean;
    revertOnDeletion?: boolean;
    port: number;
    service: ServiceArgs;
    analysis: AnalysisArgs;
    metrics: Record<string, unknown>[];
    alerts: Record<string, unknown>[];
    acceptanceTest?: AcceptanceTestArgs;
    loadTest?: LoadTestArgs;
    webhooks?: WebhookArgs[];
    gates?: GatesArgs;
    /** The webhooks by which the rollout waits until its metrics have seen enough. */
    hold?: Record<string, unknown>[];
    /** Fields that the library has no word for; they win. */
    overrides?: Values;
}

/** The spec of a Flagger Canary (flagger.app/v1beta1). */
export function canarySpec(args: CanarySpecArgs): Record<string, unknown> {
    const loadTester = loadTesterUrl(args.namespace);
    const webhooks = [
        // First, so that nobody is asked to approve what has not been measured.
        ...(args.hold ?? []),
        ...gateWebhooks(loadTester, args.gates),
        ...testWebhooks(loadTester, args.acceptanceTest, args.loadTest),
        ...webhooksSpec(args.webhooks),
    ];
    const { autoscalerRef, metricsServer, progressDeadlineSeconds, skipAnalysis, suspend, revertOnDeletion } = args;
    const spec: Values = {
        provider: args.provider,
        targetRef: args.targetRef,
        ...(autoscalerRef !== undefined && { autoscalerRef }),
        ...(metricsServer !== undefined && { metricsServer }),
        ...(progressDeadlineSeconds !== undefined && { progressDeadlineSeconds }),
        ...(skipAnalysis !== undefined && { skipAnalysis }),
        ...(suspend !== undefined && { suspend }),
        ...(revertOnDeletion !== undefined && { revertOnDeletion }),
        service: serviceSpec(args.service, args.port),
        analysis: {
            ...analysisSpec(args.analysis),
            metrics: args.metrics,
            ...(args.alerts.length > 0 && { alerts: args.alerts }),
            ...(webhooks.length > 0 && { webhooks }),
        },
    };
    return mergeValues(spec, args.overrides ?? {});
}
