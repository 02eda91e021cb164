import { Values, setAt } from "./values";

/** A chart with everything that pins it. */
export interface Chart {
    /** The chart's name in its repository. */
    readonly chart: string;
    /** Address of the Helm repository. */
    readonly repository: string;
    /** The exact version of the chart. */
    readonly version: string;
    /** The namespace that the chart is installed in by default. */
    readonly namespace: string;
    /**
     * The images of the chart that a mirror has to hold: the key in the chart's values that names the repository, and the
     * repository as the chart has it. A key that ends in `imageRegistry` or `registry` takes the registry alone, one that ends in
     * `hub` the folder that holds all images of the chart.
     */
    readonly images: Readonly<Record<string, string>>;
    /** Where the chart's values take what can be asked of every add-on's pods. What is not there the chart cannot do. */
    readonly podValues: Readonly<Partial<Record<PodOption, string>>>;
    /** The name that its pods have in the label `app.kubernetes.io/name`, where it is not the chart's. */
    readonly podName?: string;
    /** Whether the chart's Deployment leaves the number of its pods open, so that an autoscaler can hold it. */
    readonly openReplicas?: boolean;
    /** Why a second pod is not what one hopes for. */
    readonly alone?: string;
    /** Whether the chart brings CustomResourceDefinitions in its folder `crds`, which Helm installs once and never upgrades. */
    readonly definitions?: boolean;
    /** What its pods need to pass the Pod Security Standard "restricted" and the chart does not set by itself. */
    readonly restricted?: Values;
}

/** What can be asked of every add-on's pods, as `AddonArgs` names it. */
export type PodOption = "replicas" | "resources" | "nodeSelector" | "tolerations" | "priorityClassName";

const eksCharts = "https://aws.github.io/eks-charts";
const linkerdCharts = "https://helm.linkerd.io/edge";
const flaggerCharts = "https://flagger.app";
/** Where Istio's charts stay: the bucket that they were in before is removed in December 2026. */
const istioCharts = "https://blob.istio.io/istio-release/charts";
const envoyCharts = "oci://docker.io/envoyproxy";
const appMeshImages = "840364872350.dkr.ecr.us-west-2.amazonaws.com";

/** What most charts call by the names that Kubernetes has for it. */
const placement = { resources: "resources", nodeSelector: "nodeSelector", tolerations: "tolerations" } as const;

/** What the Pod Security Standard "restricted" asks of a container, beside a user that is not root. */
const restrictedContainer = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
};

