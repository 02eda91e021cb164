import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, PlatformConnection } from "pulumi-progressive-mesh";

/** One stack is one application, named after it. */
export = async () => {
    const config = new pulumi.Config();
    const name = pulumi.getStack();

    // Read once and in full: the mesh in it decides which resources an application has.
    const platform = new pulumi.StackReference(config.require("platform"));
    const connection = (await platform.getOutputDetails("connection")).secretValue as PlatformConnection | undefined;
    if (connection === undefined) {
        throw new Error(`The stack ${config.require("platform")} has no platform yet: run pulumi up there first.`);
    }

    const app = new CanaryApp(name, {
        platform: connection,
        namespace: name,
        workload: {
            image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
            port: 9898,
            readinessPath: "/readyz",
        },
        analysis: {
            interval: "15s",
            threshold: 5,
            steps: { stepWeight: config.requireNumber("stepWeight"), maxWeight: 50 },
        },
        loadTest: { command: `hey -z 1m -q 10 -c 2 http://${name}-canary.${name}:9898/` },
        gateway: { path: config.require("path") },
        waitForPromotion: {},
    });
    return { url: app.url, plan: app.plan.summary };
};
