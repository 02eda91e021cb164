import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { annotatedPods, podsWithContainer } from "../observability/scrapeJobs";
import { PlatformScope } from "./mesh";

const prometheusName = "appmesh-prometheus";
const adminPort = 9901;

/** What any other Prometheus has to scrape, so that it answers like App Mesh's own. */
export const scrapeJobs = {
    "appmesh-envoy": podsWithContainer("envoy", adminPort, "/stats/prometheus"),
    "annotated-pods": annotatedPods(adminPort),
};

/** Installs the Prometheus of App Mesh's makers. */
export function installPrometheus(scope: PlatformScope): { release: pulumi.Resource; address: string } {
    const { name, addons, cluster, namespaces, mirror, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const addon = addons.prometheus;
    const namespace = addon?.namespace ?? charts.appmeshPrometheus.namespace;
    const dependsOn = namespaces.require(namespace);
    if (addon?.storage !== undefined) {
        dependsOn.push(volumeClaim(scope, namespace, { ...opts, dependsOn: [...dependsOn] }));
    }
    const release = chartRelease(
        `${name}-${prometheusName}`,
        {
            chart: charts.appmeshPrometheus,
            releaseName: prometheusName,
            namespace,
            mirror,
            addon,
            values: {
                ...(addon?.retention !== undefined && { retention: addon.retention }),
                ...(addon?.scrapeInterval !== undefined && { scrapeInterval: addon.scrapeInterval }),
                ...(addon?.storage !== undefined && { persistentVolumeClaim: { claimName: prometheusName } }),
            },
        },
        { ...opts, dependsOn },
    );
    // Not by way of the release: who asks it for metrics is installed at the same time.
    return { release, address: `http://${prometheusName}.${namespace}:9090` };
}

/** The chart makes no volume: it takes one by its claim's name. */
function volumeClaim(
    { name, addons }: PlatformScope,
    namespace: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const { size, storageClass } = addons.prometheus!.storage!;
    return new PersistentVolumeClaim(
        `${name}-${prometheusName}`,
        {
            metadata: {
                name: prometheusName,
                namespace,
                // Most classes make the volume only once a pod wants it, and the pod comes after the claim.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: size } },
                ...(storageClass !== undefined && { storageClassName: storageClass }),
            },
        },
        opts,
    );
}
