import { duration } from "../units";
import { seconds } from "../validation";
import { AnalysisArgs } from "./analysis";
import { FastRollbackArgs, fastRollbackWarnings, fastRollbackWords } from "./fastRollback/fastRollbackArgs";
import { GatesArgs } from "./gates";
import { minimums, minimumsOf } from "./judging/judgedMetrics";
import { MetricArgs, defaultMetrics } from "./metricArgs";
import { weights } from "./steps";
import { LoadTestArgs, WebhookArgs } from "./webhooks";

/** How a rollout will go, known before it begins. */
export interface RolloutPlan {
    /** The same in one line, for people. */
    summary: string;
    /** The weights of the canary in order, in percent; empty for an A/B test and for blue/green. */
    weights: number[];
    /** How often an A/B test or a blue/green release is checked; 0 for weights. */
    iterations: number;
    /**
     * The least time from the moment Flagger notices a change until it is promoted, in seconds. Until it notices one interval
     * may pass, and starting pods takes what it takes.
     */
    promotionSeconds: number;
    /** The longest time from the moment a version turns bad until it is rolled back, in seconds, where each check sees it. */
    rollbackSeconds: number;
    /** How long a version whose pods never become ready is tried, in seconds. */
    deadlineSeconds: number;
    /**
     * The requests that the application needs, in one second, for the metrics to mean something at the smallest weight: one
     * bad answer alone must not break a threshold. 0 where no built-in metric is measured.
     */
    requestsPerSecond: number;
    /** What is allowed but may not be what was meant. */
    warnings: string[];
}

/** What a rollout is planned from. */
export interface PlanArgs {
    /** The application's name, for the summary. */
    name: string;
    /** How a new version is judged. */
    analysis: AnalysisArgs;
    /** How long the canary's pods may take to become ready, in seconds. */
    progressDeadlineSeconds: number;
    /** Whether the analysis is left out. */
    skipAnalysis: boolean;
    /**
     * The load on the canary while it is analysed.
     * @default - none
     */
    loadTest?: LoadTestArgs;
    /**
     * Services that Flagger calls during a rollout.
     * @default - none
     */
    webhooks?: WebhookArgs[];
    /**
     * Where the rollout waits for somebody's approval.
     * @default - nowhere
     */
    gates?: GatesArgs;
    /**
     * How far back a version may be that is promoted without analysis.
     * @default - none is
     */
    fastRollback?: FastRollbackArgs;
}

/**
 * Plans a rollout, of sound arguments, by the way Flagger works: it looks once an interval and does one thing at each look. After the look that
 * notices the change come one for each weight or iteration, one that copies the new version to the primary, those that lead
 * the traffic back to it, and one that scales the canary down.
 */
export function planRollout(args: PlanArgs): RolloutPlan {
    const { analysis, progressDeadlineSeconds } = args;
    const interval = seconds(analysis.interval);
    const plan: Omit<RolloutPlan, "summary"> = {
        weights: args.skipAnalysis || analysis.steps === undefined ? [] : weights(analysis.steps),
        iterations: args.skipAnalysis ? 0 : ((analysis.abTest ?? analysis.blueGreen)?.iterations ?? 0),
        promotionSeconds: looks(args) * interval,
        rollbackSeconds: args.skipAnalysis ? 0 : (analysis.threshold + 1) * interval,
        deadlineSeconds: progressDeadlineSeconds + interval,
        requestsPerSecond: args.skipAnalysis ? 0 : requestsPerSecond(analysis),
        warnings: planWarnings(args, interval),
    };
    return { summary: summaryOf(args, plan), ...plan };
}

/** How often Flagger looks after it noticed the change, until the promotion is complete. */
function looks({ analysis, skipAnalysis }: PlanArgs): number {
    if (skipAnalysis) {
        return 1;
    }
    const { steps, abTest, blueGreen } = analysis;
    const back = (steps ?? abTest ?? blueGreen)?.stepWeightPromotion;
    if (steps !== undefined) {
        const all = weights(steps);
        const mirrored = steps.mirror === true ? 1 : 0;
        return mirrored + all.length + 1 + stepsBack(all.at(-1)!, back) + 1;
    }
    if (abTest !== undefined) {
        return abTest.iterations + 1 + stepsBack(100, back) + 1;
    }
    // One more: it gives the canary all the traffic before it copies.
    return blueGreen!.iterations + 1 + 1 + stepsBack(100, back) + 1;
}

function stepsBack(weight: number, stepWeightPromotion: number | undefined): number {
    return stepWeightPromotion === undefined ? 1 : Math.ceil(weight / stepWeightPromotion);
}

/**
 * How many requests a second make a measurement meaningful. A success rate of 99 % needs a hundred requests in the window,
 * or one bad answer breaks it; a 99th percentile needs a hundred to exist. Of all requests the canary gets its weight.
 */
function requestsPerSecond(analysis: AnalysisArgs): number {
    const share = analysis.steps === undefined ? 1 : weights(analysis.steps)[0]! / 100;
    const rates = ratesNeeded(analysis.metrics ?? defaultMetrics).map((rate) => rate / share);
    return Math.ceil(Math.max(0, ...rates) * 10) / 10;
}

/** The requests a second that each metric needs which is judged. */
function ratesNeeded(metrics: MetricArgs[]): number[] {
    return metrics
        .filter(({ dryRun }) => dryRun !== true)
        .flatMap((metric) => {
            const waitsFor = minimumsOf(metric, metrics);
            return waitsFor.length > 0
                ? waitsFor.map(({ samples, window }) => samples / seconds(window))
                : [requestsNeeded(metric) / seconds(metric.interval ?? "1m")];
        });
}

