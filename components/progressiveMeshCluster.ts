import * as pulumi from "@pulumi/pulumi";

import { addonWarnings } from "./addonArgs";
import { AddonArgs, chartRelease, isEnabled } from "./chartRelease";
import { charts } from "./charts";
import { clusterOf } from "./cluster/clusterChoice";
import { EksArgs } from "./cluster/eksArgs";
import { ExistingClusterArgs } from "./cluster/existingCluster";
import { IamArgs } from "./cluster/iam";
import { IdentitySource } from "./cluster/workloadIdentity";
import { Mirror, PlatformConnection } from "./connection";
import { Definitions } from "./definitions";
import { flagger } from "./delivery/flagger";
import { FlaggerAddonArgs } from "./delivery/flaggerAddon";
import { boundDeletion } from "./destroy/bounds";
import { GatewayAddonArgs } from "./gateway";
import { gitOps } from "./gitops/gitOps";
import { GitOpsArgs } from "./gitops/gitOpsArgs";
import { InstalledMesh } from "./mesh/mesh";
import { MeshArgs, SecondMeshArgs } from "./mesh/meshArgs";
import { Namespaces } from "./namespaces";
import { grafana } from "./observability/grafana";
import { GrafanaAddonArgs } from "./observability/grafanaArgs";
import { MetricsServerAuthArgs } from "./observability/metricsAuth";
import { metricsServer } from "./observability/metricsServer";
import { PrometheusAddonArgs } from "./observability/prometheusArgs";
import { addonsOf, checkPlatform } from "./platformArgs";
import { PlatformMesh, chartsOf, wantsOwnPrometheus } from "./platformMeshes";
import { withoutPromiseStacks } from "./promiseStacks";
import { shareProvider } from "./appProvider";

/** A delivery platform. */
export interface ProgressiveMeshClusterArgs {
    /** The mesh that routes the traffic. */
    mesh: MeshArgs;
    /**
     * A mesh beside it, for applications that move from one to the other: an application is on the first unless its `mesh` names
     * this one.
     * @default - none
     */
    secondMesh?: SecondMeshArgs;
    /**
     * The EKS cluster to build.
     * @default - Kubernetes 1.34 on two m5.large in the default VPC
     */
    eks?: EksArgs;
    /**
     * A cluster that exists, in place of one to build.
     * @default - a cluster is built as `eks` says
     */
    existing?: ExistingClusterArgs;
    /**
     * How identities in AWS are made: roles of your own, their boundary and path, IRSA or Pod Identity.
     * @default - a role for each service account that needs one
     */
    iam?: IamArgs;
    /**
     * The add-ons, each switched, pinned and configured the same way.
     * @default - all of them, at the versions of the library's catalogue
     */
    addons?: AddonsArgs;
    /**
     * Where Flagger and Grafana read metrics, when it is not the Prometheus that the platform installs.
     * @default - the platform's Prometheus
     */
    metricsServer?: pulumi.Input<string>;
    /**
     * The credentials that `metricsServer` wants. Then a proxy in the cluster adds them, and Flagger, Grafana and applications ask
     * the proxy: Flagger itself can show no credentials.
     * @default - none
     */
    metricsServerAuth?: MetricsServerAuthArgs;
    /**
     * Applications out of a Git repository: Flux, the repository, and what of it is applied.
     * @default - none: Flux is not installed
     */
    gitOps?: GitOpsArgs;
    /**
     * Where charts and images come from when the internet is out of reach.
     * @default - their own repositories
     */
    mirror?: Mirror;
    /**
     * Tags for every AWS resource of the platform.
     * @default - none
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/** The add-ons of a platform. */
export interface AddonsArgs {
    /**
     * The chart of the mesh's CustomResourceDefinitions, where it has one of its own.
     * @default - installed
     */
    meshDefinitions?: AddonArgs;
    /**
     * The controller that makes the mesh's objects real.
     * @default - installed
     */
    meshController?: AddonArgs;
    /**
     * The Prometheus that reads the mesh's proxies.
     * @default - installed
     */
    prometheus?: PrometheusAddonArgs;
    /**
     * Flagger.
     * @default - installed
     */
    flagger?: FlaggerAddonArgs;
    /**
     * Grafana, with dashboards for canaries.
     * @default - installed
     */
    grafana?: GrafanaAddonArgs;
    /**
     * The gateway that leads traffic into the mesh, where it has one.
     * @default - installed
     */
    gateway?: GatewayAddonArgs;
    /**
     * The metrics server that autoscalers read. EKS brings none.
     * @default - installed on a cluster that is built here; not on one that exists, which may have its own
     */
    metricsServer?: AddonArgs;
}

/**
 * A platform for progressive delivery: an EKS cluster, or the cluster you have, a mesh with its gateway, Prometheus,
 * Flagger and Grafana.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered.
 */
export class ProgressiveMeshCluster extends pulumi.ComponentResource {
    /** What an application needs to know of the platform. Its values are known once the platform is ready. */
    public readonly connection: PlatformConnection;
    /** The cluster's name in AWS. */
    public readonly clusterName: pulumi.Output<string>;
    /** The host name of the gateway; empty without one. */
    public readonly gatewayAddress: pulumi.Output<string>;
    /** Grafana's address inside the cluster; empty without it. */
    public readonly grafanaAddress: pulumi.Output<string>;
    /** The password of Grafana's user `admin`, a secret; empty without it. */
    public readonly grafanaPassword: pulumi.Output<string>;

    constructor(name: string, args: ProgressiveMeshClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        const meshes = checkPlatform(name, args);
        super("pulumi-progressive-mesh:index:ProgressiveMeshCluster", name, {}, boundDeletion(opts));
        const made = withoutPromiseStacks(() => this.make(name, args, meshes));
        this.connection = made.connection;
        this.clusterName = made.clusterName;
        this.gatewayAddress = made.gatewayAddress;
        this.grafanaAddress = made.grafanaAddress;
        this.grafanaPassword = made.grafanaPassword;
    }

    /** Makes all that is in it. */
    private make(name: string, args: ProgressiveMeshClusterArgs, meshes: PlatformMesh[]): Outputs {
        for (const { mesh } of meshes) {
            if (mesh.warning !== undefined) {
                void pulumi.log.warn(mesh.warning, this);
            }
        }

        const { addons = {}, iam, mirror, tags } = args;
        const written = addonsOf(args);
        for (const [path, chart] of Object.entries(chartsOf(meshes, addons))) {
            for (const warning of addonWarnings(path, written[path], chart)) {
                void pulumi.log.warn(warning, this);
            }
        }
        const cluster = clusterOf(name, args, this);
        const identities: IdentitySource = {
            identity: cluster.identity,
            roles: iam?.roles,
            podIdentityAgent: cluster.podIdentityAgent,
        };
        const inCluster: pulumi.CustomResourceOptions = { parent: this, provider: cluster.provider };
        const namespaces = new Namespaces(name, inCluster);
        const definitions = new Definitions(name, cluster.kubeconfig, cluster.identifier, this);

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
                parent: this,
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
        shareProvider(name, connection, this);

        const outputs: Outputs = {
            connection,
            clusterName: cluster.name,
            gatewayAddress,
            grafanaAddress: grafanaOutputs.address,
            grafanaPassword: grafanaOutputs.password,
        };
        this.registerOutputs({ ...outputs });
        return outputs;
    }
}

/** What a platform says of itself. */
type Outputs = Pick<
    ProgressiveMeshCluster,
    "connection" | "clusterName" | "gatewayAddress" | "grafanaAddress" | "grafanaPassword"
>;
