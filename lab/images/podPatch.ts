import { V1Pod } from "@kubernetes/client-node";

/** A JSON patch that gives a pod these annotations and labels besides its own. */
export function metadataPatch(
    { metadata }: V1Pod,
    annotations: Record<string, string>,
    labels: Record<string, string> = {},
): unknown[] {
    return [
        { op: "add", path: "/metadata/annotations", value: { ...metadata?.annotations, ...annotations } },
        { op: "add", path: "/metadata/labels", value: { ...metadata?.labels, ...labels } },
    ];
}

/** The annotations by which a Prometheus finds a pod's statistics. */
export function scraped(port: number, path: string): Record<string, string> {
    return { "prometheus.io/scrape": "true", "prometheus.io/port": String(port), "prometheus.io/path": path };
}
