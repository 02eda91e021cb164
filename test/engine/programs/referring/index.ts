import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, PlatformConnection } from "../../../../index";

const config = new pulumi.Config();

export = async () => {
    const stack = new pulumi.StackReference(config.require("platform"));
    const connection = (await stack.getOutputDetails("connection")).secretValue as PlatformConnection;
    const args = config.requireObject<Omit<CanaryAppArgs, "platform">>("app");
    const app = new CanaryApp(config.require("name"), { ...args, platform: connection });
    return { url: app.url };
};
