import { appMesh } from "./appMesh";
import { istio } from "./istio";
import { kubernetes } from "./kubernetes";
import { Mesh } from "./mesh";

/** The meshes that a platform can be built on. */
export const MeshProvider = {
    /** AWS App Mesh, which AWS ended on 2026-09-30. */
    AppMesh: "appmesh",
    /** Istio, with a proxy beside each pod. */
    Istio: "istio",
    /** No mesh: blue/green by Kubernetes alone. */
    Kubernetes: "kubernetes",
} as const;

/** Every mesh this library knows, by the name a user gives it. */
export const meshes: Readonly<Record<string, Mesh>> = {
    [MeshProvider.AppMesh]: appMesh,
    [MeshProvider.Istio]: istio,
    [MeshProvider.Kubernetes]: kubernetes,
};

/** The mesh of that name, or undefined: own keys only, so that "constructor" is not one. */
export function findMesh(provider: unknown): Mesh | undefined {
    return typeof provider === "string" && Object.hasOwn(meshes, provider) ? meshes[provider] : undefined;
}
