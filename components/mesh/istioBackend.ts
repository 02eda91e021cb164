import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { istioNetworking } from "./istioObjects";
import { BackendNames, BackendScope } from "./mesh";

/**
 * Makes a service outside the mesh known to the proxies of the namespace, so that they let its calls pass where they let nothing
 * unknown out.
 */
export function backend(scope: BackendScope): BackendNames {
    const { name, namespace, hostname, port, protocol } = scope;
    const entry = new CustomResource(
        scope.childName,
        {
            apiVersion: istioNetworking,
            kind: "ServiceEntry",
            metadata: { name, namespace },
            spec: {
                hosts: [hostname],
                location: "MESH_EXTERNAL",
                // To the address that the application has found. If proxies looked the name up themselves, of two databases at the
                // same port they would know one: TCP names no host.
                resolution: "NONE",
                ports: [{ number: port, name: protocol, protocol: protocol.toUpperCase() }],
                exportTo: ["."],
            },
        },
        scope.opts,
    );
    return {
        name: pulumi.all([name, entry.urn]).apply(([known]) => known),
        arn: pulumi.output(""),
    };
}
