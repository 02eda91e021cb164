import { MetricArgs } from "../../components/delivery/metricArgs";
import { judgedMetrics } from "../../components/delivery/judging/judgedMetrics";
import { HeldRollout, holdQueries } from "../../components/delivery/judging/lowTraffic";
import { istioQueries } from "../../components/mesh/istioQueries";
import { Case } from "./cases";
import { Rule, RuleMetric } from "./flaggerRule";

/** Who decides: by which queries and bounds an application is judged. */
export interface Judge {
    name: string;
    title: string;
    /** Whether it judges the applications with few requests alone. */
    sparseOnly?: boolean;
    rule(kind: Case, namespace: string, name: string): Rule;
}

const weights = [10, 20, 30, 40, 50];
const threshold = 5;

/** Flagger's queries for Istio, as pkg/metrics/observers/istio.go has them, with their default bounds here. */
function flaggersOwn(namespace: string, name: string, interval: string): RuleMetric[] {
    const of = `reporter="destination",destination_workload_namespace="${namespace}",destination_workload=~"${name}"`;
    const rate = (more = "") => `sum(rate(istio_requests_total{${of}${more}}[${interval}]))`;
    const buckets = `istio_request_duration_milliseconds_bucket{${of}}`;
    return [
        { query: `${rate(',response_code!~"5.*"')} / ${rate()} * 100`, min: 99 },
        {
            query: `histogram_quantile(0.99, sum(rate(${buckets}[${interval}])) by (le))`,
            max: 500,
            wholeNumber: true,
        },
    ];
}

const flagger = (name: string, title: string, interval: (kind: Case) => string): Judge => ({
    name,
    title,
    rule: (kind, namespace, app) => ({ weights, threshold, metrics: flaggersOwn(namespace, app, interval(kind)) }),
});

/** The window in which an application is judged: long enough for what it gets. */
const windowOf = ({ sparse }: Case) => (sparse === true ? "1h" : "5m");

/** The metrics that docs/judging.md advises. */
export function advised(kind: Case): MetricArgs[] {
    const interval = windowOf(kind);
    return [
        { name: "errors", compare: { of: "error-rate" }, max: 0.1, interval },
        { name: "latency", compare: { of: "latency" }, max: 1.1, interval },
    ];
}

const comparing: Judge = {
    name: "compared",
    title: "compared with the primary",
    rule: (kind, namespace, name) => {
        const version = (of: "canary" | "primary") =>
            istioQueries.counters({ namespace, target: name, service: name, version: of });
        const rollout: HeldRollout = { namespace, target: name, weighted: true };
        const { metrics, enough } = judgedMetrics(advised(kind), {
            versions: { canary: version("canary"), primary: version("primary") },
            rollout,
            metricsServer: "http://prometheus",
        });
        return {
            weights,
            threshold,
            metrics: metrics!.map(({ template, min, max }) => ({ query: template!.query, min, max })),
            ...holdQueries(rollout, enough),
        };
    },
};

/** Who judges. */
const judges: Judge[] = [
    flagger("flagger", "Flagger's metrics", () => "1m"),
    { ...flagger("flagger-long", "Flagger's metrics, over an hour", windowOf), sparseOnly: true },
    comparing,
];

/** Who judges a case. */
export function judgesOf({ sparse }: Case): Judge[] {
    return judges.filter(({ sparseOnly }) => sparseOnly !== true || sparse === true);
}
