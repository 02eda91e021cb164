/**
 * Which mesh a platform has, and what one mesh takes that others do not.
 * In words: [the meshes](../meshes.md), [from one to another](../migration.md).
 * @module meshes
 */
export { MeshProvider, MeshBackend } from "../../index";
export type {
    MeshArgs,
    SecondMeshArgs,
    SecondMeshAddonsArgs,
    TracingArgs,
    GatewayApiArgs,
    ExistingGatewayArgs,
    VpcLatticeArgs,
    LinkerdArgs,
    MeshBackendArgs,
} from "../../index";
