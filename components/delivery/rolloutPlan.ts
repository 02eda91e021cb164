import { isObject, checkObject, checkRequiredText, checkSwitch, checkTree } from "../shape";
import { Problems, checkInteger } from "../validation";
import { AnalysisArgs, checkAnalysis, strategyOf } from "./analysis";
import { checkBounds } from "./fastRollback/fastRollbackArgs";
import { GatesArgs, checkGates } from "./gates";
import { PlanArgs, RolloutPlan, planRollout } from "./plan";
import { LoadTestArgs, WebhookArgs, checkTests, checkWebhooks } from "./webhooks";

/**
 * Plans a rollout without making anything: what `CanaryApp` says at preview, for a program that asks beforehand. What the mesh can
 * do is not looked at.
 *
 * @throws pulumi.InputPropertiesError with everything that is wrong.
 */
export function rolloutPlan(args: PlanArgs): RolloutPlan {
    const problems = new Problems();
    checkTree(problems, args);
    problems.throwIfAny("rolloutPlan");
    if (checkObject(problems, "args", args, "Give at least a name, an analysis and progressDeadlineSeconds.")) {
        checkPlan(problems, args);
    }
    problems.throwIfAny("rolloutPlan");
    return planRollout(args);
}

function checkPlan(problems: Problems, args: Record<string, unknown>): void {
    const { analysis, progressDeadlineSeconds } = args;
    checkRequiredText(problems, "name", args.name);
    checkAnalysis(problems, "analysis", analysis as AnalysisArgs, undefined);
    // Absent it is no default: nobody else could know it.
    checkInteger(problems, "progressDeadlineSeconds", progressDeadlineSeconds ?? null, 1, 86_400, "seconds");
    checkSwitch(problems, "skipAnalysis", args.skipAnalysis);
    checkBounds(problems, "fastRollback", args.fastRollback);
    const strategy = isObject(analysis) ? strategyOf(analysis as unknown as AnalysisArgs) : undefined;
    checkGates(problems, "gates", args.gates as GatesArgs, strategy);
    checkTests(problems, undefined, args.loadTest as LoadTestArgs);
    checkWebhooks(problems, "webhooks", args.webhooks as WebhookArgs[], strategy);
}
