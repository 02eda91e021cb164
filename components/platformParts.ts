import * as pulumi from "@pulumi/pulumi";

import { addonWarnings } from "./addonArgs";
import { chartRelease, isEnabled } from "./chartRelease";
import { charts } from "./charts";
import { clusterOf } from "./cluster/clusterChoice";
import { IdentitySource } from "./cluster/workloadIdentity";
import { PlatformConnection } from "./connection";
import { Definitions } from "./definitions";
import { flagger } from "./delivery/flagger";
import { gitOps } from "./gitops/gitOps";
import { InstalledMesh } from "./mesh/mesh";
import { Namespaces } from "./namespaces";
import { grafana } from "./observability/grafana";
import { metricsServer } from "./observability/metricsServer";
import { addonsOf } from "./platformArgs";
import { PlatformMesh, chartsOf, wantsOwnPrometheus } from "./platformMeshes";
import { shareProvider } from "./appProvider";
import type { ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "./progressiveMeshCluster";

/** What a platform says of itself. */
export type PlatformOutputs = Pick<
    ProgressiveMeshCluster,
    "connection" | "clusterName" | "gatewayAddress" | "grafanaAddress" | "grafanaPassword"
>;

/** Makes all that is in a platform, whose arguments have been checked. */
export function platformParts(
    platform: ProgressiveMeshCluster,
    name: string,
    args: ProgressiveMeshClusterArgs,
    meshes: PlatformMesh[],
): PlatformOutputs {
    for (const { mesh } of meshes) {
        if (mesh.warning !== undefined) {
            void pulumi.log.warn(mesh.warning, platform);
        }
    }

    const { addons = {}, iam, mirror, tags } = args;
    const written = addonsOf(args);
    for (const [path, chart] of Object.entries(chartsOf(meshes, addons))) {
        for (const warning of addonWarnings(path, written[path], chart)) {
            void pulumi.log.warn(warning, platform);
        }
    }
    const cluster = clusterOf(name, args, platform);
    const identities: IdentitySource = {
        identity: cluster.identity,
        roles: iam?.roles,
        podIdentityAgent: cluster.podIdentityAgent,
    };
    const inCluster: pulumi.CustomResourceOptions = { parent: platform, provider: cluster.provider };
    const namespaces = new Namespaces(name, inCluster);
    const definitions = new Definitions(name, cluster.kubeconfig, cluster.identifier, platform);

    const prometheus = wantsOwnPrometheus(addons.prometheus, meshes);
    const [installed, second] = meshes.map(({ mesh, args: ofMesh, addons: itsAddons }) =>
        mesh.install({
            name,
            args: ofMesh,
            addons: itsAddons,
            prometheus,
            cluster,
            identities,
            namespaces,
            definitions,
            mirror,
            tags,
            parent: platform,
        }),
    ) as [InstalledMesh, InstalledMesh?];
    const { mesh } = meshes[0]!;
    const ready = pulumi.all([installed.ready, second?.ready]);
    const required = [...installed.required, ...(second?.required ?? [])];
    const metrics = metricsServer(
        name,
        { meshes, addons, given: args.metricsServer, auth: args.metricsServerAuth, installed, namespaces, mirror },
        inCluster,
    );
    required.push(...metrics.required);

    if (isEnabled(addons.flagger)) {
        const namespace = addons.flagger?.namespace ?? charts.flagger.namespace;
        required.push(
            flagger(
                name,
                {
                    mesh,
                    metricsServer: metrics.address,
                    clusterName: cluster.name,
                    namespace,
                    addon: addons.flagger,
                    definitions,
                    mirror,
                },
                { ...inCluster, dependsOn: namespaces.require(namespace) },
            ),
        );
    }
    if (isEnabled(addons.metricsServer, args.existing === undefined)) {
        const namespace = addons.metricsServer?.namespace ?? charts.metricsServer.namespace;
        required.push(
            chartRelease(
                `${name}-metrics-server`,
                {
                    chart: charts.metricsServer,
                    releaseName: "metrics-server",
                    namespace,
                    addon: addons.metricsServer,
                    mirror,
                },
                { ...inCluster, dependsOn: namespaces.require(namespace) },
            ),
        );
    }
    let grafanaOutputs = { address: pulumi.output(""), password: pulumi.secret("") };
    if (isEnabled(addons.grafana)) {
        const namespace = addons.grafana?.namespace ?? charts.grafana.namespace;
        grafanaOutputs = grafana(
            name,
            {
                namespace,
                metricsServer: metrics.address,
                traffic: meshes.map((each) => each.mesh),
                addon: addons.grafana,
                mirror,
            },
            { ...inCluster, dependsOn: namespaces.require(namespace) },
        );
    }

    const gatewayAddress = pulumi.output(installed.gateway?.address ?? "");
    if (args.gitOps !== undefined) {
        gitOps(
            name,
            {
                args: args.gitOps,
                variables: {
                    meshProvider: mesh.flaggerProvider,
                    meshName: installed.connection.name ?? "",
                    meshNamespaceLabels: JSON.stringify(installed.namespaceMembership.labels ?? {}),
                    meshNamespaceAnnotations: JSON.stringify(installed.namespaceMembership.annotations ?? {}),
                    metricsServer: metrics.address,
                    clusterName: cluster.name,
                    gatewayAddress,
                },
                required: ready.apply(() => required),
                namespaces,
                mirror,
            },
            inCluster,
        );
    }
    const connection: PlatformConnection = {
        // By way of everything an application needs, so that it comes after it and goes before it. URNs carry the
        // dependence and are known at preview, so a changed add-on does not make the kubeconfig unknown.
        kubeconfig: pulumi.secret(
            pulumi
                .all([cluster.kubeconfig, ready, pulumi.all(required.map((r) => r.urn))])
                .apply(([kubeconfig]) => kubeconfig),
        ),
        clusterName: cluster.name,
        mesh: installed.connection,
        metricsServer: metrics.address,
        ...(installed.gateway !== undefined && { gateway: installed.gateway }),
        ...(second !== undefined && {
            secondMesh: {
                mesh: second.connection,
                ...(second.gateway !== undefined && { gateway: second.gateway }),
            },
        }),
        ...(cluster.identity !== undefined && { identity: cluster.identity }),
        ...(iam?.roles !== undefined && { roles: iam.roles }),
        ...(mirror !== undefined && { mirror }),
    };
    shareProvider(name, connection, platform);

    return {
        connection,
        clusterName: cluster.name,
        gatewayAddress,
        grafanaAddress: grafanaOutputs.address,
        grafanaPassword: grafanaOutputs.password,
    };
}
