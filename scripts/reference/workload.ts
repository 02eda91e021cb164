/**
 * What is released: a Deployment that the component makes, or a target that exists; and how it is scaled.
 * In words: [what is released](../canary-app.md#what-is-released).
 * @module workload
 */
export type {
    WorkloadArgs,
    ProbesArgs,
    ProbeArgs,
    ResourcesArgs,
    SecurityArgs,
    EnvFromArgs,
    FilesArgs,
    AutoscalingArgs,
    ScaledObjectArgs,
    TriggerArgs,
    PrimaryReplicasArgs,
    TargetArgs,
    AutoscalerRefArgs,
} from "../../index";