function requestsNeeded({ name, min = 0 }: MetricArgs): number {
    switch (name) {
        case "request-success-rate":
            // At 100 % no number is enough to forgive one bad answer; a hundred is as good as any.
            // 100 - 99.9 is a little less than 0.1 in binary.
            return min >= 100 ? 100 : Math.ceil(100 / (100 - min) - 1e-6);
        case "request-duration":
            return 100;
        default:
            return 0;
    }
}

function planWarnings(args: PlanArgs, interval: number): string[] {
    const { analysis, loadTest, webhooks = [], gates } = args;
    if (args.skipAnalysis) {
        const passed = gates?.trafficIncrease !== undefined || gates?.promotion !== undefined;
        return [
            "skipAnalysis: whatever starts is promoted, unmeasured. It stays so until it is taken out." +
                (passed ? " No gate but `rollout` is asked." : ""),
        ];
    }
    const warnings: string[] = [];
    const duringRollout = [
        ...(loadTest === undefined ? [] : [seconds(loadTest.timeout ?? "5s")]),
        ...webhooks.filter((w) => (w.type ?? "rollout") === "rollout").map((w) => seconds(w.timeout ?? "10s")),
    ].reduce((sum, timeout) => sum + timeout, 0);
    if (duringRollout > interval) {
        warnings.push(
            `webhooks: their time-outs add up to ${duringRollout} s, more than the interval of ${interval} s: while they are ` +
                "waited for Flagger does not look, and the rollout takes longer than planned.",
        );
    }
    const load = loadTest && /\bhey\b.*?\s-z[ =]?(\d+)(s|m|h)\b/.exec(loadTest.command);
    const lasts = load ? Number(load[1]) * { s: 1, m: 60, h: 3600 }[load[2] as "s" | "m" | "h"] : undefined;
    if (lasts !== undefined && lasts < interval) {
        warnings.push(
            `loadTest: it lasts ${lasts} s and is started anew each interval of ${interval} s, so the canary is without load ` +
                `in between. Let it last at least as long: -z ${interval}s.`,
        );
    }
    const measured = ratesNeeded(analysis.metrics ?? defaultMetrics).some((rate) => rate > 0);
    const unused = analysis.blueGreen !== undefined && analysis.blueGreen.mirror !== true;
    if (measured && unused && loadTest === undefined && !webhooks.some((w) => (w.type ?? "rollout") === "rollout")) {
        warnings.push(
            "analysis.blueGreen: nobody uses the canary while it is checked, so the metrics will have no values and every " +
                "check will fail. Give it a load test.",
        );
    }
    if (gates?.rollout !== undefined) {
        warnings.push(
            "gates.rollout: Flagger asks it when a rollout begins, not again when a newer version takes the place of one " +
                "that is being rolled out.",
        );
    }
    warnings.push(...fastRollbackWarnings("fastRollback", args.fastRollback, gates));
    return warnings;
}

function summaryOf(
    { name, analysis, gates, skipAnalysis, fastRollback }: PlanArgs,
    plan: Omit<RolloutPlan, "summary">,
): string {
    if (skipAnalysis) {
        return `${name}: promoted without analysis as soon as its pods are ready; tried for ${duration(plan.deadlineSeconds)}`;
    }
    const every = `every ${duration(seconds(analysis.interval))}`;
    const way =
        analysis.steps !== undefined
            ? `${shortened(plan.weights)} % ${every}`
            : `${plan.iterations} ${plan.iterations === 1 ? "check" : "checks"} ${every}, ` +
              (analysis.abTest === undefined ? "then all traffic" : "with the chosen users");
    const waits = Object.entries(gates ?? {}).some(([gate, args]) => gate !== "rollback" && args !== undefined);
    return [
        `${name}: ${way}`,
        `promoted after ${duration(plan.promotionSeconds)} at the earliest${waits ? ", plus the time until it is approved" : ""}`,
        `rolled back within ${duration(plan.rollbackSeconds)} of turning bad`,
        ...(plan.requestsPerSecond > 0 ? [needs(analysis, plan.requestsPerSecond)] : []),
        ...waiting(analysis),
        ...measuredOnly(analysis),
        ...(fastRollback === undefined ? [] : [fastRollbackWords(fastRollback)]),
    ].join("; ");
}

function needs(analysis: AnalysisArgs, rate: number): string {
    const whose = analysis.steps === undefined ? "to the canary" : "in all";
    return `its metrics need about ${rate} requests a second ${whose}`;
}

/** When the rollout waits for requests, and what ends that. */
function waiting({ metrics, lowTraffic, steps }: AnalysisArgs): string[] {
    const all = minimums(metrics).map(({ samples, window }) => `${samples} requests in ${duration(seconds(window))}`);
    if (all.length === 0) {
        return [];
    }
    const where = steps === undefined ? "before the promotion" : "at its weight";
    const limit = lowTraffic?.limit;
    const end =
        limit === undefined
            ? "as long as it takes"
            : `for ${duration(seconds(limit))}, then ${endings[lowTraffic?.then ?? "fail"]}`;
    return [`waits ${where} until the canary has had ${all.join(" and ")}, ${end}`];
}

const endings: Record<string, string> = { fail: "fails", pass: "goes on without" };

function measuredOnly({ metrics = [] }: AnalysisArgs): string[] {
    const names = metrics.filter(({ dryRun }) => dryRun === true).map(({ name }) => name);
    return names.length === 0 ? [] : [`in dry run: ${names.join(", ")}`];
}

/** All weights, or where they are many the first ones and the last. */
function shortened(all: number[]): string {
    const shown = all.length <= 6 ? all.map(String) : [...all.slice(0, 3).map(String), "...", String(all.at(-1))];
    return shown.join(", ");
}
