import { checkFields, checkPattern } from "../shape";
import { Problems, checkInteger } from "../validation";

/** Where Envoys can send traces, by the provider's name among the arguments. */
export const tracerPorts: Readonly<Record<string, number>> = {
    opentelemetry: 4317,
    zipkin: 9411,
    // It receives what Zipkin's clients send.
    jaeger: 9411,
    datadog: 8126,
};

/** The share of requests that is traced where nobody says how many: one in a hundred. */
export const defaultSamplingRate = 0.01;

/** Checks what the proxies of a mesh are to trace, and where to. `title` is the mesh. */
export function checkProxyTracing(problems: Problems, path: string, value: unknown, title: string): void {
    const example = 'Write it like { provider: "opentelemetry", address: "collector.tracing" }.';
    const tracing = checkFields(problems, path, value, example);
    if (tracing === undefined) {
        return;
    }
    const { provider, address, port, samplingRate } = tracing;
    problems.require(typeof provider === "string" && Object.hasOwn(tracerPorts, provider), {
        path: `${path}.provider`,
        value: provider,
        rule: `is not a tracing provider of ${title}`,
        fix:
            `Use one of ${Object.keys(tracerPorts).join(", ")}.` +
            (provider === "x-ray" ? " A collector of OpenTelemetry can send on to X-Ray." : ""),
    });
    problems.require(address !== undefined, {
        path: `${path}.address`,
        rule: `is required: ${title}'s proxies have to know where to send to`,
        fix: 'Give the name and namespace of a Service, like "collector.tracing".',
    });
    checkPattern(
        problems,
        `${path}.address`,
        address,
        /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)+$/,
        `is not the name of a Service with its namespace, or of a host: ${title} would find no such service and trace nothing`,
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

/** The whole name of a Service that is given by its name and namespace; any other host as it is. */
export function fullHostName(address: string): string {
    const parts = address.split(".");
    const isService = parts.length === 2 || (parts.length === 3 && parts[2] === "svc");
    return isService ? `${parts[0]}.${parts[1]}.svc.cluster.local` : address;
}
