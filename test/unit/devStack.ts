import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { PlatformConnection } from "../../index";
import { Settings } from "../../stacks/settings";
import { issuer, kubeconfig, oidcProviderArn } from "./graph";

const file = path.join(__dirname, "../../Pulumi.dev.yaml");
const { config } = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };

/** The settings that the repository brings for its stack "dev". */
export const devSettings = {
    platform: config["progressive-mesh:platform"],
    app: config["progressive-mesh:app"],
} as Settings;

/** The provider that applications on the platform below share. */
export const sharedProvider = "dev-apps-258b362f";

/** A platform as an application sees it, with everything that a platform can have. */
export const connection: PlatformConnection = {
    kubeconfig,
    clusterName: "dev",
    mesh: { provider: "appmesh", name: "dev", xray: false },
    metricsServer: "http://appmesh-prometheus.appmesh-system:9090",
    gateway: { address: "gateway.example" },
    identity: {
        providerArn: oidcProviderArn,
        issuer,
        partition: "aws",
        region: "us-west-2",
        accountId: "123456789012",
    },
};
