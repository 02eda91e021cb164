/**
 * The cluster under a platform: one of EKS that is built, or one that exists, and how its pods get roles in AWS.
 * In words: [the cluster](../platform.md#the-cluster), [a cluster you have](../existing-clusters.md),
 * [identity](../identity.md).
 * @module cluster
 */
export type {
    EksArgs,
    NetworkArgs,
    NodesArgs,
    NodeGroupArgs,
    ScalingArgs,
    TaintArgs,
    EndpointArgs,
    EncryptionArgs,
    AccessEntryArgs,
    AccessPolicyArgs,
    ExistingClusterArgs,
    IamArgs,
} from "../../index";
