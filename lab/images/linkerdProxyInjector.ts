import http from "node:http";

import { KubeConfig, V1Container, V1Namespace, V1Pod } from "@kubernetes/client-node";

import { Watched } from "../kubelet/watch";
import { linkerd } from "../mesh/linkerd/linkerd";
import { metadataPatch, scraped } from "./podPatch";
import { Review, Verdict, serveWebhooks } from "./webhookServer";

/**
 * Stands in for Linkerd's injector: it puts a proxy into every pod that asks for one, or whose namespace does. What Linkerd's
 * other programs tell the proxies the lab tells them (lab/mesh/linkerd).
 */
const certificates = "/var/run/linkerd/tls";
const annotation = "linkerd.io/inject";

/** Linkerd's namespace and the image of the proxies are arguments: the real one reads the image from a ConfigMap. */
const [controlPlane = "", image = ""] = process.argv.slice(2);

const kubeconfig = new KubeConfig();
kubeconfig.loadFromCluster();
const namespaces = new Watched<V1Namespace>(kubeconfig, { group: "", version: "v1", plural: "namespaces" });

const proxy: V1Container = {
    name: linkerd.container,
    image,
    ports: [
        { name: "linkerd-proxy", containerPort: linkerd.ports.inbound },
        { name: "linkerd-admin", containerPort: 4191 },
    ],
    readinessProbe: { httpGet: { path: "/ready", port: 4191 }, initialDelaySeconds: 2 },
};

function judge(_: string, { namespace, object: pod }: Review): Verdict {
    const asked =
        pod?.metadata?.annotations?.[annotation] ??
        namespaces.get(undefined, namespace ?? "")?.metadata?.annotations?.[annotation];
    const has = pod?.spec?.containers.some(({ name }) => name === proxy.name);
    return ["enabled", "ingress"].includes(asked ?? "") && !has
        ? { allowed: true, patch: withProxy(pod!) }
        : { allowed: true };
}

/** The real one leaves the annotations for Prometheus alone: its own Prometheus goes by the container's name. */
function withProxy(pod: V1Pod): unknown[] {
    const version = image.slice(image.lastIndexOf(":") + 1);
    return [
        ...metadataPatch(
            pod,
            { "linkerd.io/proxy-version": version, ...scraped(4191, "/metrics") },
            { "linkerd.io/control-plane-ns": controlPlane },
        ),
        { op: "add", path: "/spec/containers/-", value: proxy },
    ];
}

serveWebhooks(certificates, 8443, judge);
http.createServer((_, response) => response.end()).listen(9995, "0.0.0.0");
