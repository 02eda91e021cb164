import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

// What library.ts makes, resource by resource, as one writes it without the library. That both make the same is checked at each run.
const config = new pulumi.Config();

// As the library does, so that with 50 and 100 there both programs are measured with the provider's own limits.
const { PULUMI_K8S_CLIENT_QPS, PULUMI_K8S_CLIENT_BURST } = process.env;

const provider = new k8s.Provider("bench-apps-4422d2de", {
    kubeconfig: pulumi.secret(config.require("kubeconfig")),
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    clusterIdentifier: "bench",
    kubeClientSettings: {
        ...(PULUMI_K8S_CLIENT_QPS === undefined && { qps: 500 }),
        ...(PULUMI_K8S_CLIENT_BURST === undefined && { burst: 1000 }),
    },
});

const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
};

const apps = Array.from({ length: config.requireNumber("apps") }, (_, i) => `app-${i}`);
if (config.getBoolean("alone")) {
    const ground = namespaceOf("apps", "apps");
    apps.forEach((name) => canary(name, "apps", [ground]));
} else {
    apps.forEach(application);
}

function namespaceOf(name: string, namespace: string): pulumi.Resource {
    return new k8s.core.v1.Namespace(
        `${name}-${namespace}`,
        { metadata: { name: namespace, labels: { "istio-injection": "enabled" } } },
        { provider },
    );
}

/** All that an application is made of, in a namespace of its own. */
function application(name: string): void {
    const namespace = name;
    const labels = { app: name };
    const ground = namespaceOf(name, namespace);
    const opts = { provider, dependsOn: [ground] };
    const before: pulumi.Resource[] = [];
    if (config.requireBoolean("loadTester")) {
        const loadTester = "flagger-loadtester";
        const account = new k8s.core.v1.ServiceAccount(
            `${name}-loadtester`,
            { metadata: { name: loadTester, namespace, annotations: {} } },
            opts,
        );
        before.push(
            new k8s.helm.v3.Release(
                `${name}-loadtester`,
                {
                    name: loadTester,
                    namespace,
                    chart: "loadtester",
                    version: "0.38.0",
                    repositoryOpts: { repo: "https://flagger.app" },
                    values: {
                        fullnameOverride: loadTester,
                        podLabels: { "sidecar.istio.io/inject": "true" },
                        securityContext: {
                            enabled: true,
                            context: {
                                ...restricted,
                                readOnlyRootFilesystem: false,
                                runAsUser: 100,
                                runAsGroup: 101,
                            },
                        },
                        serviceAccountName: loadTester,
                    },
                    atomic: false,
                    cleanupOnFail: true,
                    skipAwait: true,
                    timeout: 600,
                },
                { provider, dependsOn: [ground, account] },
            ),
        );
    }
    const account = new k8s.core.v1.ServiceAccount(name, { metadata: { name, namespace, annotations: {} } }, opts);
    const deployment = new k8s.apps.v1.Deployment(
        name,
        {
            metadata: { name, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
            spec: {
                progressDeadlineSeconds: 600,
                selector: { matchLabels: labels },
                template: {
                    metadata: { labels: { ...labels, "sidecar.istio.io/inject": "true" } },
                    spec: {
                        serviceAccountName: name,
                        automountServiceAccountToken: false,
                        terminationGracePeriodSeconds: 55,
                        containers: [
                            {
                                name,
                                image: config.get("image") ?? "ghcr.io/stefanprodan/podinfo:6.0.0",
                                ports: [{ name: "http", containerPort: 9898 }],
                                env: [],
                                readinessProbe: { tcpSocket: { port: 9898 } },
                                lifecycle: { preStop: { sleep: { seconds: 25 } } },
                                resources: { requests: { cpu: "100m", memory: "64Mi" } },
                                securityContext: { ...restricted, runAsUser: 65532 },
                            },
                        ],
                    },
                },
            },
        },
        { provider, dependsOn: [ground, account] },
    );
    canary(name, namespace, [ground, ...before, deployment]);
}

/** Flagger's object for an application. */
function canary(name: string, namespace: string, dependsOn: pulumi.Resource[]): void {
    new k8s.apiextensions.CustomResource(
        name,
        {
            apiVersion: "flagger.app/v1beta1",
            kind: "Canary",
            metadata: { name, namespace, annotations: { "pulumi.com/deletionPropagationPolicy": "background" } },
            spec: {
                provider: "istio",
                targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
                service: { port: 9898, portName: "http", targetPort: 9898 },
                analysis: {
                    interval: "15s",
                    threshold: 5,
                    maxWeight: 50,
                    stepWeight: 5,
                    metrics: [{ name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } }],
                },
            },
        },
        { provider, dependsOn },
    );
}
