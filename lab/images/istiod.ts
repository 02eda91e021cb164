import http from "node:http";

import { V1Container, V1Pod } from "@kubernetes/client-node";

import { istio, ownScrape, templatesAnnotation } from "../mesh/istio/istio";
import { metadataPatch, scraped } from "./podPatch";
import { Review, Verdict, serveWebhooks } from "./webhookServer";

/**
 * Stands in for istiod: the webhook that puts a sidecar into pods and an image into gateways'. What istiod tells the proxies the
 * lab tells them (lab/mesh/istio). Which pods it is asked about its webhook configuration says, as with the real one.
 */
const certificates = "/var/run/secrets/istiod/tls";

/** The image of the proxies is an argument: the real one reads it from a ConfigMap. */
const [image = ""] = process.argv.slice(2);

const proxy: V1Container = {
    name: istio.container,
    image,
    args: ["proxy", "sidecar"],
    ports: [{ name: "http-envoy-prom", containerPort: 15090, protocol: "TCP" }],
    readinessProbe: {
        httpGet: { path: "/healthz/ready", port: 15021 },
        periodSeconds: 15,
        timeoutSeconds: 3,
        failureThreshold: 4,
    },
};

function judge(_: string, { object: pod }: Review): Verdict {
    const { annotations = {}, labels = {} } = pod?.metadata ?? {};
    if ((labels["sidecar.istio.io/inject"] ?? annotations["sidecar.istio.io/inject"]) === "false") {
        return { allowed: true };
    }
    return { allowed: true, patch: annotations[templatesAnnotation] === "gateway" ? gateway(pod!) : sidecar(pod!) };
}

function sidecar(pod: V1Pod): unknown[] {
    const status = JSON.stringify({ containers: [istio.container], revision: "default" });
    return [
        ...metadataPatch(
            pod,
            { "sidecar.istio.io/status": status, ...scraped(15020, "/stats/prometheus") },
            { "security.istio.io/tlsMode": "istio" },
        ),
        {
            op: "add",
            path: "/spec/containers/-",
            value: { ...proxy, env: [{ name: ownScrape, value: ownScrapeOf(pod) }] },
        },
    ];
}

function ownScrapeOf({ metadata }: V1Pod): string {
    const own = (name: string) => metadata?.annotations?.[`prometheus.io/${name}`];
    return JSON.stringify({ scrape: own("scrape"), port: own("port"), path: own("path") });
}

/** A gateway brings its proxy's container with it, with `auto` for its image. */
function gateway({ spec }: V1Pod): unknown[] {
    const at = spec!.containers.findIndex(({ name }) => name === istio.container);
    const { readinessProbe = proxy.readinessProbe } = spec!.containers[at]!;
    return [
        { op: "add", path: `/spec/containers/${at}/image`, value: image },
        { op: "add", path: `/spec/containers/${at}/args`, value: ["proxy", "router"] },
        { op: "add", path: `/spec/containers/${at}/readinessProbe`, value: readinessProbe },
    ];
}

serveWebhooks(certificates, 15017, judge);
http.createServer((_, response) => response.end()).listen(8080, "0.0.0.0");
