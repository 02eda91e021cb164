import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkPattern } from "../shape";
import { Problems, checkInteger } from "../validation";
import { Values } from "../values";
import { istioTelemetry } from "./istioObjects";
import { TracingArgs } from "./meshArgs";

/** How Istio has its proxies trace for a provider. */
interface Tracer {
    /** Istio's own word for it, in its list of extension providers. */
    readonly provider: string;
    readonly port: number;
}

const tracers: Readonly<Record<string, Tracer>> = {
    opentelemetry: { provider: "opentelemetry", port: 4317 },
    zipkin: { provider: "zipkin", port: 9411 },
    // Jaeger receives what Zipkin's clients send.
    jaeger: { provider: "zipkin", port: 9411 },
    datadog: { provider: "datadog", port: 8126 },
};

/** The name of the provider, and of the object that has the proxies use it. */
const tracingName = "progressive-mesh-tracing";

/** Istio traces one request in a hundred unless it is told otherwise. */
const ownSamplingRate = 0.01;

/** Checks what proxies are to trace and where to. */
export function checkTracing(problems: Problems, path: string, value: unknown): void {
    const tracing = checkFields(
        problems,
        path,
        value,
        'Write it like { provider: "opentelemetry", address: "collector.tracing" }.',
    );
    if (tracing === undefined) {
        return;
    }
    const { provider, address, port, samplingRate } = tracing;
    problems.require(typeof provider === "string" && Object.hasOwn(tracers, provider), {
        path: `${path}.provider`,
        value: provider,
        rule: "is not a tracing provider of Istio",
        fix:
            `Use one of ${Object.keys(tracers).join(", ")}.` +
            (provider === "x-ray" ? " A collector of OpenTelemetry can send on to X-Ray." : ""),
    });
    problems.require(address !== undefined, {
        path: `${path}.address`,
        rule: "is required: Istio's proxies have to know where to send to",
        fix: 'Give the name and namespace of a Service, like "collector.tracing".',
    });
    checkPattern(
        problems,
        `${path}.address`,
        address,
        /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)+$/,
        "is not the name of a Service with its namespace, or of a host: Istio would find no such service and trace nothing",
        'Write it like "collector.tracing": no scheme, port or path.',
    );
    checkInteger(problems, `${path}.port`, port, 1, 65535, "a port");
    problems.require(
        samplingRate === undefined || (typeof samplingRate === "number" && samplingRate >= 0 && samplingRate <= 1),
        {
            path: `${path}.samplingRate`,
            value: samplingRate,
            rule: "is not a share of the requests",
            fix: "Give a number from 0 to 1, like 0.05 for one in twenty.",
        },
    );
}

/** The part of Istio's configuration that says where traces can be sent. */
export function tracingConfig(tracing: TracingArgs | undefined): Values {
    if (tracing === undefined) {
        return {};
    }
    const { provider, port } = tracers[tracing.provider]!;
    const service = fullName(tracing.address!);
    return { extensionProviders: [{ name: tracingName, [provider]: { service, port: tracing.port ?? port } }] };
}

/** Istio looks its services up by their full names. */
function fullName(address: string): string {
    const parts = address.split(".");
    const isService = parts.length === 2 || (parts.length === 3 && parts[2] === "svc");
    return isService ? `${parts[0]}.${parts[1]}.svc.cluster.local` : address;
}

/** Has every proxy of the mesh send its traces there: an object in istiod's own namespace is for all. */
export function tracingObject(
    childName: string,
    namespace: string,
    tracing: TracingArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const share = tracing.samplingRate ?? ownSamplingRate;
    return new k8s.apiextensions.CustomResource(
        childName,
        {
            apiVersion: istioTelemetry,
            kind: "Telemetry",
            metadata: { name: tracingName, namespace },
            // Percent, and without the digits that a product of such numbers ends in.
            spec: {
                tracing: [
                    { providers: [{ name: tracingName }], randomSamplingPercentage: Number((share * 100).toFixed(4)) },
                ],
            },
        },
        opts,
    );
}
