import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import type { AddonArgs } from "./addonArgs";
import { podValues } from "./addonPods";
import { Chart, mirroredImages } from "./charts";
import { chartReference, chartSource } from "./chartSource";
import { Mirror } from "./connection";
import type { Definitions } from "./definitions";
import { disruptionBudget } from "./disruptionBudget";
import { Values, mergeValues } from "./values";

export { checkAddon, isEnabled } from "./addonArgs";
export type { AddonArgs } from "./addonArgs";

/** How a chart is installed beyond what its user may set. */
export interface ChartReleaseArgs {
    /** The chart as the catalogue has it. */
    chart: Chart;
    /** The name of the release, and of the objects that the chart names after it. */
    releaseName: string;
    /** The namespace, which has to exist. */
    namespace: pulumi.Input<string>;
    /** What the library sets. */
    values?: Values;
    /** What the user sets. */
    addon?: AddonArgs;
    mirror?: Mirror;
    /** Where the chart's CustomResourceDefinitions are kept, for a chart that brings some. */
    definitions?: Definitions;
    /** Whether to go on without waiting for the chart's pods. */
    skipAwait?: boolean;
}

/** Installs a chart, with all that belongs to it: the one way in which this library does it. */
export function chartRelease(name: string, args: ChartReleaseArgs, opts: pulumi.CustomResourceOptions): Release {
    const { chart, addon, mirror } = args;
    const source = chartSource(chart, addon, mirror);
    const { repository, keyring } = source;
    const release = new Release(
        name,
        {
            name: args.releaseName,
            namespace: args.namespace,
            chart: chartReference(source),
            version: source.version,
            ...(repository !== undefined && { repositoryOpts: { repo: repository } }),
            ...(keyring !== undefined && { verify: true, keyring }),
            values: mergeValues(
                mirroredImages(chart, mirror?.imageRegistry),
                chart.restricted,
                args.values,
                podValues(chart, addon),
                addon?.values,
            ),
            // A failed first install is taken away again, so that the next `pulumi up` starts clean instead of finding a
            // release that "already exists".
            atomic: !args.skipAwait,
            cleanupOnFail: true,
            skipAwait: args.skipAwait ?? false,
        },
        { ...opts, dependsOn: afterDefinitions(args, opts.dependsOn) },
    );
    const beside = { ...opts, dependsOn: [release] };
    if (addon?.disruptionBudget !== undefined) {
        // Never the chart's own: one knows `minAvailable` alone, one leaves it out where there is one pod, some have none.
        disruptionBudget(
            `${name}-disruption-budget`,
            { name: `${args.releaseName}-disruption-budget`, namespace: args.namespace },
            { "app.kubernetes.io/name": chart.podName ?? chart.chart },
            addon.disruptionBudget,
            beside,
        );
    }
    if (addon?.replicas !== undefined && chart.openReplicas === true) {
        holdReplicas(`${name}-replicas`, args.releaseName, args.namespace, addon.replicas, beside);
    }
    return release;
}

/** What the release waits for: its definitions too, so that a new controller finds new ones. */
function afterDefinitions(
    { chart, addon, mirror, definitions }: ChartReleaseArgs,
    dependsOn: pulumi.CustomResourceOptions["dependsOn"],
): pulumi.CustomResourceOptions["dependsOn"] {
    if (chart.definitions !== true || definitions === undefined || addon?.upgradeDefinitions === false) {
        return dependsOn;
    }
    const made = definitions.of(chartSource(chart, addon, mirror), addon?.deleteDefinitions ?? false);
    return pulumi.all([made, dependsOn ?? []]).apply(([own, others]) => [...own, others].flat());
}

/** Holds the number of a Deployment's pods where its chart leaves it open. With one bound Kubernetes needs no metrics for it. */
function holdReplicas(
    childName: string,
    name: string,
    namespace: pulumi.Input<string>,
    replicas: number,
    opts: pulumi.CustomResourceOptions,
): void {
    new HorizontalPodAutoscaler(
        childName,
        {
            metadata: { name, namespace },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
                minReplicas: replicas,
                maxReplicas: replicas,
            },
        },
        opts,
    );
}
