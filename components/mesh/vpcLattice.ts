import * as pulumi from "@pulumi/pulumi";

import { chartRelease, isEnabled } from "../chartRelease";
import { chartSource } from "../chartSource";
import { charts } from "../charts";
import { AwsAccount } from "../cluster/clusterChoice";
import { workloadIdentity } from "../cluster/workloadIdentity";
import { Problems, checkName } from "../validation";
import { appQueries } from "./gatewayApi/appQueries";
import { checkGatewayApi } from "./gatewayApi/args";
import { latticeCapabilities } from "./gatewayApi/capabilities";
import { checkRoute } from "./gatewayApi/checkRoute";
import { common } from "./gatewayApi/common";
import { checkGatewayAddon } from "./gatewayApi/gatewayAddon";
import { existingGateway, gatewayClassObject, gatewayObject } from "./gatewayApi/gatewayObject";
import { latticeStatements, supportsPodIdentity } from "./gatewayApi/latticePolicy";
import { checkVpcLattice } from "./gatewayApi/vpcLatticeArgs";
import { AppRequest, InstalledMesh, Mesh, MeshAddons, MeshPaths, PlatformScope } from "./mesh";
import { MeshArgs } from "./meshArgs";

const title = "VPC Lattice";
const className = "amazon-vpc-lattice";
const controllerName = "application-networking.k8s.aws/gateway-api-controller";
const accountName = "gateway-api-controller";

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    if (args.name !== undefined) {
        checkName(problems, `${paths.mesh}.name`, args.name);
    }
    checkGatewayApi(problems, `${paths.mesh}.gatewayApi`, args.gatewayApi);
    checkVpcLattice(problems, `${paths.mesh}.vpcLattice`, args.vpcLattice);
    problems.require(args.gatewayApi?.gatewayClass === undefined, {
        path: `${paths.mesh}.gatewayApi.gatewayClass`,
        value: args.gatewayApi?.gatewayClass,
        rule: `is another's: ${title} comes with its own, ${className}`,
        fix: 'Leave it out, or choose the mesh "gateway-api".',
    });
    checkGatewayAddon(problems, paths.addons, addons, title, []);
    problems.require(isEnabled(addons.meshController), {
        path: `${paths.addons}.meshController.enabled`,
        value: false,
        rule: `leaves ${title} without the controller that makes its objects real`,
        fix: 'Leave it enabled, or choose the mesh "gateway-api" for a controller that exists.',
    });
}

function controllerAccount(addons: MeshAddons): AwsAccount {
    const namespace = addons.meshController?.namespace ?? charts.latticeController.namespace;
    return { childName: "lattice-controller", serviceAccount: { namespace, name: accountName } };
}

/** The definitions of the Gateway API. The controller's chart has its own ones alone. */
function gatewayDefinitions({ addons, definitions, mirror }: PlatformScope): pulumi.Output<pulumi.Resource[]> {
    const addon = addons.meshDefinitions;
    return isEnabled(addon)
        ? definitions.of(chartSource(charts.gatewayApiDefinitions, addon, mirror), addon?.deleteDefinitions ?? false, {
              crds: { gatewayAPI: { enabled: true, channel: "standard" } },
          })
        : pulumi.output([]);
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, identities, namespaces, definitions, mirror, tags, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const account = controllerAccount(addons);
    const { namespace } = account.serviceAccount;
    const gatewayName = args.name ?? name;
    const identity = workloadIdentity(
        `${name}-${account.childName}`,
        {
            source: identities,
            serviceAccount: account.serviceAccount,
            supportsPodIdentity,
            description: "The controller of VPC Lattice.",
            statements: latticeStatements,
            tags,
        },
        { parent },
    );
    const { vpcId, createServiceNetwork = true } = args.vpcLattice ?? {};
    const made = gatewayDefinitions(scope);
    const before = [...namespaces.require(namespace), ...identity.required];
    const controller = chartRelease(
        `${name}-${account.childName}`,
        {
            chart: charts.latticeController,
            releaseName: accountName,
            namespace,
            mirror,
            definitions,
            addon: addons.meshController,
            values: {
                // Where they are not known here, the user gives them, or the controller asks its node.
                ...(identities.identity && {
                    awsRegion: identities.identity.region,
                    awsAccountId: identities.identity.accountId,
                }),
                ...(vpcId !== undefined && { clusterVpcId: vpcId }),
                clusterName: cluster.name,
                ...(createServiceNetwork && { defaultServiceNetwork: networkOf(args, gatewayName) }),
                serviceAccount: { create: true, name: accountName, annotations: identity.annotations },
            },
        },
        { ...opts, dependsOn: made.apply((resources) => [...before, ...resources]) },
    );
    const gatewayClass = gatewayClassObject(`${name}-gateway-class`, className, controllerName, {
        ...opts,
        dependsOn: [controller],
    });
    const installed: InstalledMesh = {
        connection: { provider: "vpc-lattice" },
        namespaceMembership: {},
        required: [controller, gatewayClass],
        ready: pulumi.output(true),
    };
    const exists = args.gatewayApi?.gateway;
    if (exists !== undefined) {
        // Each route has an address of its own.
        installed.gateway = existingGateway(`${name}-gateway`, { address: "", ...exists }, opts);
    } else if (isEnabled(addons.gateway)) {
        const ref = { name: gatewayName, namespace };
        const { gateway } = gatewayObject(
            `${name}-gateway`,
            { ...ref, gatewayClass: className, port: 80, args: args.gatewayApi },
            { ...opts, dependsOn: [gatewayClass] },
        );
        installed.gateway = { address: "", objectName: ref.name, objectNamespace: ref.namespace };
        installed.required.push(gateway);
    }
    return installed;
}

/** A Gateway stands for the service network of the same name. */
function networkOf(args: MeshArgs, gatewayName: string): string {
    return args.gatewayApi?.gateway?.name ?? gatewayName;
}

function checkApp(problems: Problems, app: AppRequest): void {
    checkRoute(problems, app, { title, capabilities: latticeCapabilities, maxMatches: 1 });
}

/** VPC Lattice, AWS' successor of App Mesh on EKS: no proxies at all, the VPC's network leads the requests. */
export const vpcLattice: Mesh = {
    ...common,
    title,
    reads: ["name", "gatewayApi", "vpcLattice"],
    charts: { meshDefinitions: charts.gatewayApiDefinitions, meshController: charts.latticeController },
    gatewayWithoutChart: true,
    capabilities: latticeCapabilities,
    queries: appQueries,
    accounts: (addons) => [controllerAccount(addons)],
    checkPlatform,
    install,
    checkApp,
};
