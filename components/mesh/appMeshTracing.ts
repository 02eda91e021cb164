import { checkFields, checkPattern } from "../shape";
import { Problems, checkInteger } from "../validation";
import { Values } from "../values";
import { TracingArgs } from "./meshArgs";

/** How App Mesh's controller has proxies trace for a provider. */
interface Tracer {
    /** The controller's own word for it. */
    readonly provider: string;
    readonly port: number;
}

const tracers: Readonly<Record<string, Tracer>> = {
    "x-ray": { provider: "x-ray", port: 2000 },
    jaeger: { provider: "jaeger", port: 9411 },
    datadog: { provider: "datadog", port: 8126 },
    // For Jaeger the proxies send spans as Zipkin's clients do, which a collector of OpenTelemetry receives at the same port.
    opentelemetry: { provider: "jaeger", port: 9411 },
};

/** Checks what proxies are to trace and where to. */
export function checkTracing(problems: Problems, path: string, value: unknown): void {
    const tracing = checkFields(problems, path, value, 'Write it like { provider: "x-ray" }.');
    if (tracing === undefined) {
        return;
    }
    const { provider, address, port, samplingRate } = tracing;
    problems.require(typeof provider === "string" && Object.hasOwn(tracers, provider), {
        path: `${path}.provider`,
        value: provider,
        rule: "is not a tracing provider of App Mesh",
        fix: `Use one of ${Object.keys(tracers).join(", ")}.`,
    });
    problems.require(provider !== "opentelemetry" || address !== undefined, {
        path: `${path}.address`,
        rule: "is required for OpenTelemetry: proxies have to know the collector",
        fix: 'Give the host of a collector with the receiver "zipkin", like "collector.tracing".',
    });
    checkPattern(
        problems,
        `${path}.address`,
        address,
        // The controller takes a reference to a field of the pod, too: with `ref:status.hostIP` proxies send to their own node.
        /^(ref:[a-zA-Z.]+|[a-zA-Z0-9]([-.a-zA-Z0-9]*[a-zA-Z0-9])?)$/,
        "is not a host",
        'Give the name alone, like "collector.tracing": no scheme, port or path.',
    );
    checkInteger(problems, `${path}.port`, port, 1, 65535, "a port");
    problems.require(samplingRate === undefined || isShare(samplingRate), {
        path: `${path}.samplingRate`,
        value: samplingRate,
        rule: "is not a share of the requests",
        fix: "Give a number from 0 to 1, like 0.05 for one in twenty.",
    });
    problems.require(samplingRate === undefined || provider === "x-ray", {
        path: `${path}.samplingRate`,
        value: samplingRate,
        rule: "is something that App Mesh tells its proxies for X-Ray only",
        fix: "Leave it out, and let the collector choose what to keep.",
    });
}

function isShare(value: unknown): boolean {
    return typeof value === "number" && value >= 0 && value <= 1;
}

/** The values of the controller's chart for tracing. */
export function tracingValues(tracing: TracingArgs | undefined): Values {
    if (tracing === undefined) {
        return { enabled: false };
    }
    const { provider, port } = tracers[tracing.provider]!;
    const { address, samplingRate } = tracing;
    return {
        enabled: true,
        provider,
        port: tracing.port ?? port,
        ...(address !== undefined && { address }),
        ...(samplingRate !== undefined && { samplingRate }),
    };
}
