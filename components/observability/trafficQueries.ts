/** An application's version, by the names under which a mesh counts it. */
export interface CountedVersion {
    namespace: string;
    /** The name of what is released. */
    target: string;
    /** The name of its service. */
    service: string;
    version: "canary" | "primary";
}

/** The counters of one version of an application, each as a selector of PromQL. */
export interface TrafficCounters {
    /** Every request. */
    requests: string;
    /** Those that were answered with an error. */
    errors: string;
    /** Every request by how long it took, by the label `le`. */
    durations: string;
    /** What makes milliseconds of those durations. */
    toMilliseconds: number;
}

/**
 * How a mesh's traffic is asked for in PromQL. A workload goes by its Deployment's name: Flagger's primary has `-primary` after the
 * name, the canary is the target itself. Names may hold variables of Grafana.
 *
 * Rates look at one minute, as Flagger's own metrics do unless told otherwise: the dashboards show what Flagger judges by.
 */
export interface TrafficQueries {
    /** Requests a second to a workload, by the label `status`. */
    requests(namespace: string, workload: string): string;
    /** Requests a second to a workload, as one number without labels. */
    total(namespace: string, workload: string): string;
    /** The share of requests that a workload did not answer with an error, in percent. */
    successRate(namespace: string, workload: string): string;
    /** A quantile of the time that a workload takes for a request, in milliseconds. */
    duration(namespace: string, workload: string, quantile: number): string;
    /** The success rate of every application in percent, primary and canary together, by the labels `namespace` and `name`. */
    successRates(): string;
    /** The counters themselves, for queries that compare versions. */
    counters(of: CountedVersion): TrafficCounters;
}

/** Matches what a matcher with `!=` or `!~` leaves out. */
export function opposite(matcher: string): string {
    return matcher.replace("!~", "=~").replace("!=", "=");
}

/** The series of a mesh's proxies: what differs between meshes that count the same things under other names. */
export interface TrafficSeries {
    /** Counts requests, at the proxy of the workload that answers. */
    readonly requests: string;
    /** Counts them by how many milliseconds they took, by the label `le`. */
    readonly durations: string;
    /** Whether they are counted by seconds instead. */
    readonly inSeconds?: boolean;
    /** The label that holds the status. */
    readonly statusLabel: string;
    /** Matches the requests that were not answered with an error. */
    readonly noError: string;
    /** Matches what is counted of requests that come in, where proxies count others too. */
    readonly incoming?: string;
    readonly namespaceLabel: string;
    /** The label that holds the workload's name, or that of a pod of it. */
    readonly workloadLabel: string;
    /** A pattern for what comes after the workload's name in that label. */
    readonly suffix?: string;
}

/** Asks for a mesh's traffic in the series of its proxies. */
export function trafficQueries(series: TrafficSeries): TrafficQueries {
    const { requests, durations, inSeconds, statusLabel, noError, incoming, namespaceLabel, workloadLabel, suffix } =
        series;
    const rate = (counter: string, ...matchers: (string | undefined)[]) =>
        `rate(${counter}{${[incoming, ...matchers].filter((m) => m !== undefined).join(",")}}[1m])`;
    const of = (namespace: string, workload: string) => [
        `${namespaceLabel}="${namespace}"`,
        suffix === undefined ? `${workloadLabel}="${workload}"` : `${workloadLabel}=~"${workload}${suffix}"`,
    ];
    // By the labels that Flagger's own series have for an application.
    const byApplication = (counted: string) =>
        "sum by (namespace, name) (label_replace(label_replace(" +
        `${counted}, "name", "$1", "${workloadLabel}", "(.+?)(-primary)?${suffix ?? ""}"), ` +
        `"namespace", "$1", "${namespaceLabel}", "(.+)"))`;
    return {
        requests: (namespace, workload) =>
            `label_replace(sum by (${statusLabel}) (${rate(requests, ...of(namespace, workload))}), ` +
            `"status", "$1", "${statusLabel}", "(.*)")`,
        total: (namespace, workload) => `sum(${rate(requests, ...of(namespace, workload))})`,
        successRate: (namespace, workload) =>
            `100 * sum(${rate(requests, ...of(namespace, workload), noError)}) ` +
            `/ sum(${rate(requests, ...of(namespace, workload))})`,
        duration: (namespace, workload, quantile) =>
            `${inSeconds === true ? "1000 * " : ""}histogram_quantile(${quantile}, sum by (le) (${rate(durations, ...of(namespace, workload))}))`,
        successRates: () => `100 * ${byApplication(rate(requests, noError))} / ${byApplication(rate(requests))}`,
        counters: ({ namespace, target, version }) => {
            const workload = version === "primary" ? `${target}-primary` : target;
            const matchers = [...(incoming === undefined ? [] : [incoming]), ...of(namespace, workload)];
            const select = (counter: string, ...more: string[]) => `${counter}{${[...matchers, ...more].join(",")}}`;
            return {
                requests: select(requests),
                errors: select(requests, opposite(noError)),
                durations: select(durations),
                toMilliseconds: inSeconds === true ? 1000 : 1,
            };
        },
    };
}
