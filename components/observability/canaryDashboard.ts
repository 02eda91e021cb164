/** How a mesh's traffic is asked for in PromQL, for the pods of a namespace whose names match a pattern. */
export interface TrafficQueries {
    /** Requests a second, by status. */
    requests(namespace: string, pods: string): string;
    /** The share of requests that were not answered with an error, in percent. */
    successRate(namespace: string, pods: string): string;
    /** A quantile of the time a request takes, in milliseconds. */
    duration(namespace: string, pods: string, quantile: number): string;
}

const datasource = { type: "prometheus", uid: "prometheus" };
const namespace = "$namespace";
// Flagger's primary carries its name, the canary is the target itself; both end in the hashes of ReplicaSet and pod.
const primary = "$canary-primary-[0-9a-zA-Z]+-[0-9a-zA-Z]+";
const canary = "$canary-[0-9a-zA-Z]+-[0-9a-zA-Z]+";

interface Series {
    expr: string;
    legend: string;
}

function panel(id: number, title: string, unit: string, x: number, y: number, series: Series[]): object {
    return {
        id,
        title,
        type: "timeseries",
        datasource,
        gridPos: { x, y, w: 12, h: 8 },
        fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8, showPoints: "never" } }, overrides: [] },
        options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
        targets: series.map(({ expr, legend }, index) => ({
            refId: String.fromCharCode("A".charCodeAt(0) + index),
            datasource,
            expr,
            legendFormat: legend,
        })),
    };
}

function phasePanel(): object {
    return {
        id: 1,
        title: "Phase",
        type: "stat",
        datasource,
        gridPos: { x: 0, y: 0, w: 12, h: 8 },
        fieldConfig: {
            defaults: {
                mappings: [
                    {
                        type: "value",
                        options: {
                            0: { text: "Rollout under way", color: "blue" },
                            1: { text: "Promoted", color: "green" },
                            2: { text: "Rolled back", color: "red" },
                        },
                    },
                ],
            },
            overrides: [],
        },
        options: { colorMode: "background", reduceOptions: { calcs: ["lastNotNull"] } },
        targets: [{ refId: "A", datasource, expr: `flagger_canary_status{namespace="${namespace}",name="$canary"}` }],
    };
}

function variable(name: string, label: string, query: string): object {
    return { name, label, type: "query", datasource, query: { query, refId: name }, refresh: 2, sort: 1 };
}

/** Grafana's dashboard of one canary: where it stands, and how it compares with the primary. */
export function canaryDashboard(traffic: TrafficQueries): object {
    const both = (query: (pods: string) => string): Series[] => [
        { expr: query(primary), legend: "primary" },
        { expr: query(canary), legend: "canary" },
    ];
    return {
        uid: "progressive-delivery-canary",
        title: "Canary",
        tags: ["progressive-delivery", "flagger"],
        schemaVersion: 39,
        refresh: "10s",
        time: { from: "now-30m", to: "now" },
        timezone: "browser",
        templating: {
            list: [
                variable("namespace", "Namespace", "label_values(flagger_canary_status, namespace)"),
                variable("canary", "Canary", 'label_values(flagger_canary_status{namespace="$namespace"}, name)'),
            ],
        },
        panels: [
            phasePanel(),
            panel(2, "Weight of the canary", "percent", 12, 0, [
                { expr: `flagger_canary_weight{namespace="${namespace}",workload="$canary"}`, legend: "canary" },
                {
                    expr: `flagger_canary_weight{namespace="${namespace}",workload="$canary-primary"}`,
                    legend: "primary",
                },
            ]),
            panel(
                3,
                "Success rate",
                "percent",
                0,
                8,
                both((pods) => traffic.successRate(namespace, pods)),
            ),
            panel(
                4,
                "Slowest 1 % of requests take longer than",
                "ms",
                12,
                8,
                both((pods) => traffic.duration(namespace, pods, 0.99)),
            ),
            panel(5, "Requests a second to the primary, by status", "reqps", 0, 16, [
                { expr: traffic.requests(namespace, primary), legend: "{{status}}" },
            ]),
            panel(6, "Requests a second to the canary, by status", "reqps", 12, 16, [
                { expr: traffic.requests(namespace, canary), legend: "{{status}}" },
            ]),
        ],
    };
}
