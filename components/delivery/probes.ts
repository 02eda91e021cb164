import type { types } from "@pulumi/kubernetes";

import { checkObject, checkList } from "../shape";
import { Problems, checkInteger } from "../validation";

/** How Kubernetes finds out how a container is. */
export interface ProbesArgs {
    /**
     * Whether the container can take requests. Flagger shifts traffic only once all pods can.
     * @default - its port is open
     */
    readiness?: ProbeArgs;
    /**
     * Whether the container still works; one that does not is started again.
     * @default - none
     */
    liveness?: ProbeArgs;
    /**
     * Whether the container has started; until then the other two wait.
     * @default - none
     */
    startup?: ProbeArgs;
}

/** One way to ask a container how it is: `path`, `command`, `tcp` or `grpc`. */
export interface ProbeArgs {
    /**
     * Path that answers an HTTP GET with success, beginning with a slash.
     * @default - not asked by HTTP
     */
    path?: string;
    /**
     * Command in the container that exits with 0, with its arguments. No shell is involved.
     * @default - none
     */
    command?: string[];
    /**
     * Whether an open port is enough.
     * @default - true where nothing else is asked
     */
    tcp?: boolean;
    /**
     * Whether the container answers the gRPC health checking protocol.
     * @default false
     */
    grpc?: boolean;
    /**
     * The port that is asked.
     * @default - the workload's port
     */
    port?: number;
    /**
     * How often it is asked, in seconds.
     * @default 10
     */
    periodSeconds?: number;
    /**
     * How long an answer may take, in seconds.
     * @default 1
     */
    timeoutSeconds?: number;
    /**
     * How many answers in a row have to be bad.
     * @default 3
     */
    failureThreshold?: number;
    /**
     * How long after the container's start it is first asked, in seconds.
     * @default 0
     */
    initialDelaySeconds?: number;
}

const kinds = ["readiness", "liveness", "startup"] as const;
const example = `Write it like { path: "/healthz" }.`;

/** Checks the probes of a workload, and that readiness is asked for in one way. */
export function checkProbes(problems: Problems, path: string, probes: unknown, readinessPath: unknown): void {
    if (readinessPath !== undefined) {
        checkPath(problems, `${path}.readinessPath`, readinessPath);
    }
    if (
        probes === undefined ||
        !checkObject(problems, `${path}.probes`, probes, `Write it like { readiness: { … } }.`)
    ) {
        return;
    }
    problems.require(readinessPath === undefined || probes.readiness === undefined, {
        path: `${path}.readinessPath`,
        value: readinessPath,
        rule: "is short for probes.readiness, which is given too",
        fix: "Keep one of the two.",
    });
    for (const kind of kinds.filter((k) => probes[k] !== undefined)) {
        checkProbe(problems, `${path}.probes.${kind}`, probes[kind]);
    }
}

function checkProbe(problems: Problems, path: string, probe: unknown): void {
    if (!checkObject(problems, path, probe, example)) {
        return;
    }
    const { path: httpPath, command, tcp, grpc, port } = probe;
    const asked = {
        path: httpPath !== undefined,
        command: command !== undefined,
        tcp: tcp !== undefined && tcp !== false,
        grpc: grpc !== undefined && grpc !== false,
    };
    const ways = Object.entries(asked).flatMap(([way, given]) => (given ? [way] : []));
    problems.require(ways.length === 1 || (ways.length === 0 && tcp === undefined), {
        path,
        value: probe,
        rule: ways.length === 0 ? "asks for nothing" : `asks in ${ways.length} ways, and Kubernetes takes one alone`,
        fix: `Keep one of ${Object.keys(asked).join(", ")}.`,
    });
    for (const [key, value] of Object.entries({ tcp, grpc })) {
        problems.require(value === undefined || typeof value === "boolean", {
            path: `${path}.${key}`,
            value,
            rule: "is neither true nor false",
            fix: "The port is given by `port`.",
        });
    }
    if (asked.path) {
        checkPath(problems, `${path}.path`, httpPath);
    }
    if (asked.command) {
        const words = checkList(problems, `${path}.command`, command, `Write it like ["cat", "/tmp/ready"].`);
        problems.require(!Array.isArray(command) || words.length > 0, {
            path: `${path}.command`,
            value: command,
            rule: "names no command",
            fix: `Write it like ["cat", "/tmp/ready"].`,
        });
        for (const [at, value] of words) {
            problems.require(typeof value === "string", { path: at, value, rule: "is not a string", fix: "Quote it." });
        }
        problems.require(port === undefined, {
            path: `${path}.port`,
            value: port,
            rule: "is ignored beside a command",
            fix: "Leave it out.",
        });
    }
    checkInteger(problems, `${path}.port`, port, 1, 65535, "a port");
    checkInteger(problems, `${path}.periodSeconds`, probe.periodSeconds, 1, 86_400, "seconds");
    checkInteger(problems, `${path}.timeoutSeconds`, probe.timeoutSeconds, 1, 86_400, "seconds");
    checkInteger(problems, `${path}.failureThreshold`, probe.failureThreshold, 1, 10_000, "answers");
    checkInteger(problems, `${path}.initialDelaySeconds`, probe.initialDelaySeconds, 0, 86_400, "seconds");
}

function checkPath(problems: Problems, path: string, value: unknown): void {
    problems.require(typeof value === "string" && value.startsWith("/"), {
        path,
        value,
        rule: "is not a path",
        fix: `Begin it with a slash, like "/healthz".`,
    });
}

/** The probes of a container that listens on `port`. */
export function containerProbes(
    probes: ProbesArgs | undefined,
    readinessPath: string | undefined,
    port: number,
): Pick<types.input.core.v1.Container, "readinessProbe" | "livenessProbe" | "startupProbe"> {
    return {
        readinessProbe: probe(probes?.readiness ?? { path: readinessPath }, port),
        livenessProbe: probes?.liveness && probe(probes.liveness, port),
        startupProbe: probes?.startup && probe(probes.startup, port),
    };
}

function probe(args: ProbeArgs, containerPort: number): types.input.core.v1.Probe {
    const { periodSeconds, timeoutSeconds, failureThreshold, initialDelaySeconds } = args;
    return { ...handler(args, containerPort), periodSeconds, timeoutSeconds, failureThreshold, initialDelaySeconds };
}

function handler(args: ProbeArgs, containerPort: number): types.input.core.v1.Probe {
    const { path, command, grpc, port = containerPort } = args;
    if (path !== undefined) {
        return { httpGet: { path, port } };
    }
    if (command !== undefined) {
        return { exec: { command } };
    }
    return grpc === true ? { grpc: { port } } : { tcpSocket: { port } };
}
