import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { GatewayConnection } from "../../connection";
import { ExistingGatewayArgs, GatewayApiArgs } from "./args";

/** The group of the Gateway API. */
export const group = "gateway.networking.k8s.io";

/** What is read of a Gateway's status. */
interface GatewayStatus {
    addresses?: { value?: string }[];
}

/** What a Gateway is made of. */
export interface GatewaySpec {
    name: string;
    namespace: string;
    gatewayClass: pulumi.Input<string>;
    port: number;
    args?: GatewayApiArgs;
    /** Annotations of what the controller makes for it, a load balancer's above all. */
    infrastructureAnnotations?: Record<string, pulumi.Input<string>>;
    /** An object in its namespace with parameters of its controller. */
    parametersRef?: Record<string, string>;
}

/** A GatewayClass of a controller. */
export function gatewayClassObject(
    childName: string,
    name: string,
    controllerName: string,
    opts: pulumi.CustomResourceOptions,
): CustomResource {
    return new CustomResource(
        childName,
        { apiVersion: `${group}/v1`, kind: "GatewayClass", metadata: { name }, spec: { controllerName } },
        opts,
    );
}

/** A Gateway with one listener for HTTP. It is there once its controller has programmed it, with its address. */
export function gatewayObject(
    childName: string,
    spec: GatewaySpec,
    opts: pulumi.CustomResourceOptions,
): { gateway: pulumi.Resource; address: pulumi.Output<string> } {
    const { name, namespace, gatewayClass, port, args, infrastructureAnnotations = {}, parametersRef } = spec;
    const annotated = Object.keys(infrastructureAnnotations).length > 0;
    const gateway = new CustomResource(
        childName,
        {
            apiVersion: `${group}/v1`,
            kind: "Gateway",
            metadata: { name, namespace, annotations: { "pulumi.com/waitFor": "condition=Programmed" } },
            spec: {
                gatewayClassName: gatewayClass,
                listeners: [
                    {
                        name: "http",
                        port,
                        protocol: "HTTP",
                        ...(args?.hostname !== undefined && { hostname: args.hostname }),
                        allowedRoutes: { namespaces: routesFrom(args?.routesFrom) },
                    },
                ],
                ...((annotated || parametersRef !== undefined) && {
                    infrastructure: {
                        ...(annotated && { annotations: infrastructureAnnotations }),
                        ...(parametersRef !== undefined && { parametersRef }),
                    },
                }),
            },
            // Not an input: named, so that what the cluster says of it is an output.
            status: undefined,
        },
        opts,
    );
    return { gateway, address: addressOf(gateway) };
}

function routesFrom(labels: Record<string, pulumi.Input<string>> | undefined): Record<string, unknown> {
    return labels === undefined ? { from: "All" } : { from: "Selector", selector: { matchLabels: labels } };
}

/** How applications join a Gateway that exists. */
export function existingGateway(
    childName: string,
    given: ExistingGatewayArgs,
    opts: pulumi.CustomResourceOptions,
): GatewayConnection {
    const { name, namespace, address, scheme, port } = given;
    return {
        address: address ?? addressOf(lookUp(childName, `${namespace}/${name}`, opts)),
        ...(scheme !== undefined && { scheme }),
        ...(port !== undefined && { port }),
        objectName: name,
        objectNamespace: namespace,
    };
}

function lookUp(childName: string, id: string, opts: pulumi.CustomResourceOptions): CustomResource {
    return new CustomResource(
        childName,
        {
            apiVersion: `${group}/v1`,
            kind: "Gateway",
            status: undefined,
        },
        { ...opts, id },
    );
}

function addressOf(gateway: CustomResource): pulumi.Output<string> {
    const { status } = gateway as unknown as { status: pulumi.Output<GatewayStatus | undefined> };
    return status.apply((known) => known?.addresses?.[0]?.value ?? "");
}
