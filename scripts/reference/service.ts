/**
 * The service and the routes that Flagger makes for an application. In words: [the service](../canary-app.md#the-service), and
 * [what each mesh reads of it](../meshes.md).
 * @module service
 */
export type {
    ServiceArgs,
    RouteMatchArgs,
    StringMatchArgs,
    RewriteArgs,
    HeaderChangesArgs,
    HeaderOperationsArgs,
    CorsArgs,
    RetriesArgs,
    RequestMirrorArgs,
    BackendRefArgs,
    GatewayRefArgs,
    ServiceMetadataArgs,
    UnmanagedMetadataArgs,
    TrafficPolicyArgs,
    TrafficTlsArgs,
    ConnectionPoolArgs,
    HttpPoolArgs,
    OutlierDetectionArgs,
    LoadBalancerArgs,
    ConsistentHashArgs,
    HttpCookieArgs,
    LocalityArgs,
    LocalityDistributeArgs,
    LocalityFailoverArgs,
} from "../../index";
