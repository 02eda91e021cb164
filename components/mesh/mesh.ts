import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "../chartRelease";
import { Chart } from "../charts";
import { Cluster } from "../cluster/cluster";
import { AwsAccount } from "../cluster/clusterChoice";
import { IdentitySource } from "../cluster/workloadIdentity";
import { GatewayConnection, MeshConnection, Mirror, PlatformConnection } from "../connection";
import { Definitions } from "../definitions";
import type { AnalysisArgs } from "../delivery/analysis";
import type { ServiceArgs } from "../delivery/serviceArgs";
import { GatewayAddonArgs } from "../gateway";
import { Namespaces } from "../namespaces";
import { PrometheusAddonArgs } from "../observability/prometheusArgs";
import { ScrapeJob } from "../observability/scrapeJobs";
import { TrafficQueries } from "../observability/trafficQueries";
import { Problems } from "../validation";
import { Values } from "../values";
import { MeshCapabilities } from "./capabilities";
import { MeshArgs } from "./meshArgs";

/** The add-ons of a platform that belong to its mesh. */
export interface MeshAddons {
    meshDefinitions?: AddonArgs;
    meshController?: AddonArgs;
    prometheus?: PrometheusAddonArgs;
    gateway?: GatewayAddonArgs;
}

/** Where the arguments of a mesh stand among those of the platform, for messages. */
export interface MeshPaths {
    /** Such as `mesh`. */
    readonly mesh: string;
    /** Such as `addons`. */
    readonly addons: string;
}

/** What a mesh is given to install itself. */
export interface PlatformScope {
    /** The platform's name; names of children begin with it. */
    name: string;
    args: MeshArgs;
    addons: MeshAddons;
    /** Whether the mesh is to bring its own Prometheus. */
    prometheus: boolean;
    cluster: Cluster;
    /** What the mesh's own pods get identities in AWS from. */
    identities: IdentitySource;
    namespaces: Namespaces;
    definitions: Definitions;
    mirror?: Mirror;
    tags?: Record<string, pulumi.Input<string>>;
    parent: pulumi.Resource;
}

/** What an object carries so that it, or all in it, is a member of a mesh. */
export interface Membership {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
}

/** A mesh that was installed. */
export interface InstalledMesh {
    connection: MeshConnection;
    /** By what a namespace joins the platform's mesh; nothing where each application has a mesh of its own. */
    namespaceMembership: Membership;
    gateway?: GatewayConnection;
    /** Address of the mesh's own Prometheus, unless it was switched off or another one was asked for. */
    metricsServer?: string;
    /** What an application has to wait for, and what has to outlive it. */
    required: pulumi.Resource[];
    /** Settles when the mesh takes objects; rejects when it does not come up. */
    ready: pulumi.Output<unknown>;
}

/** What a mesh is given to take an application in. */
export interface AppScope {
    /** Names of children begin with it. */
    childName: string;
    /** The application's name. */
    name: string;
    namespace: string;
    connection: PlatformConnection;
    tags?: Record<string, pulumi.Input<string>>;
    opts: pulumi.CustomResourceOptions;
}

/** A pod's place in the mesh: who it is and for which workloads it stands. */
export interface MemberArgs {
    serviceAccount: string;
    workloads: string[];
}

/** An application's way to the outside. */
export interface RouteArgs {
    /** The path prefix under which the application answers. */
    path: string;
    /** What has to exist before the route, and to go after it. */
    dependsOn: pulumi.Resource[];
}

/** What an application asks for, where a mesh may have something to say about it. Its own checks come before. */
export interface AppRequest {
    service: ServiceArgs;
    analysis: AnalysisArgs;
    /** The path under which it asks for a place at the gateway, if it does. */
    path?: string;
    /** The platform's gateway on that mesh, if it has one. */
    gateway?: GatewayConnection;
}

/** What a mesh is given to make a service outside it reachable from inside. */
export interface BackendScope {
    /** Names of children begin with it. */
    childName: string;
    name: string;
    namespace: string;
    /** The DNS name that leads to the service, and by which it is called. */
    hostname: pulumi.Input<string>;
    port: number;
    /** `tcp` or `http`. */
    protocol: string;
    connection: PlatformConnection;
    opts: pulumi.CustomResourceOptions;
}

