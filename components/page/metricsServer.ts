import type { KubeConfig } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { getJson } from "../apiGet";
import { CanaryObject, intervalOf, targetOf } from "../operate/canary";
import { Sample } from "./checks";
import { Measured } from "./rollout";
import { servicePath } from "./servicePath";

type Client = typeof import("@kubernetes/client-node");

/** An answer of Prometheus to a query over time. */
interface Range {
    data?: { result?: { metric: { metric?: string }; values: [seconds: number, value: string][] }[] };
}

/** No chart needs more points than this. */
const points = 300;
/** What the canary's share of the traffic is called among the metrics; none of them can have a space in its name. */
const share = "canary weight";
/** How long what is known of Flagger's own settings is kept, in milliseconds. */
const kept = 60_000;

/**
 * The values that Flagger judged by, from the Prometheus that it asks. Flagger counts them itself, so they are what it saw, of
 * whatever provider the metric is. It is asked through the API server, as whoever the kubeconfig is for.
 */
export class MetricsServer {
    private known?: { at: number; address: Promise<Address> };

    constructor(
        private readonly client: Client,
        private readonly kubeconfig: KubeConfig,
        /** Where Flagger asks, for whoever knows it; or else it is looked for. */
        private readonly address?: string,
    ) {}

    async measured(canary: CanaryObject, from: number, to: number): Promise<Measured> {
        const own = canary.spec?.metricsServer;
        const { url, namespace, why } =
            own === undefined ? await this.ofFlagger() : { url: own, namespace: canary.metadata?.namespace };
        if (url === undefined) {
            return { why };
        }
        const path = servicePath(url, namespace ?? "");
        if (path === undefined) {
            return {
                why: "The metrics server is no Service of this cluster, and it is asked through the API server alone.",
            };
        }
        const interval = intervalOf(canary);
        const step = Math.max(interval, Math.ceil((to - from) / 1000 / points));
        const [space, target] = [quoted(canary.metadata?.namespace), quoted(targetOf(canary))];
        const query =
            `max by (metric) (flagger_canary_metric_analysis{namespace=${space},name=${target}}) or ` +
            `label_replace(max(flagger_canary_weight{namespace=${space},workload=${target}}), "metric", "${share}", "", "")`;
        const asked = new URLSearchParams({
            query,
            // One look earlier, to know what was there before.
            start: String(from / 1000 - step),
            end: String(to / 1000 + step),
            step: String(step),
        });
        try {
            const { data } = await getJson<Range>(this.kubeconfig, `${path}/api/v1/query_range?${asked.toString()}`);
            const all = data?.result ?? [];
            const results = all.filter(({ metric }) => metric.metric !== share);
            const weights = changes(all.find(({ metric }) => metric.metric === share)?.values ?? []);
            if (results.length === 0) {
                return {
                    weights,
                    why: "The metrics server has none of Flagger's own values: see that it scrapes Flagger's pods.",
                };
            }
            return {
                weights,
                values: new Map(
                    results.map(({ metric, values }) => [
                        metric.metric ?? "",
                        ofRollout(canary, metric.metric, values, from),
                    ]),
                ),
            };
        } catch (error) {
            return { why: `The metrics server could not be asked: ${messageOf(error)}.` };
        }
    }

    /** Where Flagger itself asks, by the arguments of its pods. */
    private ofFlagger(): Promise<Address> {
        // A name alone is one of Flagger's namespace.
        if (this.address !== undefined && URL.canParse(this.address) && new URL(this.address).hostname.includes(".")) {
            return Promise.resolve({ url: this.address });
        }
        const now = performance.now();
        if (this.known === undefined || now - this.known.at > kept) {
            this.known = { at: now, address: this.find() };
        }
        return this.known.address;
    }

    private async find(): Promise<Address> {
        try {
            const { items } = await this.kubeconfig
                .makeApiClient(this.client.AppsV1Api)
                .listDeploymentForAllNamespaces({ labelSelector: "app.kubernetes.io/name=flagger" });
            for (const { metadata, spec } of items) {
                const args = (spec?.template.spec?.containers ?? []).flatMap(({ args, command }) => [
                    ...(command ?? []),
                    ...(args ?? []),
                ]);
                const url = args
                    .map((arg) => /^--?metrics-server=(.+)$/.exec(arg)?.[1])
                    .find((found) => found !== undefined);
                if (url !== undefined) {
                    return { url, namespace: metadata?.namespace };
                }
            }
            return { why: "Flagger's own Deployment was not found, so its metrics server is not known." };
        } catch (error) {
            return {
                why: `Flagger's own Deployment could not be read, so its metrics server is not known: ${messageOf(error)}.`,
            };
        }
    }
}

interface Address {
    url?: string;
    namespace?: string;
    why?: string;
}

/** The moments at which a value became another one. */
function changes(values: [seconds: number, value: string][]): Sample[] {
    return values
        .map(([seconds, value]) => ({ time: seconds * 1000, value: Number(value) }))
        .filter(({ value }, index, all) => value !== all[index - 1]?.value);
}

/** A label's value in PromQL. */
function quoted(text = ""): string {
    return JSON.stringify(text);
}

/** The samples of this rollout. Flagger goes on giving the last value, so what was there before it is none of its own. */
function ofRollout(canary: CanaryObject, name: string | undefined, values: [number, string][], from: number): Sample[] {
    const factor = inMilliseconds(canary, name) ? 1000 : 1;
    const samples = values.map(([seconds, value]) => ({ time: seconds * 1000, value: Number(value) * factor }));
    const before = samples.findLast(({ time }) => time <= from)?.value;
    const since = samples.filter(({ time }) => time > from);
    const changed = since.findIndex(({ value }) => value !== before);
    return changed > 0 ? since.slice(changed) : since;
}

/** Of its own durations Flagger counts seconds, while their bounds are in milliseconds. */
function inMilliseconds(canary: CanaryObject, name: string | undefined): boolean {
    const metric = canary.spec?.analysis?.metrics?.find((one) => one.name === name);
    return name === "request-duration" && metric?.templateRef === undefined && metric?.query === undefined;
}
