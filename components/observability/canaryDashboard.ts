import {
    Dashboard,
    Series,
    dashboardFrame,
    datasource,
    phaseMappings,
    phaseTimeline,
    stat,
    timeseries,
} from "./panels";
import { TrafficQueries } from "./trafficQueries";

/** The dashboards' names in Grafana's addresses. Links and bookmarks hold on to them. `of` is a second mesh, where they are its. */
export function uids(of?: string): { canary: string; fleet: string } {
    const suffix = of === undefined ? "" : `-${of.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
    return { canary: `progressive-delivery-canary${suffix}`, fleet: `progressive-delivery-fleet${suffix}` };
}

/** Whether a dashboard of the library has that name, or would have it with a second mesh. */
export function isOwnUid(uid: unknown): boolean {
    return typeof uid === "string" && Object.values(uids()).some((own) => uid === own || uid.startsWith(`${own}-`));
}

const namespace = "$namespace";
const canary = "$canary";
const primary = "$canary-primary";

function variable(name: string, label: string, query: string): object {
    return { name, label, type: "query", datasource, query: { query, refId: name }, refresh: 2, sort: 1 };
}

/** The share of the requests that went to the canary. Where it gets none, its proxies count none. */
function canaryShare(traffic: TrafficQueries): string {
    const ofCanary = `(${traffic.total(namespace, canary)} or vector(0))`;
    return `100 * ${ofCanary} / (${ofCanary} + ${traffic.total(namespace, primary)})`;
}

/**
 * Grafana's dashboard of one canary: where it stands, and how it compares with the primary. `of` says which mesh it is for, where
 * the platform has two.
 */
export function canaryDashboard(traffic: TrafficQueries, of?: string): Dashboard {
    const { canary: uid, fleet } = uids(of);
    const both = (query: (workload: string) => string): Series[] => [
        { expr: query(primary), legend: "primary" },
        { expr: query(canary), legend: "canary" },
    ];
    const percentiles = (workload: string): Series[] =>
        [50, 90, 99].map((percent) => ({
            expr: traffic.duration(namespace, workload, percent / 100),
            legend: `${percent} % answered within`,
        }));
    const status = `flagger_canary_status{namespace="${namespace}",name="${canary}"}`;
    return {
        ...dashboardFrame(uid, of === undefined ? "Canary" : `Canary on ${of}`, "30m"),
        links: [{ type: "link", title: "All canaries", icon: "dashboard", url: `/d/${fleet}`, keepTime: true }],
        templating: {
            list: [
                variable("namespace", "Namespace", "label_values(flagger_canary_status, namespace)"),
                variable("canary", "Canary", `label_values(flagger_canary_status{namespace="${namespace}"}, name)`),
            ],
        },
        panels: [
            stat(1, "Phase", { x: 0, y: 0, w: 6, h: 6 }, { mappings: phaseMappings }, `max(${status})`),
            phaseTimeline(
                7,
                "Phase over time",
                { x: 6, y: 0, w: 18, h: 6 },
                { expr: `max(${status})`, legend: canary },
            ),
            timeseries(2, "Traffic to the canary", "percent", { x: 0, y: 6, w: 12, h: 8 }, [
                {
                    expr: `max(flagger_canary_weight{namespace="${namespace}",workload="${canary}"})`,
                    legend: "weight that Flagger asks for",
                },
                { expr: canaryShare(traffic), legend: "share of the requests" },
            ]),
            timeseries(
                3,
                "Success rate",
                "percent",
                { x: 12, y: 6, w: 12, h: 8 },
                both((workload) => traffic.successRate(namespace, workload)),
            ),
            timeseries(
                4,
                "Slowest 1 % of requests take longer than",
                "ms",
                { x: 0, y: 14, w: 8, h: 8 },
                both((workload) => traffic.duration(namespace, workload, 0.99)),
            ),
            timeseries(8, "Latency of the primary", "ms", { x: 8, y: 14, w: 8, h: 8 }, percentiles(primary)),
            timeseries(9, "Latency of the canary", "ms", { x: 16, y: 14, w: 8, h: 8 }, percentiles(canary)),
            timeseries(5, "Requests a second to the primary, by status", "reqps", { x: 0, y: 22, w: 12, h: 8 }, [
                { expr: traffic.requests(namespace, primary), legend: "{{status}}" },
            ]),
            timeseries(6, "Requests a second to the canary, by status", "reqps", { x: 12, y: 22, w: 12, h: 8 }, [
                { expr: traffic.requests(namespace, canary), legend: "{{status}}" },
            ]),
        ],
    };
}
