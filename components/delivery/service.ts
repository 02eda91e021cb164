import { Mesh } from "../mesh/mesh";
import { Problems, checkDuration, checkInteger } from "../validation";

/** How an application is reached inside the mesh. Flagger makes the Kubernetes services and the mesh's routes from it. */
export interface ServiceArgs {
    /**
     * The port of the service.
     * @default - the workload's port; required with a target of your own
     */
    port?: number;
    /**
     * The name of that port. A name that contains `grpc` makes App Mesh speak gRPC.
     * @default "http"
     */
    portName?: string;
    /**
     * How long a request may take: seconds or minutes.
     * @default - the mesh's own limit (15 seconds on App Mesh)
     */
    timeout?: string;
    /**
     * Which requests are tried again.
     * @default - none
     */
    retries?: RetriesArgs;
    /**
     * Which requests belong to the application. App Mesh reads the first prefix alone.
     * @default - all
     */
    match?: PathMatchArgs[];
    /**
     * Services of the mesh that the application calls, by name in the same namespace or by ARN. App Mesh lets no other call
     * pass.
     * @default - none
     */
    backends?: string[];
}

/** Requests whose path begins with a prefix. */
export interface PathMatchArgs {
    /** The prefix, beginning with a slash. */
    prefix: string;
}

/** When and how often a failed request is tried again. */
export interface RetriesArgs {
    /** How often, at most. */
    attempts: number;
    /**
     * How long one try may take: seconds or minutes.
     * @default - the mesh's own limit
     */
    perTryTimeout?: string;
    /** What counts as failed. On App Mesh: `server-error`, `gateway-error`, `client-error`, `stream-error`. */
    retryOn: string[];
}

/** Checks a service against what the mesh takes. */
export function checkService(problems: Problems, path: string, service: ServiceArgs | undefined, mesh: Mesh): void {
    if (service === undefined) {
        return;
    }
    checkInteger(problems, `${path}.port`, service.port, 1, 65535, "a port");
    checkDuration(problems, `${path}.timeout`, service.timeout);
    const { retries } = service;
    if (retries !== undefined) {
        if (retries.attempts === undefined) {
            problems.add({ path: `${path}.retries.attempts`, rule: "is required", fix: "Give a number of attempts." });
        }
        checkInteger(problems, `${path}.retries.attempts`, retries.attempts, 1, 100, "attempts");
        checkDuration(problems, `${path}.retries.perTryTimeout`, retries.perTryTimeout);
        problems.require(Array.isArray(retries.retryOn) && retries.retryOn.length > 0, {
            path: `${path}.retries.retryOn`,
            value: retries.retryOn,
            rule: "names nothing that counts as failed",
            fix: `Use some of ${mesh.retryEvents.join(", ")}.`,
        });
        (Array.isArray(retries.retryOn) ? retries.retryOn : []).forEach((event, index) =>
            problems.require(mesh.retryEvents.includes(event), {
                path: `${path}.retries.retryOn[${index}]`,
                value: event,
                rule: `is not something that ${mesh.title} retries on; it would refuse the route and Flagger would stand still`,
                fix: `Use some of ${mesh.retryEvents.join(", ")}.`,
            }),
        );
    }
    (service.match ?? []).forEach((match, index) =>
        problems.require(typeof match.prefix === "string" && match.prefix.startsWith("/"), {
            path: `${path}.match[${index}].prefix`,
            value: match.prefix,
            rule: "is not a path",
            fix: `Begin it with a slash, like "/api".`,
        }),
    );
}

/** The `service` of a Canary. */
export function serviceSpec(service: ServiceArgs, port: number): Record<string, unknown> {
    const { portName, timeout, retries, match, backends } = service;
    return {
        port,
        targetPort: port,
        portName: portName ?? "http",
        ...(timeout !== undefined && { timeout }),
        ...(retries !== undefined && {
            retries: {
                attempts: retries.attempts,
                ...(retries.perTryTimeout !== undefined && { perTryTimeout: retries.perTryTimeout }),
                retryOn: retries.retryOn.join(","),
            },
        }),
        ...(match !== undefined && { match: match.map(({ prefix }) => ({ uri: { prefix } })) }),
        ...(backends !== undefined && { backends }),
    };
}
