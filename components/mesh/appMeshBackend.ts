import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { appMeshVersion, meshOf } from "./appMeshObjects";
import { BackendNames, BackendScope } from "./mesh";

/** Leads a host name to a service outside the mesh: a node found by DNS, a router with one route, a virtual service. */
export function backend(scope: BackendScope): BackendNames {
    const node = meshObject(scope, "VirtualNode", nodeSpec(scope), []);
    const router = meshObject(scope, "VirtualRouter", routerSpec(scope), [node]);
    const service = meshObject(scope, "VirtualService", serviceSpec(scope), [router]);
    return {
        name: once(service, scope.name),
        arn: once(service, virtualServiceArn(scope)),
    };
}

function meshObject(
    scope: BackendScope,
    kind: string,
    spec: Record<string, unknown>,
    dependsOn: pulumi.Resource[],
): pulumi.Resource {
    return new CustomResource(
        scope.childName,
        { apiVersion: appMeshVersion, kind, metadata: { name: scope.name, namespace: scope.namespace }, spec },
        {
            ...scope.opts,
            dependsOn,
            // The controller's webhook refuses to change the name in AWS, and a new object needs the old one's name.
            replaceOnChanges: ["spec.awsName"],
            deleteBeforeReplace: true,
        },
    );
}

function nodeSpec(scope: BackendScope): Record<string, unknown> {
    return {
        listeners: listeners(scope),
        serviceDiscovery: { dns: { hostname: scope.hostname } },
    };
}

function routerSpec(scope: BackendScope): Record<string, unknown> {
    const action = { weightedTargets: [{ virtualNodeRef: { name: scope.name }, weight: 1 }] };
    const route =
        scope.protocol === "http" ? { httpRoute: { match: { prefix: "/" }, action } } : { tcpRoute: { action } };
    return {
        listeners: listeners(scope),
        routes: [{ name: scope.name, ...route }],
    };
}

function serviceSpec(scope: BackendScope): Record<string, unknown> {
    return {
        // Proxies know a call by the virtual service's name in AWS, so it has to be the host that is called.
        awsName: scope.hostname,
        provider: { virtualRouter: { virtualRouterRef: { name: scope.name } } },
    };
}

function listeners({ port, protocol }: BackendScope): Record<string, unknown>[] {
    return [{ portMapping: { port, protocol } }];
}

/** Empty without an identity: then the account of the mesh is not known. */
function virtualServiceArn(scope: BackendScope): pulumi.Input<string> {
    const { hostname, connection } = scope;
    const identity = connection.identity;
    if (identity === undefined) {
        return "";
    }
    const { partition, region, accountId } = identity;
    const mesh = meshOf(scope);
    return pulumi.interpolate`arn:${partition}:appmesh:${region}:${accountId}:mesh/${mesh}/virtualService/${hostname}`;
}

/** The value by way of a resource, so that whoever uses it comes after the resource and goes before it. */
function once(resource: pulumi.Resource, value: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.all([value, resource.urn]).apply(([known]) => known);
}
