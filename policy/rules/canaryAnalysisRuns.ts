import { canaryOf } from "../canaries";
import { ResourceRule } from "../rule";

/** Nobody leaves an emergency's switch on. */
export const canaryAnalysisRuns: ResourceRule = {
    name: "canary-analysis-runs",
    description: "A Canary does not skip its analysis, and is not suspended.",
    // Both have their hour, and both are easily forgotten.
    enforcementLevel: "advisory",
    severity: "medium",
    check(problems, resource) {
        const spec = canaryOf(resource)?.spec;
        problems.require(spec?.skipAnalysis !== true, {
            path: "spec.skipAnalysis",
            value: spec?.skipAnalysis,
            rule: "promotes every version unseen",
            fix: "Leave it out once the version that needed it is there.",
        });
        problems.require(spec?.suspend !== true, {
            path: "spec.suspend",
            value: spec?.suspend,
            rule: "leaves a new version in the pods that it finds, unanalysed, and stops every rollback",
            fix: "Leave it out. A gate (`gates` of CanaryApp) is what holds a rollout safely.",
        });
    },
};
