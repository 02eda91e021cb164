/**
 * Applications out of a Git repository, by Flux. In words: [GitOps](../gitops.md).
 * @module gitops
 */
export type { GitOpsArgs, GitRepositoryArgs, KustomizationArgs, HealthCheckArgs } from "../../index";
