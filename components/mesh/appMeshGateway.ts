import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { AwsAccount } from "../cluster/clusterChoice";
import { workloadIdentity } from "../cluster/workloadIdentity";
import { GatewayConnection } from "../connection";
import { GatewayAddonArgs, gatewayAnnotations, gatewayConnection, gatewayPort } from "../gateway";
import { Values } from "../values";
import { memberLabels } from "./appMeshObjects";
import { proxyStatements, supportsPodIdentity } from "./appMeshPolicy";
import { gatewayAddress } from "./gatewayAddress";
import { MeshAddons, PlatformScope } from "./mesh";

const gatewayName = "appmesh-gateway";

/** Who the gateway's proxies are. */
export function gatewayAccount(addons: MeshAddons): AwsAccount {
    const namespace = addons.gateway?.namespace ?? charts.appmeshGateway.namespace;
    return { childName: gatewayName, serviceAccount: { namespace, name: gatewayName } };
}

/** Installs the gateway in a namespace of its own, as a member of the mesh. */
export function installGateway(
    scope: PlatformScope,
    mesh: string,
    meshObject: pulumi.Resource,
): { release: pulumi.Resource; gateway: GatewayConnection } {
    const { name, args, addons, cluster, identities, namespaces, mirror, tags, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const account = gatewayAccount(addons);
    const { namespace } = account.serviceAccount;
    const identity = workloadIdentity(
        `${name}-${account.childName}`,
        {
            source: identities,
            serviceAccount: account.serviceAccount,
            supportsPodIdentity,
            description: "The proxies of the App Mesh gateway.",
            statements: proxyStatements(
                [{ mesh, kind: "virtualGateway", name: `${gatewayName}_${namespace}` }],
                args.tracing?.provider === "x-ray",
            ),
            tags,
        },
        { parent },
    );
    const release = chartRelease(
        `${name}-${gatewayName}`,
        {
            chart: charts.appmeshGateway,
            releaseName: gatewayName,
            namespace,
            mirror,
            addon: addons.gateway,
            values: {
                // The chart's default asks for App Mesh's preview channel, which only one region ever had.
                appmesh: { gateway: true, preview: false },
                service: serviceValues(addons.gateway),
                serviceAccount: {
                    create: true,
                    name: gatewayName,
                    annotations: identity.annotations,
                },
            },
        },
        {
            ...opts,
            dependsOn: [
                ...namespaces.require(namespace, memberLabels(mesh), [meshObject]),
                meshObject,
                ...identity.required,
            ],
        },
    );
    return {
        release,
        gateway: gatewayConnection(
            gatewayAddress(`${name}-${gatewayName}`, release, addons.gateway, opts),
            addons.gateway,
        ),
    };
}

/** What the chart knows of the Service: one port, named `http` whatever comes in there. */
function serviceValues(addon: GatewayAddonArgs | undefined): Values {
    const annotations = gatewayAnnotations(addon);
    return {
        ...(Object.keys(annotations).length > 0 && { annotations }),
        ...(addon?.type !== undefined && { type: addon.type }),
        ...(addon?.tls !== undefined && { port: gatewayPort(addon) }),
        // The chart always sets it, and the API server refuses any for a Service that only the cluster can reach.
        ...(addon?.type === "ClusterIP" && { externalTrafficPolicy: "" }),
    };
}
