import { Mesh } from "../mesh/mesh";
import { shown } from "../shape";
import { Problems, checkDuration, checkInteger, seconds } from "../validation";
import { AbTestArgs, abMatchSpec, checkAbTest, checkIterations } from "./abTest";
import { AlertArgs, checkAlerts } from "./alerts";
import { BlueGreenArgs } from "./blueGreen";
import { LowTrafficArgs, checkLowTraffic } from "./judging/lowTraffic";
import { minimums } from "./judging/judgedMetrics";
import { MetricArgs } from "./metricArgs";
import { checkMetrics } from "./metrics";
import { checkMirroring, mirroringSpec } from "./mirroring";
import { SessionAffinityArgs, checkSessionAffinity } from "./sessionAffinity";
import { StepsArgs, checkSteps, stepsSpec, stepsWarnings } from "./steps";

/** How Flagger judges a new version. Exactly one of `steps`, `abTest` and `blueGreen` is given. */
export interface AnalysisArgs {
    /** How often Flagger looks, and so how long each weight lasts: seconds or minutes, at least 10 seconds ("15s"). */
    interval: string;
    /** How many failed checks, counted over the whole rollout, roll it back: at least 1. */
    threshold: number;
    /**
     * Shifts traffic to the new version in steps.
     * @default - another strategy
     */
    steps?: StepsArgs;
    /**
     * Gives the new version to chosen users.
     * @default - another strategy
     */
    abTest?: AbTestArgs;
    /**
     * Checks the new version without users, then gives it all the traffic.
     * @default - another strategy
     */
    blueGreen?: BlueGreenArgs;
    /**
     * What is measured at each check.
     * @default - the two that Flagger brings: a success rate of at least 99 % and a 99th percentile of at most 500 ms, each
     *   over one minute
     */
    metrics?: MetricArgs[];
    /**
     * What becomes of a rollout whose canary gets too few requests for the `minimumSamples` of its metrics.
     * @default - it waits until there are enough
     */
    lowTraffic?: LowTrafficArgs;
    /**
     * Who is told. Alerts of its own switch Flagger's global ones off for this application.
     * @default - Flagger's global alerts, if it has any
     */
    alerts?: AlertArgs[];
    /**
     * Lets a user who once got the canary stay with it.
     * @default - each request is routed on its own
     */
    sessionAffinity?: SessionAffinityArgs;
    /**
     * How many of the primary's pods have to be ready, in percent.
     * @default 100
     */
    primaryReadyThreshold?: number;
    /**
     * How many of the canary's pods have to be ready, in percent.
     * @default 100
     */
    canaryReadyThreshold?: number;
}

const strategies = ["steps", "abTest", "blueGreen"] as const;

/** The strategy that was chosen; undefined unless it is exactly one. */
export function strategyOf(analysis: AnalysisArgs): (typeof strategies)[number] | undefined {
    const given = strategies.filter((strategy) => analysis[strategy] !== undefined);
    return given.length === 1 ? given[0] : undefined;
}

/**
 * Checks an analysis for what Flagger would refuse, and for what it would accept and then never finish. Without a mesh it is
 * not asked what one can do.
 */
export function checkAnalysis(
    problems: Problems,
    path: string,
    analysis: AnalysisArgs | undefined,
    mesh: Mesh | undefined,
): void {
    if (
        !problems.require(typeof analysis === "object" && analysis !== null, {
            path,
            value: shown(analysis),
            rule: "is missing: Flagger cannot judge a rollout without an analysis",
            fix: `Give at least { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } }.`,
        })
    ) {
        return;
    }
    const given = analysis as AnalysisArgs;
    checkPace(problems, path, given);
    for (const key of ["primaryReadyThreshold", "canaryReadyThreshold"] as const) {
        checkInteger(problems, `${path}.${key}`, given[key], 1, 100, "percent; with 0 no pod would have to be ready");
    }
    checkStrategy(problems, path, given, mesh);
    if (mesh !== undefined) {
        checkSessionAffinity(problems, `${path}.sessionAffinity`, given.sessionAffinity, strategyOf(given), mesh);
    }
    checkMetrics(problems, `${path}.metrics`, given.metrics);
    checkLowTraffic(problems, `${path}.lowTraffic`, given.lowTraffic, mayHold(given.metrics));
    checkAlerts(problems, `${path}.alerts`, given.alerts);
}

/** Whether a metric may keep the rollout waiting. Of what is not sound yet it is not asked. */
export function mayHold(metrics: unknown): boolean {
    try {
        return minimums(metrics as MetricArgs[]).length > 0;
    } catch {
        return true;
    }
}

