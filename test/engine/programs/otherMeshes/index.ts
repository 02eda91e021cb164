import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { podinfo, port } from "../podinfo";
import { meteredByLinkerd } from "./linkerdMetrics";
import { meshedIngress } from "./meshedIngress";

const config = new pulumi.Config();
const repo = config.require("chartRepository");
/** The tag of each application's image. */
const tags = config.requireObject<Record<string, string>>("tags");
const provider = new k8s.Provider("lab", { kubeconfig: config.require("kubeconfig") });

const namespaced = (name: string, more: object = {}) =>
    new k8s.core.v1.Namespace(name, { metadata: { name, ...more } }, { provider }).metadata.name;
const release = (
    name: string,
    namespace: pulumi.Input<string>,
    chart: string,
    values: object = {},
    dependsOn: pulumi.Resource[] = [],
) =>
    new k8s.helm.v3.Release(
        name,
        { name, namespace, chart, repositoryOpts: { repo }, values },
        { provider, dependsOn },
    );
const custom = (
    name: string,
    apiVersion: string,
    kind: string,
    namespace: pulumi.Input<string>,
    spec: object,
    dependsOn: pulumi.Resource[],
) =>
    new k8s.apiextensions.CustomResource(
        `${kind}-${name}`,
        { apiVersion, kind, metadata: { name, namespace }, spec },
        { provider, dependsOn },
    );

export type Custom = typeof custom;

const istioSystem = namespaced("istio-system");
const base = release("istio-base", istioSystem, "base");
const istiod = release("istiod", istioSystem, "istiod", {}, [base]);
const gateways = release("istio-ingressgateway", namespaced("istio-ingress"), "gateway", {}, [istiod]);

const linkerdSystem = namespaced("linkerd");
const linkerdCrds = release("linkerd-crds", linkerdSystem, "linkerd-crds", { installGatewayAPI: true });
const certificates = { crtPEM: "certificate", keyPEM: "key" };
const linkerd = release(
    "linkerd-control-plane",
    linkerdSystem,
    "linkerd-control-plane",
    { identityTrustAnchorsPEM: "anchors", identity: { issuer: { tls: certificates } } },
    [linkerdCrds],
);
const flagger = release(
    "flagger",
    namespaced("flagger-system"),
    "flagger",
    { meshProvider: "istio", prometheus: { install: true } },
    [base, linkerdCrds],
);

const ofIstio = namespaced("of-istio", { labels: { "istio-injection": "enabled" } });
const ofLinkerd = namespaced("of-linkerd", { annotations: { "linkerd.io/inject": "enabled" } });
const gateway = custom(
    "public",
    "networking.istio.io/v1beta1",
    "Gateway",
    ofIstio,
    {
        selector: { istio: "ingressgateway" },
        servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*.example.com"] }],
    },
    [base, gateways],
);

function application(name: string, namespace: pulumi.Input<string>, mesh: pulumi.Resource): void {
    // A pod that is made before the injector listens has no proxy.
    podinfo(name, namespace, `ghcr.io/stefanprodan/podinfo:${tags[name]}`, { provider, dependsOn: [mesh] });
}

function canary(
    target: string,
    namespace: pulumi.Input<string>,
    meshProvider: string,
    service: object,
    analysis: object,
    dependsOn: pulumi.Resource[],
): void {
    const targetRef = { apiVersion: "apps/v1", kind: "Deployment", name: target };
    custom(
        target,
        "flagger.app/v1beta1",
        "Canary",
        namespace,
        {
            provider: meshProvider,
            targetRef,
            service: { port, ...service },
            // Two failed checks may be that the first measurements find nothing yet.
            analysis: { interval: "10s", threshold: 4, ...analysis },
        },
        [flagger, ...dependsOn],
    );
}

const weights = { stepWeights: [30, 60] };
const visible = (name: string) => ({ gateways: ["public", "mesh"], hosts: [`${name}.example.com`] });
const ownMetrics = [
    { name: "request-success-rate", thresholdRange: { min: 99 }, interval: "30s" },
    { name: "request-duration", thresholdRange: { max: 20_000 }, interval: "30s" },
];
const insiders = { iterations: 3, match: [{ headers: { "x-canary": { exact: "insider" } } }] };
for (const [name, analysis] of Object.entries({ weighted: weights, faulty: weights, compared: insiders })) {
    application(name, ofIstio, istiod);
    canary(name, ofIstio, "istio", visible(name), { ...analysis, metrics: ownMetrics }, [gateway]);
}

const metrics = meteredByLinkerd(ofLinkerd, custom, flagger);
for (const name of ["linked", "broken"]) {
    application(name, ofLinkerd, linkerd);
    const gatewayRefs = [{ group: "core", kind: "Service", name, port }];
    canary(name, ofLinkerd, "gatewayapi:v1beta1", { gatewayRefs }, { ...weights, metrics: metrics.use }, metrics.made);
}
meshedIngress("istio", ofIstio, ["weighted"], port, { provider, dependsOn: [istiod] });
meshedIngress("linkerd", ofLinkerd, ["linked", "broken"], port, { provider, dependsOn: [linkerd] });
