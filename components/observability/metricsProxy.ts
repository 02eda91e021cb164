import { createHash } from "node:crypto";

import type { types } from "@pulumi/kubernetes";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { mirroredImage } from "../charts";
import { Mirror } from "../connection";
import { MetricsServerAuthArgs, authorization } from "./metricsAuth";
import { credentialFile, credentialFolder, proxyConfig, proxyPort, sdsSecret } from "./metricsProxyConfig";

/** What stands between the platform and a metrics server that wants credentials. */
export interface MetricsProxyArgs {
    namespace: string;
    metricsServer: pulumi.Input<string>;
    auth: MetricsServerAuthArgs;
    mirror?: Mirror;
}

const proxyName = "metrics-proxy";
const image = "docker.io/envoyproxy/envoy:v1.35.0";

/**
 * Puts a proxy before a metrics server that adds the credentials. Flagger's own metrics take an address and nothing else, and
 * credentials in an address are written to its log. With the proxy they are in one Secret and nowhere else, and Flagger, Grafana
 * and the metrics of applications all ask at one address. It lets through what reads metrics and nothing that changes them.
 */
export function metricsProxy(
    name: string,
    args: MetricsProxyArgs,
    opts: pulumi.CustomResourceOptions,
): { service: pulumi.Resource; address: pulumi.Output<string> } {
    const { namespace } = args;
    const metadata = { name: proxyName, namespace };
    const labels = { "app.kubernetes.io/name": proxyName };
    const config = pulumi.output(args.metricsServer).apply(proxyConfig);
    const secret = new Secret(
        `${name}-${proxyName}`,
        { metadata, stringData: { [credentialFile]: authorization(args.auth).apply(sdsSecret) } },
        opts,
    );
    const configMap = new ConfigMap(`${name}-${proxyName}`, { metadata, data: { "envoy.json": config } }, opts);
    const deployment = new Deployment(
        `${name}-${proxyName}`,
        {
            metadata: { ...metadata, labels },
            spec: {
                replicas: 2,
                selector: { matchLabels: labels },
                template: {
                    metadata: {
                        labels,
                        // The proxy reads its configuration at its start only; of the credentials it sees every change.
                        annotations: {
                            "checksum/config": config.apply((c) => createHash("sha256").update(c).digest("hex")),
                        },
                    },
                    spec: podSpec(mirroredImage(image, args.mirror?.imageRegistry)),
                },
            },
        },
        { ...opts, dependsOn: [secret, configMap] },
    );
    const service = new Service(
        `${name}-${proxyName}`,
        { metadata, spec: { selector: labels, ports: [{ name: "http", port: proxyPort, targetPort: "http" }] } },
        { ...opts, dependsOn: deployment },
    );
    const path = pulumi.output(args.metricsServer).apply((url) => new URL(url).pathname.replace(/\/$/, ""));
    return {
        service,
        address: pulumi.interpolate`http://${service.metadata.name}.${service.metadata.namespace}:${proxyPort}${path}`,
    };
}

function podSpec(proxyImage: string): types.input.core.v1.PodSpec {
    return {
        automountServiceAccountToken: false,
        securityContext: {
            runAsNonRoot: true,
            runAsUser: 101,
            runAsGroup: 101,
            seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
            {
                name: "envoy",
                image: proxyImage,
                args: ["-c", "/config/envoy.json", "--concurrency", "1", "--disable-hot-restart"],
                ports: [{ name: "http", containerPort: proxyPort }],
                readinessProbe: { tcpSocket: { port: "http" } },
                resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
                securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [
                    { name: "config", mountPath: "/config", readOnly: true },
                    { name: "credentials", mountPath: credentialFolder, readOnly: true },
                ],
            },
        ],
        volumes: [
            { name: "config", configMap: { name: proxyName } },
            { name: "credentials", secret: { secretName: proxyName } },
        ],
    };
}
