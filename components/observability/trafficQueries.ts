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
}
