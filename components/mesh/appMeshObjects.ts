import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { AppScope } from "./mesh";

/** The group and version of App Mesh's objects. */
export const appMeshVersion = "appmesh.k8s.aws/v1beta2";

/** The mesh that a namespace belongs to: the platform's, or one of its own that is named after it. */
export function meshOf({ connection, namespace }: Pick<AppScope, "connection" | "namespace">): string {
    return connection.mesh.name ?? namespace;
}

/** The labels by which a namespace joins a mesh and its pods get a proxy. */
export function memberLabels(mesh: string): Record<string, string> {
    return { mesh, "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" };
}

/** A Mesh that takes in every namespace with its label. */
export function meshResource(
    childName: string,
    mesh: string,
    allowEgress: boolean,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new CustomResource(
        childName,
        {
            apiVersion: appMeshVersion,
            kind: "Mesh",
            metadata: { name: mesh },
            spec: {
                namespaceSelector: { matchLabels: { mesh } },
                egressFilter: { type: allowEgress ? "ALLOW_ALL" : "DROP_ALL" },
            },
        },
        opts,
    );
}
