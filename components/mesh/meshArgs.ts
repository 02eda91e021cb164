import { AddonArgs } from "../chartRelease";
import { GatewayAddonArgs } from "../gateway";
import type { GatewayApiArgs } from "./gatewayApi/args";
import type { VpcLatticeArgs } from "./gatewayApi/vpcLatticeArgs";
import type { LinkerdArgs } from "./linkerd/linkerdArgs";

/** The mesh of a platform. */
export interface MeshArgs {
    /** Which mesh: a value of `MeshProvider`. There is no default: the choice outlives most others. */
    provider: string;
    /**
     * The name of the mesh that the platform makes for its gateway and all applications, on App Mesh. With a Gateway API, the
     * name of the Gateway that the platform makes.
     * @default - the component's name
     */
    name?: string;
    /**
     * Whether pods of the mesh may call addresses outside it.
     * @default - as the mesh has it: false on App Mesh, true on Istio
     */
    allowEgress?: boolean;
    /**
     * Traces of the proxies.
     * @default - off
     */
    tracing?: TracingArgs;
    /**
     * The Gateway that applications join, for `envoy-gateway`, `vpc-lattice` and `gateway-api`.
     * @default - the platform makes one that takes routes of every namespace
     */
    gatewayApi?: GatewayApiArgs;
    /**
     * What VPC Lattice needs to know beside it, for `vpc-lattice`.
     * @default - the service network is made, and the controller asks the node for its VPC
     */
    vpcLattice?: VpcLatticeArgs;
    /**
     * What there is to say of Linkerd.
     * @default - certificates that are drawn once
     */
    linkerd?: LinkerdArgs;
}

/** A mesh beside the platform's first one, for applications that move from one to the other. */
export interface SecondMeshArgs extends MeshArgs {
    /**
     * The add-ons that belong to it; those of the first mesh stand in the platform's own `addons`.
     * @default - as the mesh has them
     */
    addons?: SecondMeshAddonsArgs;
}

/** The add-ons of a platform's second mesh. Prometheus, Flagger and Grafana are for both, and stand in the platform's `addons`. */
export interface SecondMeshAddonsArgs {
    /**
     * The chart of the mesh's CustomResourceDefinitions, where it has one of its own.
     * @default - installed
     */
    meshDefinitions?: AddonArgs;
    /**
     * The controller that makes the mesh's objects real.
     * @default - installed
     */
    meshController?: AddonArgs;
    /**
     * The gateway that leads traffic into the mesh, where it has one.
     * @default - installed
     */
    gateway?: GatewayAddonArgs;
}

/** Where proxies send their traces. */
export interface TracingArgs {
    /**
     * `jaeger`, `datadog`, or `opentelemetry` for a collector of OpenTelemetry, which on App Mesh has to receive Zipkin's spans.
     * App Mesh also has `x-ray`, Istio and Envoy Gateway `zipkin`.
     */
    provider: string;
    /**
     * Host of the agent or collector, such as "collector.tracing". X-Ray needs none: its daemon runs beside each proxy.
     * OpenTelemetry needs one, and on Istio and Envoy Gateway so does everything.
     * @default - the mesh controller's own default
     */
    address?: string;
    /**
     * Port of the agent or collector.
     * @default - 2000 for X-Ray, 9411 for Jaeger, Zipkin and OpenTelemetry (4317 on Istio and Envoy Gateway), 8126 for Datadog
     */
    port?: number;
    /**
     * The share of requests that are traced, from 0 to 1. Of the proxies of App Mesh, only those that send to X-Ray can be told;
     * for others the collector has to choose.
     * @default - 0.05 for X-Ray, 0.01 on Istio and Envoy Gateway
     */
    samplingRate?: number;
}
