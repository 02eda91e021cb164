import * as grpc from "@grpc/grpc-js";

import { emptyMessage, messages, reply, services } from "../../lab/standins/protocol";

/** A resource as a program asked for it. */
export interface Registration {
    type: string;
    name: string;
    custom: boolean;
    props: Record<string, unknown>;
}

const stackType = "pulumi:pulumi:Stack";

/**
 * The two services that a program talks to, as Pulumi's engine would serve them at a preview: every resource is granted, with its
 * inputs for outputs, and what is asked of it is kept. It does nothing else, so that what a program takes is what is measured.
 */
export class Monitor {
    /** What the present program has registered; the stack itself is not counted. */
    registrations: Registration[] = [];
    /** The errors that it logged. */
    errors: string[] = [];
    /** When it registered its first resource, by `performance.now()`. */
    firstAt?: number;
    private root = "";

    private constructor(private readonly server: grpc.Server) {}

    /** Serves on a free port of this machine. */
    static async start(): Promise<{ monitor: Monitor; address: string }> {
        // A program of a thousand applications sends whole values of charts; the engine takes as much.
        const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
        const monitor = new Monitor(server);
        server.addService(services.ResourceMonitorService, monitor.resources());
        server.addService(services.EngineService, monitor.engine());
        const port = await new Promise<number>((resolve, reject) =>
            server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        return { monitor, address: `127.0.0.1:${port}` };
    }

    /** Forgets what the last program did. */
    reset(): void {
        this.registrations = [];
        this.errors = [];
        this.firstAt = undefined;
        this.root = "";
    }

    stop(): void {
        this.server.forceShutdown();
    }

    private resources(): grpc.UntypedServiceImplementation {
        const empty = reply(() => emptyMessage());
        return {
            supportsFeature: reply(() => {
                const response = new messages.resource.SupportsFeatureResponse();
                response.setHassupport(true);
                return response;
            }),
            registerResource: reply((request) => this.register(request)),
            registerResourceOutputs: empty,
            registerStackTransform: empty,
            registerStackInvokeTransform: empty,
            registerResourceHook: empty,
            registerErrorHook: empty,
            signalAndWaitForShutdown: empty,
            readResource: unimplemented,
            invoke: unimplemented,
            getDeploymentInfo: unimplemented,
            call: unimplemented,
            registerPackage: unimplemented,
        };
    }

    private engine(): grpc.UntypedServiceImplementation {
        return {
            log: reply((request) => {
                if (request.getSeverity() === messages.engine.LogSeverity.ERROR) {
                    this.errors.push(request.getMessage());
                }
                return emptyMessage();
            }),
            getRootResource: reply(() => {
                const response = new messages.engine.GetRootResourceResponse();
                response.setUrn(this.root);
                return response;
            }),
            setRootResource: reply((request) => {
                this.root = request.getUrn();
                return new messages.engine.SetRootResourceResponse();
            }),
            requirePulumiVersion: reply(() => new messages.engine.RequirePulumiVersionResponse()),
            startDebugging: unimplemented,
        };
    }

    private register(request: any): unknown {
        const type = request.getType();
        const object = request.getObject();
        if (type !== stackType) {
            this.firstAt ??= performance.now();
            this.registrations.push({
                type,
                name: request.getName(),
                custom: request.getCustom(),
                // Read when it is asked for: to read all of them now would take longer than the program.
                get props() {
                    return object.toJavaScript() as Record<string, unknown>;
                },
            });
        }
        const response = new messages.resource.RegisterResourceResponse();
        response.setUrn(urnOf(request));
        response.setObject(object);
        return response;
    }
}

/** The name of a resource as the engine makes it, of the type and name of whatever it stands under. */
function urnOf(request: any): string {
    const parentType = request.getParent().split("::")[2] ?? stackType;
    const type = parentType === stackType ? request.getType() : `${parentType}$${request.getType()}`;
    return `urn:pulumi:bench::bench::${type}::${request.getName()}`;
}

const unimplemented = reply(() => {
    throw new Error("The monitor of this measurement does not do that.");
});
