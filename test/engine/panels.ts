import assert from "node:assert/strict";

import { CoreV1Api } from "@kubernetes/client-node";

import { PanelQuery, panelQueries } from "../../components/observability/dashboards";
import { Dashboard } from "../../components/observability/panels";
import { Lab } from "../../lab/lab";

/** The dashboards that a platform gave its Grafana, by the names of their files. */
export async function dashboardsIn(lab: Lab, namespace: string): Promise<Record<string, Dashboard>> {
    const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    const { data = {} } = await core.readNamespacedConfigMap({ namespace, name: "grafana-dashboards" });
    return Object.fromEntries(Object.entries(data).map(([file, text]) => [file, JSON.parse(text) as Dashboard]));
}

/** The queries of dashboards that Prometheus has no number for, asked as Grafana asks them with these variables. */
export async function emptyPanels(
    lab: Lab,
    metricsServer: string,
    dashboards: Dashboard[],
    variables: Record<string, string>,
): Promise<string[]> {
    const empty: string[] = [];
    for (const query of dashboards.flatMap((dashboard) => panelQueries(dashboard, variables))) {
        if ((await values(lab, metricsServer, query)).length === 0) {
            empty.push(`${query.panel}: ${query.expr}`);
        }
    }
    return empty;
}

/** The numbers that the Prometheus of a platform has for a query in the last quarter of an hour. */
export async function values(
    lab: Lab,
    metricsServer: string,
    { expr, instant }: Pick<PanelQuery, "expr" | "instant">,
): Promise<number[]> {
    const now = Math.floor(Date.now() / 1000);
    const range = { query: expr, start: String(now - 900), end: String(now), step: "10" };
    const asked = new URLSearchParams(instant ? { query: expr } : range).toString();
    const address = await addressOf(lab, metricsServer);
    const response = await fetch(`${address}/${instant ? "query" : "query_range"}?${asked}`);
    const { data, error } = (await response.json()) as Answer;
    assert.ok(data !== undefined, `${expr}: ${error}`);
    return data.result
        .flatMap(({ value, values }) => values ?? [value!])
        .map(([, text]) => Number(text))
        .filter((number) => !Number.isNaN(number));
}

/** The address behind the name by which a platform knows its Prometheus: names of services lead somewhere in pods alone. */
async function addressOf(lab: Lab, metricsServer: string): Promise<string> {
    const { hostname, port } = new URL(metricsServer);
    const [name, namespace] = hostname.split(".");
    const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    const { spec } = await core.readNamespacedService({ name: name!, namespace: namespace! });
    return `http://${spec!.clusterIP}:${port || 80}/api/v1`;
}

/** What Prometheus answers: a time and a number, or many, for each series. */
interface Answer {
    data?: { result: { value?: [number, string]; values?: [number, string][] }[] };
    error?: string;
}
