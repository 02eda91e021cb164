import * as pulumi from "@pulumi/pulumi";

import { ProgressiveMeshCluster } from "../../../../index";

const off = { enabled: false };
const platform = new ProgressiveMeshCluster("shared", {
    mesh: { provider: "appmesh" },
    addons: { grafana: off, metricsServer: off },
    mirror: { chartRepository: new pulumi.Config().require("chartRepository") },
});

export const connection = platform.connection;
