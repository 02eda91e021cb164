import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { Mesh } from "../mesh/mesh";

/** What Flagger is installed with. */
export interface FlaggerArgs {
    mesh: Mesh;
    metricsServer: pulumi.Input<string>;
    clusterName: pulumi.Input<string>;
    namespace: string;
    addon?: AddonArgs;
    mirror?: Mirror;
}

/** Installs Flagger. Its CRDs come with the chart; Helm leaves them, and so every Canary's definition, behind at destroy. */
export function flagger(name: string, args: FlaggerArgs, opts: pulumi.CustomResourceOptions): k8s.helm.v3.Release {
    return chartRelease(
        `${name}-flagger`,
        {
            chart: charts.flagger,
            releaseName: "flagger",
            namespace: args.namespace,
            mirror: args.mirror,
            addon: args.addon,
            values: {
                meshProvider: args.mesh.flaggerProvider,
                metricsServer: args.metricsServer,
                clusterName: args.clusterName,
            },
        },
        opts,
    );
}
