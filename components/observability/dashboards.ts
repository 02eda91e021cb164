import { canaryDashboard } from "./canaryDashboard";
import { fleetDashboard } from "./fleetDashboard";
import { Dashboard } from "./panels";
import { TrafficQueries } from "./trafficQueries";

/** A mesh, as the dashboards see it. */
export interface MeshTraffic {
    /** Its name for people. */
    readonly title: string;
    /** How its traffic is asked for. */
    readonly queries: TrafficQueries;
}

/** The library's dashboards, by the name of their file: those of the first mesh, and of a second one where there is one. */
export function dashboards([first, second]: readonly MeshTraffic[]): Record<string, Dashboard> {
    return {
        ...(first !== undefined && {
            "canary.json": canaryDashboard(first.queries),
            "fleet.json": fleetDashboard(first.queries),
        }),
        ...(second !== undefined && {
            "canary-second-mesh.json": canaryDashboard(second.queries, second.title),
            "fleet-second-mesh.json": fleetDashboard(second.queries, second.title),
        }),
    };
}

/** A query with the panel that it is asked for. */
export interface PanelQuery {
    panel: string;
    expr: string;
    /** Whether it is asked for the newest values alone, and not for a range of time. */
    instant: boolean;
}

/** Every query of a dashboard, with values in the place of its variables: what Grafana would ask. */
export function panelQueries(dashboard: Dashboard, variables: Record<string, string>): PanelQuery[] {
    const filledIn = (expr: string) =>
        Object.entries(variables).reduce(
            (text, [name, value]) => text.replace(new RegExp(`\\$(${name}\\b|\\{${name}\\})`, "g"), () => value),
            expr,
        );
    return dashboard.panels.flatMap(({ title, targets }) =>
        targets.map(({ expr, instant }) => ({
            panel: `${dashboard.title}: ${title}`,
            expr: filledIn(expr),
            instant: instant === true,
        })),
    );
}
