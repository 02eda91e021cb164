import { appMesh } from "./appMesh";
import { kubernetes } from "./kubernetes";
import { linkerd } from "./linkerd/linkerd";
import { Mesh } from "./mesh";

/** The meshes that a platform can be built on. */
export const MeshProvider = {
    /** AWS App Mesh, which AWS ended on 2026-09-30. */
    AppMesh: "appmesh",
    /** Linkerd, by routes of the Gateway API. */
    Linkerd: "linkerd",
    /** No mesh: blue/green by Kubernetes alone. */
    Kubernetes: "kubernetes",
} as const;

/** Every mesh this library knows, by the name a user gives it. */
export const meshes: Readonly<Record<string, Mesh>> = {
    [MeshProvider.AppMesh]: appMesh,
    [MeshProvider.Linkerd]: linkerd,
    [MeshProvider.Kubernetes]: kubernetes,
};

/** The mesh of that name, or undefined: own keys only, so that "constructor" is not one. */
export function findMesh(provider: unknown): Mesh | undefined {
    return typeof provider === "string" && Object.hasOwn(meshes, provider) ? meshes[provider] : undefined;
}
