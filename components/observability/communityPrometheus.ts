import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { PrometheusAddonArgs, durationSeconds } from "./prometheusArgs";
import { ScrapeJob } from "./scrapeJobs";

/** What the community's Prometheus is installed with. */
export interface CommunityPrometheusArgs {
    namespace: string;
    /** What it scrapes, by the names of the jobs. */
    scrapeJobs: Readonly<Record<string, ScrapeJob>>;
    addon?: PrometheusAddonArgs;
    mirror?: Mirror;
}

/** What the chart scrapes unless told otherwise, but for Prometheus itself: more than Flagger and the dashboards ask for. */
const chartsOwnJobs = [
    "kubernetes-api-servers",
    "kubernetes-nodes",
    "kubernetes-nodes-cadvisor",
    "kubernetes-service-endpoints",
    "kubernetes-service-endpoints-slow",
    "prometheus-pushgateway",
    "kubernetes-services",
    "kubernetes-pods",
    "kubernetes-pods-slow",
];
/** The charts that come with it. */
const companions = ["alertmanager", "kube-state-metrics", "prometheus-node-exporter", "prometheus-pushgateway"];

const releaseName = "prometheus";

/** Installs the community's Prometheus, its server alone. */
export function communityPrometheus(
    name: string,
    args: CommunityPrometheusArgs,
    opts: pulumi.CustomResourceOptions,
): { release: pulumi.Resource; address: string } {
    const { addon } = args;
    const interval = addon?.scrapeInterval ?? "5s";
    const off = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, { enabled: false }]));
    const release = chartRelease(
        `${name}-prometheus`,
        {
            chart: charts.prometheus,
            releaseName,
            namespace: args.namespace,
            mirror: args.mirror,
            addon,
            values: {
                ...off(companions),
                scrapeConfigs: { ...off(chartsOwnJobs), ...args.scrapeJobs },
                server: {
                    global: {
                        scrape_interval: interval,
                        evaluation_interval: interval,
                        // The chart's ten seconds would be longer than the interval, which Prometheus refuses.
                        scrape_timeout: `${Math.min(10, durationSeconds(interval))}s`,
                    },
                    ...(addon?.retention !== undefined && { retention: addon.retention }),
                    persistentVolume:
                        addon?.storage === undefined ? { enabled: false } : { enabled: true, ...addon.storage },
                },
            },
        },
        opts,
    );
    // Not by way of the release: who asks it for metrics is installed at the same time.
    return { release, address: `http://${releaseName}-server.${args.namespace}` };
}
