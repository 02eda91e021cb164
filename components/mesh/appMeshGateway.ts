import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { AwsAccount } from "../cluster/clusterChoice";
import { workloadIdentity } from "../cluster/workloadIdentity";
import { GatewayConnection } from "../connection";
import { memberLabels } from "./appMeshObjects";
import { proxyStatements, supportsPodIdentity } from "./appMeshPolicy";
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
    const service = k8s.core.v1.Service.get(
        `${name}-${gatewayName}`,
        // Through the release's status, so that nobody looks for the service before it is there.
        release.status.apply((s) => `${s.namespace}/${s.name}`),
        opts,
    );
    const address = service.status.apply((status) => {
        const first = status?.loadBalancer?.ingress?.[0];
        return first?.hostname ?? first?.ip ?? "";
    });
    return { release, gateway: { address } };
}
