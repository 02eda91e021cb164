import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "./chartRelease";
import { EksArgs } from "./cluster/eksArgs";
import { ExistingClusterArgs } from "./cluster/existingCluster";
import { IamArgs } from "./cluster/iam";
import { Mirror, PlatformConnection } from "./connection";
import { FlaggerAddonArgs } from "./delivery/flaggerAddon";
import { boundDeletion } from "./destroy/bounds";
import { GatewayAddonArgs } from "./gateway";
import { GitOpsArgs } from "./gitops/gitOpsArgs";
import { MeshArgs, SecondMeshArgs } from "./mesh/meshArgs";
import { GrafanaAddonArgs } from "./observability/grafanaArgs";
import { MetricsServerAuthArgs } from "./observability/metricsAuth";
import { PrometheusAddonArgs } from "./observability/prometheusArgs";
import { checkPlatform } from "./platformArgs";
import { leaveOutPromiseStacks } from "./promiseStacks";
import { platformParts } from "./platformParts";

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
        leaveOutPromiseStacks();
        const meshes = checkPlatform(name, args);
        super("pulumi-progressive-mesh:index:ProgressiveMeshCluster", name, {}, boundDeletion(opts));
        const made = platformParts(this, name, args, meshes);
        this.registerOutputs({ ...made });
        this.connection = made.connection;
        this.clusterName = made.clusterName;
        this.gatewayAddress = made.gatewayAddress;
        this.grafanaAddress = made.grafanaAddress;
        this.grafanaPassword = made.grafanaPassword;
    }
}