/** Every chart that this library installs, each at one exact version. */
export const charts = {
    appmeshController: {
        chart: "appmesh-controller",
        repository: eksCharts,
        version: "1.13.3",
        namespace: "appmesh-system",
        images: {
            "image.repository": `${appMeshImages}/amazon/appmesh-controller`,
            "sidecar.image.repository": `${appMeshImages}/aws-appmesh-envoy`,
            "init.image.repository": `${appMeshImages}/aws-appmesh-proxy-route-manager`,
            "xray.image.repository": "public.ecr.aws/xray/aws-xray-daemon",
        },
        podValues: { ...placement, replicas: "replicaCount" },
        definitions: true,
    },
    appmeshPrometheus: {
        chart: "appmesh-prometheus",
        repository: eksCharts,
        version: "1.0.3",
        namespace: "appmesh-system",
        images: { "image.repository": "docker.io/prom/prometheus" },
        podValues: { ...placement, replicas: "replicaCount" },
        alone: "each scrapes and keeps for itself, and answers come from either: graphs and Flagger's checks see gaps",
    },
    appmeshGateway: {
        chart: "appmesh-gateway",
        repository: eksCharts,
        version: "0.1.5",
        namespace: "appmesh-gateway",
        images: { "image.repository": `${appMeshImages}/aws-appmesh-envoy` },
        podValues: placement,
        openReplicas: true,
    },
    istioBase: {
        chart: "base",
        repository: istioCharts,
        version: "1.30.5",
        namespace: "istio-system",
        images: {},
        podValues: {},
    },
    istiod: {
        chart: "istiod",
        repository: istioCharts,
        version: "1.30.5",
        namespace: "istio-system",
        // Of istiod itself and of all proxies, the gateways' among them: it puts the image into their pods.
        images: { "global.hub": "docker.io/istio" },
        podValues: { ...placement, replicas: "replicaCount", priorityClassName: "global.priorityClassName" },
    },
    istioGateway: {
        chart: "gateway",
        repository: istioCharts,
        version: "1.30.5",
        namespace: "istio-ingress",
        images: {},
        podValues: { ...placement, replicas: "replicaCount", priorityClassName: "priorityClassName" },
        podName: "istio-ingressgateway",
    },
    envoyGateway: {
        chart: "gateway-helm",
        repository: envoyCharts,
        // The one that the lab runs for real.
        version: "v1.5.0",
        namespace: "envoy-gateway-system",
        images: { "deployment.envoyGateway.image.repository": "docker.io/envoyproxy/gateway" },
        podValues: {
            replicas: "deployment.replicas",
            resources: "deployment.envoyGateway.resources",
            nodeSelector: "deployment.pod.nodeSelector",
            tolerations: "deployment.pod.tolerations",
            priorityClassName: "deployment.priorityClassName",
        },
        definitions: true,
    },
    gatewayApiDefinitions: {
        chart: "gateway-crds-helm",
        repository: envoyCharts,
        version: "v1.9.0",
        namespace: "aws-application-networking-system",
        images: {},
        podValues: {},
        definitions: true,
    },
    latticeController: {
        chart: "aws-gateway-controller-chart",
        repository: "oci://public.ecr.aws/aws-application-networking-k8s",
        version: "v2.1.3",
        namespace: "aws-application-networking-system",
        images: { "image.repository": "public.ecr.aws/aws-application-networking-k8s/aws-gateway-controller" },
        podValues: {
            replicas: "deployment.replicas",
            resources: "resources",
            nodeSelector: "deployment.nodeSelector",
            tolerations: "deployment.tolerations",
            priorityClassName: "deployment.priorityClassName",
        },
        definitions: true,
    },
    linkerdCrds: {
        chart: "linkerd-crds",
        // Linkerd's makers publish nothing else since 2.14: releases of theirs called stable come from vendors.
        repository: linkerdCharts,
        version: "2026.9.1",
        namespace: "linkerd",
        images: {},
        podValues: {},
    },
    linkerdControlPlane: {
        chart: "linkerd-control-plane",
        repository: linkerdCharts,
        version: "2026.9.1",
        namespace: "linkerd",
        images: {
            controllerImage: "cr.l5d.io/linkerd/controller",
            "proxy.image.name": "cr.l5d.io/linkerd/proxy",
        },
        // Resources are another's words there, and each of the three Deployments has its own.
        podValues: {
            replicas: "controllerReplicas",
            nodeSelector: "nodeSelector",
            tolerations: "tolerations",
            priorityClassName: "priorityClassName",
        },
    },
    flagger: {
        chart: "flagger",
        repository: flaggerCharts,
        version: "1.44.0",
        namespace: "flagger-system",
        images: { "image.repository": "ghcr.io/fluxcd/flagger" },
        podValues: { ...placement, replicas: "leaderElection.replicaCount", priorityClassName: "podPriorityClassName" },
        definitions: true,
        restricted: { securityContext: { context: restrictedContainer } },
    },
    loadtester: {
        chart: "loadtester",
        repository: flaggerCharts,
        version: "0.38.0",
        namespace: "default",
        images: { "image.repository": "ghcr.io/fluxcd/flagger-loadtester" },
        podValues: { ...placement, replicas: "replicaCount", priorityClassName: "podPriorityClassName" },
        alone: "each keeps gates and running tests in its own memory: a gate opened in one stays closed in the other",
        restricted: {
            securityContext: {
                enabled: true,
                // The user of the image, by number. Tests write beside their scripts, so the root stays writable.
                context: { ...restrictedContainer, runAsUser: 100, runAsGroup: 101, readOnlyRootFilesystem: false },
            },
        },
    },
    grafana: {
        chart: "grafana",
        // The chart moved here from Grafana Labs' own repository in January 2026.
        repository: "https://grafana-community.github.io/helm-charts",
        version: "11.1.0",
        namespace: "flagger-system",
        images: { "global.imageRegistry": "docker.io" },
        podValues: { ...placement, replicas: "replicas", priorityClassName: "priorityClassName" },
        alone: "each has a database of its own: whoever signed in at one is unknown to the other",
    },
    prometheus: {
        chart: "prometheus",
        repository: "https://prometheus-community.github.io/helm-charts",
        version: "29.48.0",
        namespace: "flagger-system",
        images: {
            "server.image.repository": "quay.io/prometheus/prometheus",
            "configmapReload.prometheus.image.repository": "quay.io/prometheus-operator/prometheus-config-reloader",
        },
        podValues: {
            replicas: "server.replicaCount",
            resources: "server.resources",
            nodeSelector: "server.nodeSelector",
            tolerations: "server.tolerations",
            priorityClassName: "server.priorityClassName",
        },
        alone: "each scrapes and keeps for itself, and answers come from either: graphs and Flagger's checks see gaps",
    },
    metricsServer: {
        chart: "metrics-server",
        repository: "https://kubernetes-sigs.github.io/metrics-server",
        version: "3.13.0",
        namespace: "kube-system",
        images: { "image.repository": "registry.k8s.io/metrics-server/metrics-server" },
        podValues: { ...placement, replicas: "replicas", priorityClassName: "priorityClassName" },
    },
    flux: {
        chart: "flux2",
        repository: "https://fluxcd-community.github.io/helm-charts",
        version: "2.19.0",
        namespace: "flux-system",
        images: {
            // Before the first install a Job asks with it whether the cluster is new enough.
            "cli.image": "ghcr.io/fluxcd/flux-cli",
            "sourceController.image": "ghcr.io/fluxcd/source-controller",
            "kustomizeController.image": "ghcr.io/fluxcd/kustomize-controller",
        },
        // Each controller has values of its own: one answer would not be for both.
        podValues: {},
    },
} satisfies Record<string, Chart>;

/** An image where it is to be taken from: its own registry, or below the mirror's. */
export function mirroredImage(image: string, imageRegistry: string | undefined): string {
    return imageRegistry === undefined ? image : `${imageRegistry}${pathOf(image)}`;
}

/** The values that make a chart take its images from a mirror. */
export function mirroredImages(chart: Chart, imageRegistry: string | undefined): Values {
    const values: Values = {};
    if (imageRegistry === undefined) {
        return values;
    }
    for (const [key, image] of Object.entries(chart.images)) {
        setAt(values, key, mirroredImage(image, imageRegistry));
    }
    return values;
}

/** What comes after the registry. */
function pathOf(image: string): string {
    return image.includes("/") ? image.slice(image.indexOf("/")) : "";
}
