export { CanaryApp } from "./components/canaryApp";
export type { AppGatewayArgs, CanaryAppArgs } from "./components/canaryAppArgs";
export type { AddonArgs } from "./components/chartRelease";
export type { EksArgs, NodesArgs } from "./components/cluster/eksCluster";
export type {
    GatewayConnection,
    IdentityConnection,
    MeshConnection,
    Mirror,
    PlatformConnection,
} from "./components/connection";
export type { AnalysisArgs, MetricArgs, StepsArgs } from "./components/delivery/analysis";
export type { PathMatchArgs, RetriesArgs, ServiceArgs } from "./components/delivery/service";
export type { AcceptanceTestArgs, LoadTestArgs } from "./components/delivery/webhooks";
export type { AutoscalingArgs, ResourcesArgs, TargetArgs, WorkloadArgs } from "./components/delivery/workload";
export type { MeshArgs, TracingArgs } from "./components/mesh/mesh";
export { MeshProvider } from "./components/mesh/meshes";
export { ProgressiveMeshCluster } from "./components/progressiveMeshCluster";
export type { AddonsArgs, ProgressiveMeshClusterArgs } from "./components/progressiveMeshCluster";
