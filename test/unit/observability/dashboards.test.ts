import assert from "node:assert/strict";

import { appMeshQueries } from "../../../components/mesh/appMeshQueries";
import { dashboards, panelQueries } from "../../../components/observability/dashboards";
import { Dashboard, Place } from "../../../components/observability/panels";

const made = dashboards([{ title: "AWS App Mesh", queries: appMeshQueries }]);
const canary = made["canary.json"]!;
const fleet = made["fleet.json"]!;
const placeOf = (panel: Dashboard["panels"][number]) => panel.gridPos as Place;

describe("dashboards", () => {
    it("are one for a canary and one for all, under names that links hold on to", () => {
        assert.deepEqual(
            Object.entries(made).map(([file, { uid, title }]) => [file, uid, title]),
            [
                ["canary.json", "progressive-delivery-canary", "Canary"],
                ["fleet.json", "progressive-delivery-fleet", "All canaries"],
            ],
        );
    });

    it("show what a rollout is judged by", () => {
        assert.deepEqual(
            canary.panels.map(({ id, title, type, targets }) => [id, title, type, targets.map((t) => t.legendFormat)]),
            [
                [1, "Phase", "stat", [undefined]],
                [7, "Phase over time", "state-timeline", ["$canary"]],
                [2, "Traffic to the canary", "timeseries", ["weight that Flagger asks for", "share of the requests"]],
                [3, "Success rate", "timeseries", ["primary", "canary"]],
                [4, "Slowest 1 % of requests take longer than", "timeseries", ["primary", "canary"]],
                ...["primary", "canary"].map((who, index) => [
                    8 + index,
                    `Latency of the ${who}`,
                    "timeseries",
                    ["50 % answered within", "90 % answered within", "99 % answered within"],
                ]),
                [5, "Requests a second to the primary, by status", "timeseries", ["{{status}}"]],
                [6, "Requests a second to the canary, by status", "timeseries", ["{{status}}"]],
            ],
        );
        assert.deepEqual(
            fleet.panels.map(({ id, title, type, targets }) => [id, title, type, targets.length]),
            [
                [1, "Rollouts under way", "stat", 1],
                [2, "Promoted", "stat", 1],
                [3, "Rolled back", "stat", 1],
                [4, "Canaries", "table", 4],
                [5, "Phases over time", "state-timeline", 1],
                [6, "Weights of the canaries", "timeseries", 1],
                [7, "Success rates", "timeseries", 1],
            ],
        );
    });

    for (const dashboard of Object.values(made)) {
        it(`"${dashboard.title}" has panels with numbers of their own that do not overlap`, () => {
            const { panels } = dashboard;
            assert.equal(new Set(panels.map((p) => p.id)).size, panels.length);
            const taken = new Set<string>();
            for (const { x, y, w, h } of panels.map(placeOf)) {
                assert.ok(x + w <= 24);
                for (let column = x; column < x + w; column++) {
                    for (let row = y; row < y + h; row++) {
                        assert.ok(!taken.has(`${column},${row}`), `twice at ${column},${row}`);
                        taken.add(`${column},${row}`);
                    }
                }
            }
        });

        it(`"${dashboard.title}" asks the data source that Grafana is installed with, everywhere`, () => {
            const targets = dashboard.panels.flatMap((panel) => [panel, ...panel.targets]);
            assert.deepEqual(
                targets.filter((t) => JSON.stringify(t.datasource) !== '{"type":"prometheus","uid":"prometheus"}'),
                [],
            );
        });
    }

    it("measure the canary's share of the requests, which is none while it has no pods", () => {
        const rate = (workload: string) =>
            'sum(rate(envoy_cluster_upstream_rq{kubernetes_namespace="$namespace",' +
            `kubernetes_pod_name=~"${workload}-[0-9a-zA-Z]+-[0-9a-zA-Z]+"}[1m]))`;
        const ofCanary = `(${rate("$canary")} or vector(0))`;
        assert.equal(
            canary.panels.find((p) => p.id === 2)!.targets[1]!.expr,
            `100 * ${ofCanary} / (${ofCanary} + ${rate("$canary-primary")})`,
        );
    });

    it("lead from each canary to its own dashboard, and back", () => {
        const overrides = (fleet.panels[3]!.fieldConfig as { overrides: { properties: { value: unknown }[] }[] })
            .overrides;
        assert.deepEqual(overrides[0]!.properties[0]!.value, [
            {
                title: "Its dashboard",
                url:
                    "/d/progressive-delivery-canary?var-namespace=${__data.fields.namespace}" +
                    "&var-canary=${__data.fields.name}&${__url_time_range}",
            },
        ]);
        assert.equal((canary.links as { url: string }[])[0]!.url, "/d/progressive-delivery-fleet");
    });

    it("join the table's columns by canary, under names for people", () => {
        assert.deepEqual((fleet.panels[3]!.transformations as object[])[1], {
            id: "organize",
            options: {
                excludeByName: { Time: true },
                indexByName: { namespace: 0, name: 1, "Value #A": 2, "Value #B": 3, "Value #C": 4, "Value #D": 5 },
                renameByName: {
                    namespace: "Namespace",
                    name: "Canary",
                    "Value #A": "Phase",
                    "Value #B": "Weight",
                    "Value #C": "Success rate",
                    "Value #D": "Last change",
                },
            },
        });
    });
});

describe("panelQueries", () => {
    it("are all that Grafana would ask, with the variables' values", () => {
        const queries = panelQueries(canary, { namespace: "apps", canary: "podinfo" });
        assert.equal(queries.length, canary.panels.flatMap((p) => p.targets).length);
        assert.deepEqual(queries[0], {
            panel: "Canary: Phase",
            expr: 'max(flagger_canary_status{namespace="apps",name="podinfo"})',
            instant: false,
        });
        assert.deepEqual(
            panelQueries(fleet, {})
                .filter((query) => query.instant)
                .map(({ panel }) => panel),
            Array.from({ length: 4 }, () => "All canaries: Canaries"),
        );
        assert.deepEqual(
            queries.filter(({ expr }) => /\$[^1]/.test(expr)),
            [],
        );
    });

    it("leave a group of a pattern as it is, and a longer name", () => {
        const dashboard = {
            ...canary,
            panels: [{ id: 1, title: "T", targets: [{ refId: "A", expr: "$1 $name ${name} $names" }] }],
        };
        assert.deepEqual(panelQueries(dashboard, { name: "$&" }), [
            { panel: "Canary: T", expr: "$1 $& $& $names", instant: false },
        ]);
    });
});
