export { AlertProvider } from "./components/alertProvider";
export type { SharedAlertProviderArgs } from "./components/alertProvider";
export { CanaryApp } from "./components/canaryApp";
export type { AppGatewayArgs, CanaryAppArgs } from "./components/canaryAppArgs";
export type { AddonArgs } from "./components/addonArgs";
export type { AddonPodsArgs, DisruptionBudgetArgs, TolerationArgs } from "./components/addonPods";
export type { AccessEntryArgs, AccessPolicyArgs } from "./components/cluster/accessEntries";
export type { EksArgs } from "./components/cluster/eksArgs";
export type { EncryptionArgs } from "./components/cluster/encryption";
export type { EndpointArgs } from "./components/cluster/endpoint";
export type { ExistingClusterArgs } from "./components/cluster/existingCluster";
export type { IamArgs } from "./components/cluster/iam";
export type { NetworkArgs } from "./components/cluster/network";
export type { NodeGroupArgs, NodesArgs, ScalingArgs, TaintArgs } from "./components/cluster/nodeGroupArgs";
export type {
    GatewayConnection,
    IdentityConnection,
    MeshConnection,
    Mirror,
    PlatformConnection,
    SecondMeshConnection,
} from "./components/connection";
export type { AbMatchArgs, AbTestArgs, HeaderMatchArgs } from "./components/delivery/abTest";
export type { AlertProviderArgs } from "./components/delivery/alertProvider";
export type { AlertArgs, AlertProviderRefArgs } from "./components/delivery/alerts";
export type { AnalysisArgs } from "./components/delivery/analysis";
export type { BlueGreenArgs } from "./components/delivery/blueGreen";
export type { FastRollbackArgs } from "./components/delivery/fastRollback/fastRollbackArgs";
export type { GateArgs, GatesArgs } from "./components/delivery/gates";
export type {
    FlaggerAddonArgs,
    FlaggerAlertsArgs,
    FlaggerEventWebhookArgs,
    FlaggerSlackArgs,
    FlaggerTeamsArgs,
} from "./components/delivery/flaggerAddon";
export type { MetricTemplateArgs } from "./components/delivery/metricTemplate";
export type { BurnRateArgs } from "./components/delivery/judging/burnRate";
export type { CompareArgs } from "./components/delivery/judging/comparison";
export type { LowTrafficArgs } from "./components/delivery/judging/lowTraffic";
export type { MetricArgs, TemplateRefArgs } from "./components/delivery/metricArgs";
export { rolloutPlan } from "./components/delivery/rolloutPlan";
export type { PlanArgs, RolloutPlan } from "./components/delivery/plan";
export type { WaitForPromotionArgs } from "./components/delivery/promotion/waitForPromotion";
export type { ServiceArgs } from "./components/delivery/serviceArgs";
export type { CorsArgs } from "./components/delivery/service/cors";
export type { HeaderChangesArgs, HeaderOperationsArgs } from "./components/delivery/service/headers";
export type { ConsistentHashArgs, HttpCookieArgs, LoadBalancerArgs } from "./components/delivery/service/loadBalancer";
export type {
    LocalityArgs,
    LocalityDistributeArgs,
    LocalityFailoverArgs,
} from "./components/delivery/service/locality";
export type { ServiceMetadataArgs, UnmanagedMetadataArgs } from "./components/delivery/service/metadata";
export type { OutlierDetectionArgs } from "./components/delivery/service/outlierDetection";
export type { BackendRefArgs, GatewayRefArgs, RequestMirrorArgs } from "./components/delivery/service/references";
export type { RetriesArgs } from "./components/delivery/service/retries";
export type { RewriteArgs } from "./components/delivery/service/rewrite";
export type { RouteMatchArgs } from "./components/delivery/service/routeMatch";
export type { StringMatchArgs } from "./components/delivery/service/stringMatch";
export type { ConnectionPoolArgs, HttpPoolArgs, TrafficPolicyArgs } from "./components/delivery/service/trafficPolicy";
export type { TrafficTlsArgs } from "./components/delivery/service/trafficTls";
export type { SessionAffinityArgs } from "./components/delivery/sessionAffinity";
export type { StepsArgs } from "./components/delivery/steps";
export type { AcceptanceTestArgs, LoadTestArgs, WebhookArgs } from "./components/delivery/webhooks";
export type {
    AutoscalerRefArgs,
    AutoscalingArgs,
    EnvFromArgs,
    FilesArgs,
    PrimaryReplicasArgs,
    ProbeArgs,
    ProbesArgs,
    ResourcesArgs,
    ScaledObjectArgs,
    SecurityArgs,
    TargetArgs,
    TriggerArgs,
    WorkloadArgs,
} from "./components/delivery/workload";
export type { EvidenceArgs } from "./components/evidence/evidenceArgs";
export type { GatewayAddonArgs, GatewayTlsArgs } from "./components/gateway";
export type { GitOpsArgs } from "./components/gitops/gitOpsArgs";
export type { HealthCheckArgs, KustomizationArgs } from "./components/gitops/kustomizations";
export type { GitRepositoryArgs } from "./components/gitops/repository";
export type { LinkerdArgs } from "./components/mesh/linkerd/linkerdArgs";
export type { ExistingGatewayArgs, GatewayApiArgs } from "./components/mesh/gatewayApi/args";
export type { VpcLatticeArgs } from "./components/mesh/gatewayApi/vpcLatticeArgs";
export type { MeshArgs, SecondMeshAddonsArgs, SecondMeshArgs, TracingArgs } from "./components/mesh/meshArgs";
export { MeshBackend } from "./components/meshBackend";
export type { MeshBackendArgs } from "./components/meshBackend";
export { MetricTemplate } from "./components/metricTemplate";
export type { SharedMetricTemplateArgs } from "./components/metricTemplate";
export { MeshProvider } from "./components/mesh/meshes";
export type { GrafanaAddonArgs, IngressArgs } from "./components/observability/grafanaArgs";
export type { MetricsServerAuthArgs } from "./components/observability/metricsAuth";
export { PrometheusSource } from "./components/observability/prometheusArgs";
export type { PrometheusAddonArgs, StorageArgs } from "./components/observability/prometheusArgs";
export { ProgressiveMeshCluster } from "./components/progressiveMeshCluster";
export type { AddonsArgs, ProgressiveMeshClusterArgs } from "./components/progressiveMeshCluster";
