import { appMesh } from "./appMesh";
import { istio } from "./istio";
import { kubernetes } from "./kubernetes";
import { envoyGateway } from "./envoyGateway";
import { gatewayApi } from "./gatewayApi";
import { linkerd } from "./linkerd/linkerd";
import { Mesh } from "./mesh";
import { vpcLattice } from "./vpcLattice";

/** The meshes that a platform can be built on. */
export const MeshProvider = {
    /** AWS App Mesh, which AWS ended on 2026-09-30. */
    AppMesh: "appmesh",
    /** Istio, with a proxy beside each pod. */
    Istio: "istio",
    /** Linkerd, by routes of the Gateway API. */
    Linkerd: "linkerd",
    /** No mesh: blue/green by Kubernetes alone. */
    Kubernetes: "kubernetes",
    /** Envoy Gateway, by the Gateway API. */
    EnvoyGateway: "envoy-gateway",
    /** AWS' VPC Lattice, by the Gateway API. */
    VpcLattice: "vpc-lattice",
    /** A Gateway API whose controller is there already. */
    GatewayApi: "gateway-api",
} as const;

/** Every mesh this library knows, by the name a user gives it. */
export const meshes: Readonly<Record<string, Mesh>> = {
    [MeshProvider.AppMesh]: appMesh,
    [MeshProvider.Istio]: istio,
    [MeshProvider.Linkerd]: linkerd,
    [MeshProvider.Kubernetes]: kubernetes,
    [MeshProvider.EnvoyGateway]: envoyGateway,
    [MeshProvider.VpcLattice]: vpcLattice,
    [MeshProvider.GatewayApi]: gatewayApi,
};

/** The mesh of that name, or undefined: own keys only, so that "constructor" is not one. */
export function findMesh(provider: unknown): Mesh | undefined {
    return typeof provider === "string" && Object.hasOwn(meshes, provider) ? meshes[provider] : undefined;
}
