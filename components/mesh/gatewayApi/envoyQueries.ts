import { TrafficQueries, opposite } from "../../observability/trafficQueries";
import { BuiltinQueries } from "../mesh";

const requests = "envoy_cluster_upstream_rq";
const durations = "envoy_cluster_upstream_rq_time_bucket";
const status = "envoy_response_code";
const noError = `${status}!~"5.*"`;

/**
 * The clusters of Envoy that lead to one version. Envoy Gateway names them after the route, the rule and the place of the backend
 * in it, and Flagger puts the primary first and the canary second; copies for the canary have a cluster of their own.
 */
const toPrimary = (namespace: string, route: string) =>
    `envoy_cluster_name=~"httproute/${namespace}/${route}/rule/[0-9]+/backend/0"`;
const toCanary = (namespace: string, route: string) =>
    `envoy_cluster_name=~"httproute/${namespace}/${route}/rule/[0-9]+(/backend/1|-mirror-[0-9]+)"`;

const suffix = "-primary";

/** The route is named after the application, and so is its canary; the primary has a suffix. */
const to = (namespace: string, workload: string) =>
    workload.endsWith(suffix) ? toPrimary(namespace, workload.slice(0, -suffix.length)) : toCanary(namespace, workload);

const rate = (counter: string, ...matchers: string[]) => `rate(${counter}{${matchers.join(",")}}[1m])`;

const anyRoute = 'envoy_cluster_name=~"httproute/.+"';
const byApplication = (counted: string) =>
    "sum by (namespace, name) (label_replace(label_replace(" +
    `${counted}, "name", "$1", "envoy_cluster_name", "httproute/[^/]+/([^/]+)/.+"), ` +
    '"namespace", "$1", "envoy_cluster_name", "httproute/([^/]+)/.+"))';

/** The series of Envoy Gateway's proxies. They are counted where requests come in, so the gateway's own traffic is all there is. */
export const envoyQueries: TrafficQueries = {
    requests: (namespace, workload) =>
        `label_replace(sum by (${status}) (${rate(requests, to(namespace, workload))}), ` +
        `"status", "$1", "${status}", "(.*)")`,
    total: (namespace, workload) => `sum(${rate(requests, to(namespace, workload))})`,
    successRate: (namespace, workload) =>
        `100 * sum(${rate(requests, to(namespace, workload), noError)}) / sum(${rate(requests, to(namespace, workload))})`,
    duration: (namespace, workload, quantile) =>
        `histogram_quantile(${quantile}, sum by (le) (${rate(durations, to(namespace, workload))}))`,
    successRates: () =>
        `100 * ${byApplication(rate(requests, anyRoute, noError))} / ${byApplication(rate(requests, anyRoute))}`,
    counters: ({ namespace, service, version }) => {
        const cluster = (version === "primary" ? toPrimary : toCanary)(namespace, service);
        return {
            requests: `${requests}{${cluster}}`,
            errors: `${requests}{${cluster},${opposite(noError)}}`,
            durations: `${durations}{${cluster}}`,
            toMilliseconds: 1,
        };
    },
};

const canary = toCanary("{{ namespace }}", "{{ service }}");
const during = (counter: string, ...matchers: string[]) =>
    `rate(${counter}{${[canary, ...matchers].join(",")}}[{{ interval }}])`;

/** Flagger's own metrics, asked of the same series. */
export const envoyBuiltinQueries: BuiltinQueries = {
    "request-success-rate": `100 * sum(${during(requests, noError)}) / sum(${during(requests)})`,
    "request-duration": `histogram_quantile(0.99, sum by (le) (${during(durations)}))`,
};
