import { MetricArgs } from "../../components/delivery/metricArgs";
import { checkMetrics } from "../../components/delivery/metrics";
import { Fields, isObject } from "../../components/shape";
import { canaryOf } from "../canaries";
import { listAt } from "../resource";
import { ResourceRule, textsOf } from "../rule";

/** Every version is measured before it gets all traffic. */
export const canaryMetrics: ResourceRule = {
    name: "canary-metrics",
    description: "A Canary has metrics to be judged by, each with a bound, as CanaryApp checks them.",
    enforcementLevel: "mandatory",
    severity: "high",
    options: {
        required: { description: "Names of metrics that every Canary has to have.", default: [] },
    },
    check(problems, resource, options) {
        const canary = canaryOf(resource);
        if (canary?.analysis === undefined) {
            return;
        }
        const path = `${canary.path}.metrics`;
        const { metrics } = canary.analysis;
        // Flagger has no metrics of its own for a Canary that names none, other than CanaryApp.
        const named = problems.require(metrics !== undefined && !(Array.isArray(metrics) && metrics.length === 0), {
            path,
            value: metrics,
            rule: "is needed: without metrics every version that starts is promoted",
            fix: 'Name at least one: { name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }.',
        });
        if (!named) {
            return;
        }
        checkMetrics(problems, path, Array.isArray(metrics) ? metrics.map(argsOf) : (metrics as MetricArgs[]));
        const names = listAt(metrics).map((metric) => (isObject(metric) ? metric.name : undefined));
        for (const name of textsOf(options, "required")) {
            problems.require(names.includes(name), {
                path,
                value: names,
                rule: `has no ${name}, which the policy pack's configuration asks for`,
                fix: "Add it.",
            });
        }
    },
};

/** A metric of a Canary in the words of CanaryApp. */
function argsOf(metric: unknown): MetricArgs {
    if (!isObject(metric)) {
        return metric as MetricArgs;
    }
    const { name, interval, thresholdRange, templateRef, templateVariables, query } = metric;
    const given: Fields = { name, interval, ...boundsOf(metric, thresholdRange), templateRef, query };
    return { ...given, variables: templateVariables } as MetricArgs;
}

/** The range, or what came before it: one number, the least success rate or the greatest value of anything else. */
function boundsOf({ name, threshold }: Fields, range: unknown): Fields {
    if (isObject(range)) {
        return { min: range.min, max: range.max };
    }
    return threshold === undefined ? {} : { [name === "request-success-rate" ? "min" : "max"]: threshold };
}
