import { ProxyConfig } from "./envoy";

/** What a proxy has to do that does all of these. A cluster that several need is there once. */
export function merged(...configs: ProxyConfig[]): ProxyConfig {
    const clusters = new Map(configs.flatMap((config) => config.clusters).map((cluster) => [cluster.name, cluster]));
    return {
        listeners: configs.flatMap(({ listeners }) => listeners),
        routes: configs.flatMap(({ routes }) => routes),
        clusters: [...clusters.values()],
    };
}
