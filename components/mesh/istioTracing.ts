import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { Values } from "../values";
import { istioTelemetry } from "./istioObjects";
import { TracingArgs } from "./meshArgs";
import { defaultSamplingRate, fullHostName, tracerPorts } from "./proxyTracing";

/** What Istio calls each of them in its list of extension providers. */
const istioNames: Readonly<Record<string, string>> = {
    opentelemetry: "opentelemetry",
    zipkin: "zipkin",
    jaeger: "zipkin",
    datadog: "datadog",
};

/** The name of the provider, and of the object that has the proxies use it. */
const tracingName = "progressive-mesh-tracing";

/** The part of Istio's configuration that says where traces can be sent. */
export function tracingConfig(tracing: TracingArgs | undefined): Values {
    if (tracing === undefined) {
        return {};
    }
    const service = fullHostName(tracing.address!);
    const port = tracing.port ?? tracerPorts[tracing.provider];
    return { extensionProviders: [{ name: tracingName, [istioNames[tracing.provider]!]: { service, port } }] };
}

/** Has every proxy of the mesh send its traces there: an object in istiod's own namespace is for all. */
export function tracingObject(
    childName: string,
    namespace: string,
    tracing: TracingArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const share = tracing.samplingRate ?? defaultSamplingRate;
    return new CustomResource(
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
