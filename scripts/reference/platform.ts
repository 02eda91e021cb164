/**
 * The platform: a cluster with a mesh, Prometheus, Flagger, Grafana and a gateway, and the connection that applications get from it.
 * In words: [the platform](../platform.md).
 * @module platform
 */
export { ProgressiveMeshCluster } from "../../index";
export type {
    ProgressiveMeshClusterArgs,
    AddonsArgs,
    Mirror,
    PlatformConnection,
    MeshConnection,
    SecondMeshConnection,
    GatewayConnection,
    IdentityConnection,
} from "../../index";
