import { uids } from "./canaryDashboard";
import { Dashboard, Panel, dashboardFrame, phaseMappings, phaseTimeline, stat, table, timeseries } from "./panels";
import { TrafficQueries } from "./trafficQueries";

// One of each, although a Flagger that was restarted is seen twice for a while.
const phases = "max by (namespace, name) (flagger_canary_status)";
const weights =
    'max by (namespace, name) (label_replace(flagger_canary_weight{workload!~".+-primary"}, ' +
    '"name", "$1", "workload", "(.+)"))';
/**
 * When the phase last changed, to the minute, in milliseconds; nothing for a canary that has rested for six hours. It is looked
 * for in minutes that overlap: a change between two that do not would be in neither.
 */
const lastChanges =
    "1000 * max by (namespace, name) " + "(max_over_time(timestamp(changes(flagger_canary_status[1m]) > 0)[6h:30s]))";

/** How many canaries are in a phase, none included. */
function countPanel(id: number, title: string, x: number, status: number, color: string): Panel {
    const defaults = { unit: "none", decimals: 0, color: { mode: "fixed", fixedColor: color } };
    return stat(id, title, { x, y: 0, w: 8, h: 4 }, defaults, `count(${phases} == ${status}) or vector(0)`);
}

/**
 * Grafana's dashboard of all canaries: the phase, the weight and the success rate of each, and a way to its own dashboard. `of`
 * says whose rates they are, where the platform has two meshes.
 */
export function fleetDashboard(traffic: TrafficQueries, of?: string): Dashboard {
    const { canary, fleet } = uids(of);
    const successRates = `(${traffic.successRates()}) and on (namespace, name) ${phases}`;
    const each = "{{namespace}}/{{name}}";
    const toCanary = {
        title: "Its dashboard",
        url:
            `/d/${canary}?var-namespace=\${__data.fields.namespace}&var-canary=\${__data.fields.name}` +
            "&${__url_time_range}",
    };
    return {
        ...dashboardFrame(fleet, of === undefined ? "All canaries" : `All canaries, rates of ${of}`, "6h"),
        templating: { list: [] },
        panels: [
            countPanel(1, "Rollouts under way", 0, 0, "blue"),
            countPanel(2, "Promoted", 8, 1, "green"),
            countPanel(3, "Rolled back", 16, 2, "red"),
            table(
                4,
                "Canaries",
                { x: 0, y: 4, w: 24, h: 9 },
                { namespace: "Namespace", name: "Canary" },
                [
                    {
                        title: "Phase",
                        expr: phases,
                        properties: [
                            { id: "mappings", value: phaseMappings },
                            { id: "custom.cellOptions", value: { type: "color-background" } },
                        ],
                    },
                    { title: "Weight", expr: weights, properties: [{ id: "unit", value: "percent" }] },
                    {
                        title: "Success rate",
                        expr: successRates,
                        properties: [
                            { id: "unit", value: "percent" },
                            { id: "decimals", value: 2 },
                        ],
                    },
                    { title: "Last change", expr: lastChanges, properties: [{ id: "unit", value: "dateTimeFromNow" }] },
                ],
                [
                    {
                        matcher: { id: "byName", options: "Canary" },
                        properties: [{ id: "links", value: [toCanary] }],
                    },
                ],
            ),
            phaseTimeline(5, "Phases over time", { x: 0, y: 13, w: 24, h: 8 }, { expr: phases, legend: each }),
            timeseries(6, "Weights of the canaries", "percent", { x: 0, y: 21, w: 12, h: 8 }, [
                { expr: weights, legend: each },
            ]),
            timeseries(7, "Success rates", "percent", { x: 12, y: 21, w: 12, h: 8 }, [
                { expr: successRates, legend: each },
            ]),
        ],
    };
}