/** Checks how often Flagger looks, and how many failed checks it takes. */
export function checkPace(
    problems: Problems,
    path: string,
    { interval, threshold }: Partial<Pick<AnalysisArgs, "interval" | "threshold">>,
): void {
    if (interval === undefined) {
        problems.add({ path: `${path}.interval`, rule: "is required", fix: `Write it like "30s" or "5m".` });
    }
    checkDuration(problems, `${path}.interval`, interval);
    if (typeof interval === "string" && /^[1-9]\d*s$/.test(interval)) {
        problems.require(seconds(interval) >= 10, {
            path: `${path}.interval`,
            value: interval,
            rule: "is shorter than Flagger's shortest interval, 10 seconds, which it would use without saying so",
            fix: `Give "10s" or more.`,
        });
    }
    if (threshold === undefined) {
        problems.add({
            path: `${path}.threshold`,
            rule: "is required",
            fix: "Give the number of failed checks that roll back.",
        });
    }
    checkInteger(problems, `${path}.threshold`, threshold, 1, 1000, "failed checks");
}

function checkStrategy(problems: Problems, path: string, analysis: AnalysisArgs, mesh: Mesh | undefined): void {
    const given = strategies.filter((strategy) => analysis[strategy] !== undefined);
    if (
        !problems.require(given.length === 1, {
            path: `${path}.${given[1] ?? "steps"}`,
            value: given[1] && analysis[given[1]],
            rule:
                given.length === 0
                    ? "or another strategy is needed: nothing says how traffic is shifted"
                    : `is a second strategy beside ${given[0]}; a rollout has one`,
            fix: `Give one of steps ({ stepWeight: 10, maxWeight: 50 }), abTest or blueGreen.`,
        })
    ) {
        return;
    }
    const strategy = given[0]!;
    const at = `${path}.${strategy}`;
    const args = analysis[strategy];
    const possible: readonly string[] = mesh?.capabilities.strategies ?? strategies;
    if (
        !problems.require(possible.includes(strategy), {
            path: at,
            value: args,
            rule: `is more than ${mesh?.title} can do`,
            fix: `Use ${possible.join(" or ")}, or choose a mesh that can.`,
        })
    ) {
        return;
    }
    if (
        !problems.require(typeof args === "object" && args !== null, {
            path: at,
            value: args,
            rule: "is not a strategy",
            fix: "Give steps as { stepWeight: 10, maxWeight: 50 }, blueGreen as { iterations: 10 }.",
        })
    ) {
        return;
    }
    checkInteger(
        problems,
        `${at}.stepWeightPromotion`,
        args!.stepWeightPromotion,
        1,
        100,
        "percent; with less the promotion would never end",
    );
    if (analysis.steps !== undefined) {
        checkSteps(problems, at, analysis.steps);
        checkMirroring(problems, at, analysis.steps, "steps", mesh);
    } else if (analysis.abTest !== undefined) {
        if (mesh === undefined) {
            checkIterations(problems, at, analysis.abTest.iterations);
        } else {
            checkAbTest(problems, at, analysis.abTest, mesh);
        }
    } else if (analysis.blueGreen !== undefined) {
        checkIterations(problems, at, analysis.blueGreen.iterations);
        checkMirroring(problems, at, analysis.blueGreen, "blueGreen", mesh);
    }
}

/** What a user should know of an analysis that is allowed but does not do what it seems to. */
export function analysisWarnings(analysis: AnalysisArgs): string[] {
    return analysis.steps === undefined ? [] : stepsWarnings(analysis.steps);
}

/** The `analysis` of a Canary, without its metrics, alerts and webhooks. */
export function analysisSpec(analysis: AnalysisArgs): Record<string, unknown> {
    const { interval, threshold, steps, abTest, blueGreen, sessionAffinity } = analysis;
    const stepWeightPromotion = (steps ?? abTest ?? blueGreen)?.stepWeightPromotion;
    return {
        interval,
        threshold,
        ...(steps !== undefined && { ...stepsSpec(steps), ...mirroringSpec(steps) }),
        ...(abTest !== undefined && { iterations: abTest.iterations, match: abMatchSpec(abTest.match) }),
        ...(blueGreen !== undefined && { iterations: blueGreen.iterations, ...mirroringSpec(blueGreen) }),
        ...(stepWeightPromotion !== undefined && { stepWeightPromotion }),
        ...(analysis.primaryReadyThreshold !== undefined && { primaryReadyThreshold: analysis.primaryReadyThreshold }),
        ...(analysis.canaryReadyThreshold !== undefined && { canaryReadyThreshold: analysis.canaryReadyThreshold }),
        ...(sessionAffinity !== undefined && { sessionAffinity: { ...sessionAffinity } }),
    };
}
