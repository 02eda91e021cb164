import { V1Pod } from "@kubernetes/client-node";

import { adminPages } from "../adminPages";
import { ProxyConfig } from "../envoy";
import { inbound } from "../inbound";
import { merged } from "../merged";
import { Mesh } from "../mesh";
import { servedPorts } from "../servedPorts";
import { untranslated } from "../untranslated";
import { workloadOf } from "../workload";
import { group, httpRoutes, version } from "./objects";
import { outbound } from "./outbound";

/** The annotation with the ports of a pod that its proxy leaves alone. */
const skippedPorts = "config.linkerd.io/skip-inbound-ports";

/** The port of the pages by which others look at a proxy of Linkerd. */
const adminPort = 4191;

const headers = ["set", "add", "remove"].map((change) => `HeaderModifier.${change}`);
const filters = ["type", ...["request", "response"].flatMap((side) => headers.map((header) => `${side}${header}`))];

/** The fields of routes that the lab translates. */
const knownFields = [
    "parentRefs",
    "rules[].matches",
    ...filters.flatMap((field) => [`rules[].filters[].${field}`, `rules[].backendRefs[].filters[].${field}`]),
    ...["group", "kind", "name", "namespace", "port", "weight"].map((field) => `rules[].backendRefs[].${field}`),
];

/** Linkerd, with the routes of the Gateway API: these in, what each proxy has to do out. */
export const linkerd: Mesh = {
    kinds: { HTTPRoute: { group, version, plural: "httproutes" } },
    container: "linkerd-proxy",
    // The real proxy has its control port where Envoy has its administration here.
    ports: { inbound: 4143, outbound: 4140, admin: 4190 },
    redirects: (pod, port) =>
        port !== adminPort && !(pod.metadata?.annotations?.[skippedPorts] ?? "").split(",").includes(String(port)),
    redirectsOutbound: () => true,

    translate(world, pod) {
        const { ports, container } = linkerd;
        return merged(
            pages(pod),
            inbound(ports.inbound, servedPorts(world, pod, container)),
            outbound(world, ports.outbound, pod),
        );
    },

    // It has no gateway of its own: a pod with a proxy lets users in.
    entrances: () => [],

    untranslated: (world) =>
        httpRoutes(world).flatMap((object) =>
            untranslated(object.spec, knownFields).map((field) => ({ object, field })),
        ),
};

/** Linkerd's proxy says nothing of where it runs: its Prometheus adds that. Here the proxy says it, so that any will do. */
function pages(pod: V1Pod): ProxyConfig {
    return adminPages(adminPort, linkerd.ports.admin, {
        "/ready": "ready",
        "/metrics": {
            requests: "response_total",
            latency: "response_latency_ms",
            labels: { direction: "inbound", namespace: pod.metadata!.namespace!, deployment: workloadOf(pod) },
            labelsOfStatus: `'status_code="' .. code .. '",classification="' .. (tonumber(code) >= 500 and "failure" or "success") .. '"'`,
        },
    });
}
