import { AnalysisArgs, analysisSpec } from "./analysis";
import { ServiceArgs, serviceSpec } from "./service";
import { loadTesterUrl } from "./loadTester";
import { AcceptanceTestArgs, LoadTestArgs, testWebhooks } from "./webhooks";

/** What a Canary is made of. */
export interface CanarySpecArgs {
    namespace: string;
    provider: string;
    target: { kind: string; name: string };
    /** Name of the target's HorizontalPodAutoscaler. */
    autoscaler?: string;
    progressDeadlineSeconds?: number;
    port: number;
    service: ServiceArgs;
    analysis: AnalysisArgs;
    acceptanceTest?: AcceptanceTestArgs;
    loadTest?: LoadTestArgs;
}

/** The spec of a Flagger Canary (flagger.app/v1beta1). */
export function canarySpec(args: CanarySpecArgs): Record<string, unknown> {
    const webhooks = testWebhooks(loadTesterUrl(args.namespace), args.acceptanceTest, args.loadTest);
    return {
        provider: args.provider,
        targetRef: { apiVersion: "apps/v1", kind: args.target.kind, name: args.target.name },
        ...(args.autoscaler !== undefined && {
            autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: args.autoscaler },
        }),
        ...(args.progressDeadlineSeconds !== undefined && { progressDeadlineSeconds: args.progressDeadlineSeconds }),
        service: serviceSpec(args.service, args.port),
        analysis: { ...analysisSpec(args.analysis), ...(webhooks.length > 0 && { webhooks }) },
    };
}
