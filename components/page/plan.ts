import { AnalysisArgs } from "../delivery/analysis";
import { holdName } from "../delivery/judging/lowTraffic";
import { RolloutPlan, planRollout } from "../delivery/plan";
import { checkSteps } from "../delivery/steps";
import { Problems, describe, isDuration } from "../validation";
import { CanaryAnalysis, CanaryObject, deadlineOf, intervalOf, thresholdOf } from "../operate/canary";
import { boundsOf } from "./checks";

/** How a Canary's rollout will go, by what stands in the cluster; or why it cannot be said. */
export interface Planned {
    plan?: RolloutPlan;
    /** What Flagger would never finish. */
    problems: string[];
}

/** Plans the rollout of a Canary, whoever wrote it. */
export function planOf(canary: CanaryObject): Planned {
    const { spec = {}, metadata } = canary;
    const analysis = spec.analysis ?? {};
    const problems = new Problems();
    if (analysis.iterations === undefined) {
        checkSteps(problems, "analysis", stepsOf(analysis));
    }
    if (problems.all.length > 0) {
        return { problems: problems.all.map(describe) };
    }
    const plan = planRollout({
        name: metadata?.name ?? "",
        analysis: argsOf(canary, analysis),
        progressDeadlineSeconds: deadlineOf(canary),
        skipAnalysis: spec.skipAnalysis === true,
        gates: Object.fromEntries(
            gates
                .filter(([type]) => analysis.webhooks?.some((hook) => hook.type === type && hook.name !== holdName))
                .map(([, gate]) => [gate, {}]),
        ),
    });
    return { plan, problems: [] };
}

const gates: [type: string, gate: string][] = [
    ["confirm-rollout", "rollout"],
    ["confirm-traffic-increase", "trafficIncrease"],
    ["confirm-promotion", "promotion"],
];

function stepsOf({ stepWeight, stepWeights, maxWeight, mirror, stepWeightPromotion }: CanaryAnalysis) {
    const back = stepWeightPromotion === undefined || stepWeightPromotion <= 0 ? {} : { stepWeightPromotion };
    return stepWeights === undefined ? { stepWeight, maxWeight, mirror, ...back } : { stepWeights, mirror, ...back };
}

/** The analysis in the library's words, of which the plan reads no more than this. */
function argsOf(canary: CanaryObject, analysis: CanaryAnalysis): AnalysisArgs {
    const iterations = analysis.iterations ?? 0;
    const strategy =
        analysis.iterations === undefined
            ? { steps: stepsOf(analysis) }
            : (analysis.match ?? []).length > 0
              ? // Whom it is for is of no matter to the plan.
                { abTest: { iterations, match: [] } }
              : { blueGreen: { iterations } };
    return {
        interval: `${intervalOf(canary)}s`,
        threshold: thresholdOf(canary),
        ...strategy,
        metrics: (analysis.metrics ?? []).map((metric) => ({
            name: metric.name ?? "",
            ...boundsOf(metric),
            ...(isDuration(metric.interval) && { interval: metric.interval }),
        })),
    };
}
