import * as pulumi from "@pulumi/pulumi";

import { ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../../index";

const config = new pulumi.Config();
const args = config.requireObject<ProgressiveMeshClusterArgs>("platform");
const kubeconfig = config.getSecret("kubeconfig");
/** How long each deletion may take, where that is not left to the library. */
const bound = config.get("bound");

const platform = new ProgressiveMeshCluster(
    "given",
    {
        ...args,
        ...(kubeconfig !== undefined && { existing: { ...args.existing, kubeconfig } }),
        mirror: { chartRepository: config.require("chartRepository"), imageRegistry: config.get("imageRegistry") },
    },
    { ...(bound !== undefined && { customTimeouts: { delete: bound } }) },
);

export const connection = platform.connection;
export const gatewayAddress = platform.gatewayAddress;