/** How applications name a service that is not canaried. Known only once it can be called. */
export interface BackendNames {
    /** For applications in the same namespace. */
    name: pulumi.Output<string>;
    /** For applications anywhere in the mesh; empty where there is no such name. */
    arn: pulumi.Output<string>;
}

/** Flagger's built-in metrics, as queries of a MetricTemplate, for a mesh whose series its own ones do not fit. */
export interface BuiltinQueries {
    /** The share of requests that were not answered with an error, in percent. */
    readonly "request-success-rate": string;
    /** The time within which 99 of 100 requests are answered, in milliseconds. */
    readonly "request-duration": string;
}

/** A mesh, as the rest of the library sees it. Each one is a file in this folder and a line in the registry. */
export interface Mesh {
    /** The mesh's name for people. */
    readonly title: string;
    /** The provider string that Flagger knows it by. */
    readonly flaggerProvider: string;
    /** What whoever chooses this mesh has to know first. */
    readonly warning?: string;
    /** The charts of the add-ons that belong to it. An add-on that has none here is nothing that the mesh has. */
    readonly charts: Readonly<Partial<Record<keyof MeshAddons, Chart>>>;
    /** Which of the platform's arguments for a mesh it reads, beside the provider and the add-ons. Others are refused. */
    readonly reads: readonly (keyof MeshArgs)[];
    /** Whether its gateway comes of no chart, and still is an add-on with a Service and pods of its own. */
    readonly gatewayWithoutChart?: boolean;
    /** What a Canary may ask of it. */
    readonly capabilities: MeshCapabilities;
    /** How its traffic is asked for in PromQL. */
    readonly queries: TrafficQueries;
    /** How Flagger asks for it, where its own built-in metrics do not fit. */
    readonly builtinQueries?: BuiltinQueries;
    /** Whether `install` brings a Prometheus from a chart that the mesh's makers have for it. */
    readonly ownPrometheus: boolean;
    /** What any other Prometheus has to scrape for Flagger and the dashboards, by the names of the jobs. */
    readonly scrapeJobs: Readonly<Record<string, ScrapeJob>>;

    /** Whether its proxies act in AWS, and so every application needs a role. */
    readonly needsIdentity: boolean;

    /** Its own parts that act in AWS, and so need a role on any platform; none where it needs nothing of AWS. */
    accounts(addons: MeshAddons): AwsAccount[];
    checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void;
    install(scope: PlatformScope): InstalledMesh;
    /** Checks what of a Canary the mesh would refuse, or would never finish, beyond what the capabilities say. */
    checkApp?(problems: Problems, request: AppRequest): void;
    /** What the mesh allows of a Canary and a user should know of. */
    appWarnings?(request: AppRequest): string[];

    /** By what a namespace joins the mesh. */
    namespaceMembership(scope: AppScope): Membership;
    /** By what a pod joins the mesh, or says that it does where its namespace says so already. */
    readonly podMembership: Membership;
    /** By what a pod stays out of the mesh although its namespace is a member. */
    readonly podAbsence: Membership;
    /** What has to exist before the first pod of the namespace, beyond what the platform made. */
    prepareNamespace(scope: AppScope): pulumi.Resource[];
    /** The annotations by which a service account's pods may act as these workloads, made with what grants it. */
    admit(scope: AppScope, childName: string, member: MemberArgs): Record<string, pulumi.Input<string>>;
    /** What the load tester's chart needs to know to reach these services through the mesh. */
    loadTesterValues(services: string[]): Values;
    /**
     * Makes a service outside the mesh reachable from inside it; answers by what names an application may call it. Missing where
     * applications call such services without more ado.
     */
    backend?(scope: BackendScope): BackendNames;
    /**
     * The Canary's service with all that the mesh needs in it: what its user wrote, and the gateway's part, where the path of an
     * exposed application is given and Flagger's own route leads there.
     */
    canaryService(scope: AppScope, service: ServiceArgs, path: string | undefined): ServiceArgs;
    /** Leads the traffic of the gateway to the application's service, where it takes more than Flagger's own route. */
    expose?(scope: AppScope, route: RouteArgs): pulumi.Resource;
}
