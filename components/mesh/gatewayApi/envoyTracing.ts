import { TracingArgs } from "../meshArgs";
import { defaultSamplingRate, fullHostName, tracerPorts } from "../proxyTracing";

/** What Envoy Gateway calls each provider. */
const names: Readonly<Record<string, string>> = {
    opentelemetry: "OpenTelemetry",
    zipkin: "Zipkin",
    jaeger: "Zipkin",
    datadog: "Datadog",
};

/** The fraction's denominator: fine enough for one request in a million. */
const million = 1_000_000;

/** The part of the proxies' parameters that says what they trace and where to. */
export function envoyTracing({ provider, address, port, samplingRate }: TracingArgs): object {
    return {
        samplingFraction: {
            numerator: Math.round((samplingRate ?? defaultSamplingRate) * million),
            denominator: million,
        },
        provider: { type: names[provider], host: fullHostName(address!), port: port ?? tracerPorts[provider] },
    };
}
