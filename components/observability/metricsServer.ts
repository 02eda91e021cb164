import * as pulumi from "@pulumi/pulumi";

import { isEnabled } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { InstalledMesh } from "../mesh/mesh";
import { Namespaces } from "../namespaces";
import { PlatformMesh, ownPrometheus, scrapeJobsOf } from "../platformMeshes";
import type { AddonsArgs } from "../progressiveMeshCluster";
import { communityPrometheus } from "./communityPrometheus";
import { MetricsServerAuthArgs } from "./metricsAuth";
import { metricsProxy } from "./metricsProxy";
import { PrometheusSource, prometheusSource } from "./prometheusArgs";

/** What decides where a platform's metrics are asked for. */
export interface MetricsServerArgs {
    meshes: readonly PlatformMesh[];
    installed: InstalledMesh;
    addons: AddonsArgs;
    /** The address that the user gave. */
    given?: pulumi.Input<string>;
    auth?: MetricsServerAuthArgs;
    namespaces: Namespaces;
    mirror?: Mirror;
}

/** The one address at which Flagger, Grafana and applications ask for metrics, with what is made for it. */
export function metricsServer(
    name: string,
    args: MetricsServerArgs,
    inCluster: pulumi.CustomResourceOptions,
): { address: pulumi.Output<string>; required: pulumi.Resource[] } {
    const { meshes, addons, given, auth, namespaces, mirror } = args;
    const required: pulumi.Resource[] = [];
    let address = given ?? args.installed.metricsServer ?? "";
    const source = prometheusSource(addons.prometheus, ownPrometheus(meshes));
    if (isEnabled(addons.prometheus) && source === PrometheusSource.Community) {
        const namespace = addons.prometheus?.namespace ?? charts.prometheus.namespace;
        const prometheus = communityPrometheus(
            name,
            { namespace, scrapeJobs: scrapeJobsOf(meshes), addon: addons.prometheus, mirror },
            { ...inCluster, dependsOn: namespaces.require(namespace) },
        );
        required.push(prometheus.release);
        address = given ?? prometheus.address;
    }
    if (given !== undefined && auth !== undefined) {
        const namespace = addons.flagger?.namespace ?? charts.flagger.namespace;
        const proxy = metricsProxy(
            name,
            { namespace, metricsServer: given, auth, mirror },
            { ...inCluster, dependsOn: namespaces.require(namespace) },
        );
        required.push(proxy.service);
        address = proxy.address;
    }
    return { address: pulumi.output(address), required };
}
