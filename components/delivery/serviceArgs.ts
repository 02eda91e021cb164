import * as pulumi from "@pulumi/pulumi";

import { CorsArgs } from "./service/cors";
import { HeaderChangesArgs } from "./service/headers";
import { ServiceMetadataArgs, UnmanagedMetadataArgs } from "./service/metadata";
import { GatewayRefArgs, RequestMirrorArgs } from "./service/references";
import { RetriesArgs } from "./service/retries";
import { RewriteArgs } from "./service/rewrite";
import { RouteMatchArgs } from "./service/routeMatch";
import { TrafficPolicyArgs } from "./service/trafficPolicy";

/** How an application is reached inside the mesh. Flagger makes the Kubernetes services and the mesh's routes from it. */
export interface ServiceArgs {
    /**
     * The name of the service; those of the two versions are this with `-primary` and `-canary`. After a change the
     * services and routes of the old name stay, and have to be removed by hand.
     * @default - the application's name
     */
    name?: string;
    /**
     * The port of the service.
     * @default - the workload's port; required with a target of your own
     */
    port?: number;
    /**
     * The name of that port, of at most 63 characters. Do not let it contain `grpc` on App Mesh: Flagger's route would
     * not fit.
     * @default "http"
     */
    portName?: string;
    /**
     * The number of the port that the pods listen on.
     * @default - that of the service
     */
    targetPort?: number;
    /**
     * The name of the port that the pods listen on, of at most 15 characters, instead of its number. App Mesh ignores
     * it.
     * @default - `targetPort` says it
     */
    targetPortName?: string;
    /**
     * The protocol of the port, as Kubernetes calls it: `http`, `grpc`, `kubernetes.io/h2c`. With `tcp`, Istio does not
     * look into requests: of all that is said of them here, only the ports of matches count.
     * @default - what the mesh makes of the port's name
     */
    appProtocol?: string;
    /**
     * Which pods Kubernetes prefers: `PreferClose`, `PreferSameZone` or `PreferSameNode`.
     * @default - none
     */
    trafficDistribution?: string;
    /**
     * Whether the service has all other ports of the containers too.
     * @default false
     */
    portDiscovery?: boolean;
    /**
     * Whether the services have no address of their own, and their names lead to the pods.
     * @default false
     */
    headless?: boolean;
    /**
     * How long a request may take, retries and all: seconds or minutes.
     * @default - the mesh's own limit (15 seconds on App Mesh)
     */
    timeout?: string;
    /**
     * How long one try may take, where the mesh is a Gateway API: seconds or minutes, no more than `timeout`.
     * @default - the mesh's own limit
     */
    backendTimeout?: string;
    /**
     * Which requests are tried again.
     * @default - none
     */
    retries?: RetriesArgs;
    /**
     * Which requests belong to the application: those that one of these describes. App Mesh reads the prefix of the
     * first alone.
     * @default - all
     */
    match?: RouteMatchArgs[];
    /**
     * Changes to where requests go.
     * @default - none
     */
    rewrite?: RewriteArgs;
    /**
     * Changes to headers.
     * @default - none
     */
    headers?: HeaderChangesArgs;
    /**
     * Where copies of requests go, where the mesh is a Gateway API. This has nothing to do with the canary.
     * @default - nowhere
     */
    mirror?: RequestMirrorArgs[];
    /**
     * Which pages of other origins may call from a browser.
     * @default - the application says it
     */
    cors?: CorsArgs;
    /**
     * How proxies connect to the application, on Istio.
     * @default - as the mesh does
     */
    trafficPolicy?: TrafficPolicyArgs;
    /**
     * Host names that lead to the application, in lower case; "*.example.com" stands for all below.
     * @default - the name of the service
     */
    hosts?: pulumi.Input<string>[];
    /**
     * Istio's gateways that lead to the application: `namespace/name`, or `mesh` for the proxies.
     * @default - the mesh
     */
    gateways?: pulumi.Input<string>[];
    /**
     * Gateways that the route joins, where the mesh is a Gateway API; at most 32.
     * @default - none
     */
    gatewayRefs?: GatewayRefArgs[];
    /**
     * Whether another VirtualService of Istio leads here, so that the route has no hosts and gateways of its own.
     * @default false
     */
    delegation?: boolean;
    /**
     * The mesh of old App Mesh objects. Nothing reads it today.
     * @default - none
     */
    meshName?: string;
    /**
     * Services of the mesh that the application calls, each once, by name in the same namespace or by ARN. App Mesh
     * lets no other call pass.
     * @default - none
     */
    backends?: pulumi.Input<string>[];
    /**
     * Labels and annotations of the service and of the mesh's objects.
     * @default - none
     */
    apex?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the primary's service.
     * @default - none
     */
    primary?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the canary's service.
     * @default - none
     */
    canary?: ServiceMetadataArgs;
    /**
     * Labels and annotations of the services that others set and Flagger leaves alone.
     * @default - none
     */
    unmanagedMetadata?: UnmanagedMetadataArgs;
}
