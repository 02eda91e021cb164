import * as pulumi from "@pulumi/pulumi";

import { BurnRateArgs } from "./judging/burnRate";
import { CompareArgs } from "./judging/comparison";
import { MetricTemplateArgs } from "./metricTemplate";

/** One measurement of the analysis. It has to have a `min` or a `max`, unless it is a condition or in dry run. */
export interface MetricArgs {
    /**
     * `request-success-rate` (percent) or `request-duration` (milliseconds, 99th percentile), or a name of your own,
     * with exactly one of `query`, `template`, `templateRef`, `compare`, `burnRate` and `expression`.
     */
    name: string;
    /**
     * The least value that passes.
     * @default - no lower bound
     */
    min?: number;
    /**
     * The greatest value that passes.
     * @default - no upper bound
     */
    max?: number;
    /**
     * The window that is measured: seconds or minutes.
     * @default "1m"
     */
    interval?: string;
    /**
     * A MetricTemplate that exists, also one in another namespace: `ref` of a `MetricTemplate`.
     * @default - none
     */
    templateRef?: TemplateRefArgs;
    /**
     * A template that is made for this metric alone.
     * @default - none
     */
    template?: MetricTemplateArgs;
    /**
     * What the template or query finds as `{{ variables.x }}`.
     * @default - none
     */
    variables?: Record<string, pulumi.Input<string>>;
    /**
     * A query for the platform's metrics server, in PromQL, answering with one number.
     * @default - none
     */
    query?: string;
    /**
     * Measures the canary by the primary. Its `max` is in percentage points, or a ratio.
     * @default - none
     */
    compare?: CompareArgs;
    /**
     * Measures how fast the canary uses up what an objective leaves for errors. With `max: 1` it may just keep it.
     * @default - none
     */
    burnRate?: BurnRateArgs;
    /**
     * A condition or a number made of other metrics of this list, by their names: `errors < 1 or latency < 300`. Those that are not
     * to be judged by themselves are in dry run.
     * @default - none
     */
    expression?: string;
    /**
     * The requests that the canary has to have had in the window before the metric counts; of a comparison, those of each version.
     * Until then the rollout waits at its weight, and no check fails. Not for a template or an expression.
     * @default - as many as the statistics take for `compare`, 100 for `burnRate`; the others count from the first
     */
    minimumSamples?: number;
    /**
     * Measures and shows the metric, and never fails because of it.
     * @default false
     */
    dryRun?: boolean;
}

/** Where a MetricTemplate is found. */
export interface TemplateRefArgs {
    /** Its name. */
    name: pulumi.Input<string>;
    /**
     * Its namespace.
     * @default - the application's
     */
    namespace?: pulumi.Input<string>;
}

/** The metrics of an analysis that names none: the two that Flagger brings. */
export const defaultMetrics: MetricArgs[] = [
    { name: "request-success-rate", min: 99 },
    { name: "request-duration", max: 500 },
];
