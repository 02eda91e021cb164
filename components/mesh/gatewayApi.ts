import * as pulumi from "@pulumi/pulumi";

import { isEnabled } from "../chartRelease";
import { gatewayAnnotations, gatewayConnection, gatewayPort } from "../gateway";
import { Problems, checkName } from "../validation";
import { appQueries } from "./gatewayApi/appQueries";
import { checkGatewayApi } from "./gatewayApi/args";
import { gatewayApiCapabilities } from "./gatewayApi/capabilities";
import { checkRoute } from "./gatewayApi/checkRoute";
import { common } from "./gatewayApi/common";
import { checkGatewayAddon } from "./gatewayApi/gatewayAddon";
import { existingGateway, gatewayObject } from "./gatewayApi/gatewayObject";
import { MeshCapabilities } from "./capabilities";
import { AppRequest, InstalledMesh, Mesh, MeshAddons, MeshPaths, PlatformScope } from "./mesh";
import { MeshArgs } from "./meshArgs";

const title = "a Gateway API of your own";

/** The namespace of a Gateway that the platform makes. */
const ownNamespace = "gateways";

const gatewayOptions = ["namespace", "internal", "annotations", "sourceRanges", "tls"];

const capabilities: MeshCapabilities = { ...gatewayApiCapabilities, appMetrics: true };

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    if (args.name !== undefined) {
        checkName(problems, `${paths.mesh}.name`, args.name);
    }
    const path = `${paths.mesh}.gatewayApi`;
    checkGatewayApi(problems, path, args.gatewayApi);
    const { gateway, gatewayClass } = args.gatewayApi ?? {};
    problems.require(gateway !== undefined || gatewayClass !== undefined || !isEnabled(addons.gateway), {
        path: `${path}.gatewayClass`,
        rule: "or a `gateway` is needed: nothing says whose Gateway applications join",
        fix:
            "Name a GatewayClass to have a Gateway made, or a Gateway that exists; or leave the Gateway to applications with " +
            `\`${paths.addons}.gateway: { enabled: false }\`.`,
    });
    checkGatewayAddon(problems, paths.addons, addons, title, gateway === undefined ? gatewayOptions : []);
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, namespaces, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const installed: InstalledMesh = {
        connection: { provider: "gateway-api" },
        namespaceMembership: {},
        required: [],
        ready: pulumi.output(true),
    };
    const { gateway: exists, gatewayClass } = args.gatewayApi ?? {};
    if (exists !== undefined) {
        installed.gateway = existingGateway(`${name}-gateway`, exists, opts);
    } else if (isEnabled(addons.gateway)) {
        const ref = { name: args.name ?? name, namespace: addons.gateway?.namespace ?? ownNamespace };
        const { gateway, address } = gatewayObject(
            `${name}-gateway`,
            {
                ...ref,
                gatewayClass: gatewayClass!,
                port: gatewayPort(addons.gateway),
                args: args.gatewayApi,
                infrastructureAnnotations: gatewayAnnotations(addons.gateway),
            },
            { ...opts, dependsOn: namespaces.require(ref.namespace) },
        );
        installed.gateway = {
            ...gatewayConnection(address, addons.gateway),
            objectName: ref.name,
            objectNamespace: ref.namespace,
        };
        installed.required.push(gateway);
    }
    return installed;
}

function checkApp(problems: Problems, app: AppRequest): void {
    checkRoute(problems, app, { title, capabilities, maxMatches: 64 });
}

/** A Gateway API whose controller and definitions are there already: another team's or a provider's. */
export const gatewayApi: Mesh = {
    ...common,
    title,
    reads: ["name", "gatewayApi"],
    charts: {},
    gatewayWithoutChart: true,
    capabilities,
    queries: appQueries,
    accounts: () => [],
    checkPlatform,
    install,
    checkApp,
};
