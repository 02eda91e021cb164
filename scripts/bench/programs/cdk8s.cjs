"use strict";

// The objects of library.ts as text, by cdk8s: no cluster is looked at, and nothing is made. Releases of charts it cannot express.
const { ApiObject, App, Chart } = require("cdk8s");

const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
};

const app = new App({ outdir: process.env.BENCH_OUT });
const chart = new Chart(app, "apps");
for (let i = 0; i < Number(process.env.BENCH_APPS); i++) {
    const name = `app-${i}`;
    const labels = { app: name };
    const make = (kind, apiVersion, metadata, more = {}) =>
        new ApiObject(chart, `${name}-${kind}-${metadata.name}`, {
            apiVersion,
            kind,
            metadata: { ...(kind !== "Namespace" && { namespace: name }), ...metadata },
            ...more,
        });
    make("Namespace", "v1", { name, labels: { "istio-injection": "enabled" } });
    make("ServiceAccount", "v1", { name: "flagger-loadtester" });
    make("ServiceAccount", "v1", { name });
    make(
        "Deployment",
        "apps/v1",
        { name, labels },
        {
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
                                image: "ghcr.io/stefanprodan/podinfo:6.0.0",
                                ports: [{ name: "http", containerPort: 9898 }],
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
    );
    make(
        "Canary",
        "flagger.app/v1beta1",
        { name },
        {
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
    );
}
app.synth();
