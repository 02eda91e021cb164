import { V1Pod } from "@kubernetes/client-node";

import { adminPages } from "../adminPages";
import { ProxyConfig } from "../envoy";
import { inbound } from "../inbound";
import { Mesh } from "../mesh";
import { merged } from "../merged";
import { servedPorts } from "../servedPorts";
import { untranslated } from "../untranslated";
import { workloadOf } from "../workload";
import { gatewayEntrances, gatewayProxy } from "./gateway";
import { knownFields } from "./knownFields";
import { DestinationRule, IstioKind, group, members, plurals, version } from "./objects";
import { outbound } from "./sidecar";

/** The annotation that says by which of Istio's templates a pod got its proxy. */
export const templatesAnnotation = "inject.istio.io/templates";

/** The variable in which Istio's injector leaves with the proxy how the pod was to be scraped, before it writes its own. */
export const ownScrape = "ISTIO_PROMETHEUS_ANNOTATIONS";

/** The annotation with the ports of a pod that its sidecar leaves alone. */
const excludedPorts = "traffic.sidecar.istio.io/excludeInboundPorts";

/** The ports of the pages by which others look at a proxy of Istio. */
const pagePorts = { statistics: 15020, health: 15021 };

/** Modes of TLS that need nobody but Istio: in the lab everything is plain. */
const plainModes = ["DISABLE", "ISTIO_MUTUAL"];

/** Istio: its objects in, what each proxy has to do out. */
export const istio: Mesh = {
    kinds: Object.fromEntries(Object.entries(plurals).map(([kind, plural]) => [kind, { group, version, plural }])),
    container: "istio-proxy",
    ports: { inbound: 15006, outbound: 15001, admin: 15000 },
    redirects: (pod, port) =>
        !isGateway(pod) &&
        !Object.values(pagePorts).includes(port) &&
        !(pod.metadata?.annotations?.[excludedPorts] ?? "").split(",").includes(String(port)),
    redirectsOutbound: (pod) => !isGateway(pod),

    translate(world, pod) {
        const { ports, container } = istio;
        return merged(
            pages(pod),
            ...(isGateway(pod)
                ? [gatewayProxy(world, pod)]
                : [inbound(ports.inbound, servedPorts(world, pod, container)), outbound(world, ports.outbound, pod)]),
        );
    },

    entrances: gatewayEntrances,

    untranslated: (world) => [
        ...(Object.keys(plurals) as IstioKind[]).flatMap((kind) =>
            members(world, kind).flatMap((object) =>
                untranslated(withoutPlainTls(object.spec), knownFields[kind]).map((field) => ({ object, field })),
            ),
        ),
    ],
};

function isGateway({ metadata }: V1Pod): boolean {
    return metadata?.annotations?.[templatesAnnotation] === "gateway";
}

function withoutPlainTls(spec: object | undefined): object | undefined {
    const { trafficPolicy } = (spec ?? {}) as Partial<NonNullable<DestinationRule["spec"]>>;
    const isPlain = plainModes.includes(trafficPolicy?.tls?.mode ?? "");
    return isPlain ? { ...spec, trafficPolicy: { ...trafficPolicy, tls: undefined } } : spec;
}

/** Where a pod was to be scraped before it got its sidecar, which stands in the way and answers for it. */
function ownStatistics({ spec }: V1Pod): { port: number; path: string } | undefined {
    const proxy = spec?.containers.find(({ name }) => name === istio.container);
    const given = proxy?.env?.find(({ name }) => name === ownScrape)?.value ?? "{}";
    const { scrape, port = "80", path = "/metrics" } = JSON.parse(given) as Record<string, string | undefined>;
    return scrape === "true" ? { port: Number(port), path } : undefined;
}

function pages(pod: V1Pod): ProxyConfig {
    const { admin } = istio.ports;
    return merged(
        adminPages(pagePorts.health, admin, { "/healthz/ready": "ready" }),
        adminPages(pagePorts.statistics, admin, {
            "/healthz/ready": "ready",
            "/stats/prometheus": {
                requests: "istio_requests_total",
                latency: "istio_request_duration_milliseconds",
                labels: {
                    reporter: "destination",
                    destination_workload: workloadOf(pod),
                    destination_workload_namespace: pod.metadata!.namespace!,
                    request_protocol: "http",
                },
                labelsOfStatus: `'response_code="' .. code .. '"'`,
                application: ownStatistics(pod),
            },
        }),
    );
}
