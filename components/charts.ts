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
     * repository as the chart has it. A key that ends in `imageRegistry` or `registry` takes the registry alone.
     */
    readonly images: Readonly<Record<string, string>>;
}

const eksCharts = "https://aws.github.io/eks-charts";
const flaggerCharts = "https://flagger.app";
const appMeshImages = "840364872350.dkr.ecr.us-west-2.amazonaws.com";

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
    },
    appmeshPrometheus: {
        chart: "appmesh-prometheus",
        repository: eksCharts,
        version: "1.0.3",
        namespace: "appmesh-system",
        images: { "image.repository": "docker.io/prom/prometheus" },
    },
    appmeshGateway: {
        chart: "appmesh-gateway",
        repository: eksCharts,
        version: "0.1.5",
        namespace: "appmesh-gateway",
        images: { "image.repository": `${appMeshImages}/aws-appmesh-envoy` },
    },
    flagger: {
        chart: "flagger",
        repository: flaggerCharts,
        version: "1.44.0",
        namespace: "flagger-system",
        images: { "image.repository": "ghcr.io/fluxcd/flagger" },
    },
    loadtester: {
        chart: "loadtester",
        repository: flaggerCharts,
        version: "0.38.0",
        namespace: "default",
        images: { "image.repository": "ghcr.io/fluxcd/flagger-loadtester" },
    },
    grafana: {
        chart: "grafana",
        // The chart moved here from Grafana Labs' own repository in January 2026.
        repository: "https://grafana-community.github.io/helm-charts",
        version: "11.1.0",
        namespace: "flagger-system",
        images: { "global.imageRegistry": "docker.io" },
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
    },
    metricsServer: {
        chart: "metrics-server",
        repository: "https://kubernetes-sigs.github.io/metrics-server",
        version: "3.13.0",
        namespace: "kube-system",
        images: { "image.repository": "registry.k8s.io/metrics-server/metrics-server" },
    },
} satisfies Record<string, Chart>;

/** An image where it is to be taken from: its own registry, or below the mirror's. */
export function mirroredImage(image: string, imageRegistry: string | undefined): string {
    return imageRegistry === undefined ? image : `${imageRegistry}${pathOf(image)}`;
}

/** The values that make a chart take its images from a mirror. */
export function mirroredImages(chart: Chart, imageRegistry: string | undefined): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    if (imageRegistry === undefined) {
        return values;
    }
    for (const [key, image] of Object.entries(chart.images)) {
        setAt(values, key.split("."), mirroredImage(image, imageRegistry));
    }
    return values;
}

/** What comes after the registry. */
function pathOf(image: string): string {
    return image.includes("/") ? image.slice(image.indexOf("/")) : "";
}

function setAt(target: Record<string, unknown>, path: string[], value: string): void {
    const [head, ...rest] = path as [string, ...string[]];
    if (rest.length === 0) {
        target[head] = value;
        return;
    }
    const inner = (target[head] ??= {}) as Record<string, unknown>;
    setAt(inner, rest, value);
}
