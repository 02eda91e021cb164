import type { CanaryAppArgs } from "./canaryAppArgs";
import { defaultMetrics } from "./delivery/metricArgs";
import { Mesh } from "./mesh/mesh";

/** What a user should know of an analysis on a mesh that cannot split traffic, or does not count requests. */
export function meshWarnings({ analysis, workload }: CanaryAppArgs, { title, capabilities }: Mesh): string[] {
    const { strategies, appMetrics } = capabilities;
    const warnings = [];
    if (!strategies.includes("steps") && analysis.blueGreen?.stepWeightPromotion !== undefined) {
        warnings.push(
            `analysis.blueGreen.stepWeightPromotion: ignored on ${title}: it cannot split traffic, and all of it moves at once.`,
        );
    }
    const own = (analysis.metrics ?? defaultMetrics).some(
        ({ template, templateRef, query }) =>
            template === undefined && templateRef === undefined && query === undefined,
    );
    const scraped = workload?.podAnnotations?.["prometheus.io/scrape"] !== undefined;
    if (appMetrics === true && own && workload !== undefined && !scraped) {
        warnings.push(
            `workload.podAnnotations: on ${title} Flagger's built-in metrics are what the application itself exports, the ` +
                "histogram `http_request_duration_seconds` with the label `status`. Without the annotations " +
                "`prometheus.io/scrape` and `prometheus.io/port` the platform's Prometheus does not read it, and without " +
                "values every release is rolled back. Annotate the pods, or give `analysis.metrics` of your own.",
        );
    }
    return warnings;
}
