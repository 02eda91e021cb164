import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../../index";

const config = new pulumi.Config();
const { existing, ...args } = config.requireObject<ProgressiveMeshClusterArgs>("platform");

const platform = new ProgressiveMeshCluster("whole", {
    ...args,
    existing: { ...existing, kubeconfig: config.requireSecret("kubeconfig") },
    mirror: { chartRepository: config.require("chartRepository") },
});

for (const [name, app] of Object.entries(
    config.requireObject<Record<string, Omit<CanaryAppArgs, "platform">>>("apps"),
)) {
    new CanaryApp(name, { ...app, platform: platform.connection });
}
