import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { Definitions } from "../definitions";
import { Mesh } from "../mesh/mesh";
import { Values, setAt } from "../values";
import type { FlaggerAddonArgs } from "./flaggerAddon";
import { flaggerAlerts } from "./flaggerAlerts";

/** What Flagger is installed with. */
export interface FlaggerArgs {
    mesh: Mesh;
    metricsServer: pulumi.Input<string>;
    clusterName: pulumi.Input<string>;
    namespace: string;
    addon?: FlaggerAddonArgs;
    definitions?: Definitions;
    mirror?: Mirror;
}

/** Installs Flagger. */
export function flagger(name: string, args: FlaggerArgs, opts: pulumi.CustomResourceOptions): Release {
    const { namespace, addon, definitions, mirror } = args;
    const alerts = flaggerAlerts(name, namespace, addon?.alerts, opts);
    return chartRelease(
        `${name}-flagger`,
        {
            chart: charts.flagger,
            releaseName: "flagger",
            namespace,
            mirror,
            addon,
            definitions,
            values: {
                meshProvider: args.mesh.flaggerProvider,
                metricsServer: args.metricsServer,
                clusterName: args.clusterName,
                ...alerts.values,
                ...optionsOf(addon ?? {}),
            },
        },
        alerts.made.length === 0
            ? opts
            : {
                  ...opts,
                  dependsOn: pulumi.output(opts.dependsOn ?? []).apply((others) => [others, alerts.made].flat()),
              },
    );
}

/**
 * Flagger asks about ten times for each Canary at each interval, and more in a rollout. By its own limit, 100 a second, a few
 * hundred Canaries would be looked at late, and a bad version be taken back late.
 */
const requestsPerSecond = 500;
const burst = 1000;

/** The chart's values for what Flagger has beyond other add-ons; what else is not asked for stays as the chart has it. */
function optionsOf(addon: FlaggerAddonArgs): Values {
    const { replicas = 1, leaderElection = replicas > 1 ? true : undefined } = addon;
    const asked: Record<string, unknown> = {
        "leaderElection.enabled": leaderElection,
        "podMonitor.enabled": addon.podMonitor,
        threadiness: addon.threadiness,
        kubeconfigQPS: addon.kubernetesQps ?? requestsPerSecond,
        kubeconfigBurst: addon.kubernetesBurst ?? burst,
    };
    const values: Values = {};
    for (const [key, value] of Object.entries(asked)) {
        if (value !== undefined) {
            setAt(values, key, value);
        }
    }
    return values;
}
