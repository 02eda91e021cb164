/** A dashboard as Grafana reads it, as far as the library itself looks into it. */
export interface Dashboard {
    uid: string;
    title: string;
    panels: Panel[];
    [more: string]: unknown;
}

/** What all dashboards of the library have in common. `range` is what is shown at first: so long, until now. */
export function dashboardFrame(uid: string, title: string, range: string) {
    return {
        uid,
        title,
        tags: ["progressive-delivery", "flagger"],
        schemaVersion: 41,
        refresh: "10s",
        time: { from: `now-${range}`, to: "now" },
        timezone: "browser",
    };
}

/** A panel of a dashboard. */
export interface Panel {
    id: number;
    title: string;
    targets: Target[];
    [more: string]: unknown;
}

/** A query of a panel. */
export interface Target {
    refId: string;
    expr: string;
    [more: string]: unknown;
}

/** A query with the name that its answers go by. */
export interface Series {
    expr: string;
    legend: string;
}

/** Where a panel stands, in Grafana's grid of 24 columns. */
export interface Place {
    x: number;
    y: number;
    w: number;
    h: number;
}

/** The data source that Grafana is installed with. */
export const datasource = { type: "prometheus", uid: "prometheus" };

/** What the numbers of `flagger_canary_status` mean. Every phase that is neither under way nor failed is a 1 to Flagger. */
export const phaseMappings = [
    {
        type: "value",
        options: {
            0: { text: "Rollout under way", color: "blue" },
            1: { text: "Promoted", color: "green" },
            2: { text: "Rolled back", color: "red" },
        },
    },
];

const refId = (index: number) => String.fromCharCode("A".charCodeAt(0) + index);

/** Lines over time. */
export function timeseries(id: number, title: string, unit: string, gridPos: Place, series: Series[]): Panel {
    return {
        id,
        title,
        type: "timeseries",
        datasource,
        gridPos,
        // Flagger looks no more often than every ten seconds.
        interval: "10s",
        fieldConfig: {
            defaults: {
                unit,
                min: 0,
                ...(unit === "percent" && { max: 100 }),
                custom: { fillOpacity: 8, showPoints: "never" },
            },
            overrides: [],
        },
        options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "none" } },
        targets: series.map(({ expr, legend }, index) => ({
            refId: refId(index),
            datasource,
            expr,
            legendFormat: legend,
        })),
    };
}

/** Phases over time, one bar a series. */
export function phaseTimeline(id: number, title: string, gridPos: Place, series: Series): Panel {
    return {
        id,
        title,
        type: "state-timeline",
        datasource,
        gridPos,
        interval: "10s",
        fieldConfig: {
            defaults: { mappings: phaseMappings, custom: { fillOpacity: 70, lineWidth: 0 } },
            overrides: [],
        },
        options: { showValue: "never", mergeValues: true, legend: { displayMode: "list", placement: "bottom" } },
        targets: [{ refId: "A", datasource, expr: series.expr, legendFormat: series.legend }],
    };
}

/** The newest value, large. */
export function stat(id: number, title: string, gridPos: Place, defaults: object, expr: string): Panel {
    return {
        id,
        title,
        type: "stat",
        datasource,
        gridPos,
        fieldConfig: { defaults, overrides: [] },
        options: { colorMode: "background", graphMode: "none", reduceOptions: { calcs: ["lastNotNull"] } },
        targets: [{ refId: "A", datasource, expr }],
    };
}

/** A column of a table: a number a row, with how it is shown. */
export interface Column {
    title: string;
    expr: string;
    properties: object[];
}

/** A table with a row for each combination of labels, which all columns have in common. */
export function table(
    id: number,
    title: string,
    gridPos: Place,
    labels: Record<string, string>,
    columns: Column[],
    overrides: object[],
): Panel {
    const valueOf = (index: number) => `Value #${refId(index)}`;
    const fields = [...Object.keys(labels), ...columns.map((_, index) => valueOf(index))];
    return {
        id,
        title,
        type: "table",
        datasource,
        gridPos,
        fieldConfig: {
            defaults: {},
            overrides: [
                ...overrides,
                ...columns.map((column) => ({
                    matcher: { id: "byName", options: column.title },
                    properties: column.properties,
                })),
            ],
        },
        options: { showHeader: true },
        targets: columns.map(({ expr }, index) => ({
            refId: refId(index),
            datasource,
            expr,
            format: "table",
            instant: true,
            range: false,
        })),
        transformations: [
            { id: "merge", options: {} },
            {
                id: "organize",
                options: {
                    excludeByName: { Time: true },
                    indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
                    renameByName: {
                        ...labels,
                        ...Object.fromEntries(columns.map((column, index) => [valueOf(index), column.title])),
                    },
                },
            },
        ],
    };
}
