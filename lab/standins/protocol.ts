import { createRequire } from "node:module";

const load = createRequire(__filename);

const proto = (name: string): any => load(`@pulumi/pulumi/proto/${name}`);

/** The messages of Pulumi's plugin protocol. */
export const messages = {
    provider: proto("provider_pb"),
    plugin: proto("plugin_pb"),
    language: proto("language_pb"),
    resource: proto("resource_pb"),
    engine: proto("engine_pb"),
};

/** The services of Pulumi's plugin protocol. */
export const services = {
    ResourceProviderService: proto("provider_grpc_pb").ResourceProviderService,
    LanguageRuntimeService: proto("language_grpc_pb").LanguageRuntimeService,
    ResourceMonitorService: proto("resource_grpc_pb").ResourceMonitorService,
    EngineService: proto("engine_grpc_pb").EngineService,
};

/** Properties of a resource. */
export type Bag = Record<string, unknown>;

/** An empty answer. */
export function emptyMessage(): any {
    const { Empty } = load("google-protobuf/google/protobuf/empty_pb.js");
    return new Empty();
}

/** Properties as a message. Undefined ones have no form there and are left out. */
export function struct(bag: Bag): any {
    const { Struct } = load("google-protobuf/google/protobuf/struct_pb.js");
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(bag)));
}

/** A handler of a call that is answered once; what it throws becomes the call's error. */
export function reply(handle: (request: any) => unknown): (call: any, callback: any) => void {
    return (call, callback) => {
        new Promise((resolve) => resolve(handle(call.request))).then(
            (response) => callback(null, response),
            (error: Error) => callback({ code: 2, details: error.message }),
        );
    };
}

/** Ends this process when the one that started it is gone, however that came about. */
export function diesWithParent(before: () => void = () => undefined): void {
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) {
            before();
            process.exit(1);
        }
    }, 500).unref();
}
