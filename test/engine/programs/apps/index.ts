import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, MeshBackend, MeshBackendArgs, PlatformConnection } from "../../../../index";

/** An application of the configuration. */
interface App {
    args: Omit<CanaryAppArgs, "platform">;
    /** Names of the applications that come before it. */
    dependsOn?: string[];
    /** Names of backends that it may call by ARN. */
    backends?: string[];
}

/** A backend of the configuration. */
interface Backend {
    args: Omit<MeshBackendArgs, "platform">;
    /** Names of the applications that come before it: the one that makes its namespace. */
    dependsOn?: string[];
}

const config = new pulumi.Config();
const platform = JSON.parse(config.require("connection")) as PlatformConnection;

const apps = new Map<string, CanaryApp>();
/** How long each deletion may take, where that is not left to the library. */
const bound = config.get("bound");
const earlier = (names: string[] = []) => ({
    dependsOn: names.map((name) => apps.get(name)!),
    ...(bound !== undefined && { customTimeouts: { delete: bound } }),
});

const listed = config.getObject<Record<string, Backend>>("backends") ?? {};
const backends = new Map<string, MeshBackend>();

function arnOf(name: string): pulumi.Output<string> {
    const { args, dependsOn } = listed[name]!;
    const made = backends.get(name) ?? new MeshBackend(name, { ...args, platform }, earlier(dependsOn));
    backends.set(name, made);
    return made.arn;
}

for (const [name, app] of Object.entries(config.requireObject<Record<string, App>>("apps"))) {
    const args: CanaryAppArgs = { ...app.args, platform };
    if (app.backends !== undefined) {
        args.service = { ...args.service, backends: app.backends.map(arnOf) };
    }
    apps.set(name, new CanaryApp(name, args, earlier(app.dependsOn)));
}

export const plans = Object.fromEntries([...apps].map(([name, app]) => [name, app.plan.summary]));
export const commands = Object.fromEntries([...apps].map(([name, app]) => [name, app.gateCommands]));
