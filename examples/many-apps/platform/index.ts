import * as pulumi from "@pulumi/pulumi";
import { Mirror, ProgressiveMeshCluster } from "pulumi-progressive-mesh";

const config = new pulumi.Config();

const platform = new ProgressiveMeshCluster("shared", {
    mesh: { provider: config.require("mesh") },
    existing: { kubeconfig: config.requireSecret("kubeconfig"), clusterName: config.require("clusterName") },
    addons: { gateway: { type: config.require("gatewayType") } },
    mirror: config.getObject<Mirror>("mirror"),
});

/** All that application stacks need to know. The kubeconfig in it is a secret, here and there. */
export const connection = platform.connection;
export const grafanaPassword = platform.grafanaPassword;
