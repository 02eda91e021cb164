import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, PlatformConnection } from "../../../../index";

const config = new pulumi.Config();

export = async () => {
    const stack = new pulumi.StackReference(config.require("platform"));
    const connection = (await stack.getOutputDetails("connection")).secretValue as PlatformConnection;
    const args = config.requireObject<Omit<CanaryAppArgs, "platform">>("app");
    // Where the kubeconfig is not plain, an application has a provider of its own.
    const kubeconfig = config.getBoolean("ownProvider") ? pulumi.secret(connection.kubeconfig) : connection.kubeconfig;
    const app = new CanaryApp(config.require("name"), { ...args, platform: { ...connection, kubeconfig } });
    return { url: app.url };
};
