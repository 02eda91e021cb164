import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "./addonArgs";
import { PlatformConnection } from "./connection";
import { AnalysisArgs } from "./delivery/analysis";
import { FastRollbackArgs } from "./delivery/fastRollback/fastRollbackArgs";
import { GatesArgs } from "./delivery/gates";
import { WaitForPromotionArgs } from "./delivery/promotion/waitForPromotion";
import { ServiceArgs } from "./delivery/serviceArgs";
import { AcceptanceTestArgs, LoadTestArgs, WebhookArgs } from "./delivery/webhooks";
import { TargetArgs, WorkloadArgs } from "./delivery/workload";

/** One application under progressive delivery. */
export interface CanaryAppArgs {
    /** The platform to run on: `connection` of a `ProgressiveMeshCluster`, of this program or another stack. */
    platform: PlatformConnection;
    /** The namespace of the application. It becomes a member of the mesh. */
    namespace: string;
    /**
     * Whether the component makes the namespace, with the labels of the mesh. Several applications can share one: let one
     * of them make it, with its load tester.
     * @default true
     */
    createNamespace?: boolean;
    /**
     * Which of the platform's meshes the application is on: the `provider` of the first or of the second. To name the other one
     * moves it there, with a rollout: docs/migration.md.
     * @default - the platform's first mesh
     */
    mesh?: string;
    /**
     * The name of the application, its Deployment, its Canary and its service.
     * @default - the component's name, or the target's
     */
    appName?: string;
    /**
     * The Deployment to make. Exactly one of `workload` and `target` is given.
     * @default - a target of your own
     */
    workload?: WorkloadArgs;
    /**
     * A Deployment, DaemonSet or Service that exists.
     * @default - a workload made by the component
     */
    target?: TargetArgs;
    /**
     * How the application is reached.
     * @default - by HTTP at the workload's port
     */
    service?: ServiceArgs;
    /** How a new version is judged. */
    analysis: AnalysisArgs;
    /**
     * How long the canary's pods may take to become ready before the rollout fails, in seconds.
     * @default 600
     */
    progressDeadlineSeconds?: number;
    /**
     * Promotes whatever starts, without any analysis: for a repair that cannot wait. It holds until it is taken out again.
     * @default false
     */
    skipAnalysis?: boolean;
    /**
     * Stops Flagger from doing anything with the application, also in the middle of a rollout: the weight stays as it is.
     * @default false
     */
    suspend?: boolean;
    /**
     * Gives the target its replicas back when the Canary goes, before it goes. Flagger has to be there then, and the target
     * too: let this component depend on it.
     * @default - false: a target of your own is left scaled to zero
     */
    revertOnDeletion?: boolean;
    /**
     * Lets `pulumi up` wait until the version that it released is promoted, and fail when it is rolled back.
     * @default - `pulumi up` ends when the objects are there, and the rollout goes on by itself
     */
    waitForPromotion?: WaitForPromotionArgs;
    /**
     * Promotes a version without analysis where it is one of the last that were promoted before, of the same pods and configuration. It
     * holds for that version alone. Needs `waitForPromotion`.
     * @default - whatever is released is analysed
     */
    fastRollback?: FastRollbackArgs;
    /**
     * Where the rollout waits for somebody's approval.
     * @default - nowhere
     */
    gates?: GatesArgs;
    /**
     * A test before the canary gets traffic.
     * @default - none
     */
    acceptanceTest?: AcceptanceTestArgs;
    /**
     * The load on the canary while it is analysed.
     * @default - none: the traffic of real users is what is measured
     */
    loadTest?: LoadTestArgs;
    /**
     * Services of your own that Flagger calls during a rollout.
     * @default - none
     */
    webhooks?: WebhookArgs[];
    /**
     * Where the metrics are read, as the URL of a Prometheus inside the cluster.
     * @default - the platform's
     */
    metricsServer?: pulumi.Input<string>;
    /**
     * Annotations of the Canary, such as `appmesh.flagger.app/accesslog: enabled`.
     * @default - none
     */
    canaryAnnotations?: Record<string, string>;
    /**
     * Fields of the Canary's spec that the library has no word for, or has another opinion of. They are merged last and
     * checked by nobody before the API server.
     * @default - none
     */
    canarySpec?: Record<string, any>;
    /**
     * The load tester's chart. It is a member of the mesh and lives in the application's namespace.
     * @default - installed
     */
    loadTester?: AddonArgs;
    /**
     * The application's place at the platform's gateway.
     * @default - it is reached from inside the mesh only
     */
    gateway?: AppGatewayArgs;
    /**
     * Roles of your own for its service accounts, `{ "apps/podinfo": "arn:aws:iam::...:role/..." }`; the load tester's is
     * `<namespace>/flagger-loadtester`. For such a service account no role is made.
     * @default - the platform's `iam.roles`
     */
    roles?: Record<string, pulumi.Input<string>>;
    /**
     * Tags for the AWS resources of the application, its proxies' IAM roles.
     * @default - none
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/** An application's place at the gateway. */
export interface AppGatewayArgs {
    /** The path prefix that leads to the application: "/" for all. */
    path: string;
}

/** The application's name, after which Flagger names everything. */
export function appNameOf(name: string, args: CanaryAppArgs): string {
    return args.appName ?? args.target?.name ?? name;
}
