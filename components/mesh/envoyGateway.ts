import * as pulumi from "@pulumi/pulumi";

import { chartRelease, isEnabled } from "../chartRelease";
import { charts } from "../charts";
import { meshMetricsOf } from "../delivery/builtinMetrics";
import { gatewayConnection, gatewayPort, isLoadBalancer } from "../gateway";
import { asksForSomething, outline } from "../shape";
import { Problems, checkName } from "../validation";
import { checkGatewayApi } from "./gatewayApi/args";
import { gatewayApiCapabilities } from "./gatewayApi/capabilities";
import { checkRoute } from "./gatewayApi/checkRoute";
import { common } from "./gatewayApi/common";
import { envoyBuiltinQueries, envoyQueries } from "./gatewayApi/envoyQueries";
import { clusterPerVersion, envoyProxies, proxiesBudget, proxiesName, proxiesRef } from "./gatewayApi/envoyProxies";
import { checkGatewayAddon } from "./gatewayApi/gatewayAddon";
import { existingGateway, gatewayClassObject, gatewayObject } from "./gatewayApi/gatewayObject";
import { AppRequest, InstalledMesh, Mesh, MeshAddons, MeshPaths, PlatformScope } from "./mesh";
import { MeshArgs } from "./meshArgs";
import { checkProxyTracing } from "./proxyTracing";

const title = "Envoy Gateway";
const className = "envoy";
const controllerName = "gateway.envoyproxy.io/gatewayclass-controller";

/** What the proxies can be told. */
const gatewayOptions = [
    ...["type", "internal", "annotations", "sourceRanges", "tls"],
    ...["replicas", "resources", "nodeSelector", "tolerations", "disruptionBudget"],
];

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    if (args.name !== undefined) {
        checkName(problems, `${paths.mesh}.name`, args.name);
    }
    checkProxyTracing(problems, `${paths.mesh}.tracing`, args.tracing, title);
    checkGatewayApi(problems, `${paths.mesh}.gatewayApi`, args.gatewayApi);
    problems.require(args.gatewayApi?.gatewayClass === undefined, {
        path: `${paths.mesh}.gatewayApi.gatewayClass`,
        value: args.gatewayApi?.gatewayClass,
        rule: `is another's: ${title} comes with its own, ${className}`,
        fix: 'Leave it out, or choose the mesh "gateway-api".',
    });
    const exists = args.gatewayApi?.gateway !== undefined;
    problems.require(!exists || args.tracing === undefined, {
        path: `${paths.mesh}.tracing`,
        value: outline(args.tracing),
        rule: "is for the proxies of a Gateway that the platform makes, and this one exists",
        fix: "Leave it out, and say it to those proxies.",
    });
    checkGatewayAddon(problems, paths.addons, addons, title, exists ? [] : gatewayOptions);
    problems.require(isEnabled(addons.meshController), {
        path: `${paths.addons}.meshController.enabled`,
        value: false,
        rule: `leaves ${title} without the controller that makes its objects real`,
        fix: 'Leave it enabled, or choose the mesh "gateway-api" for a controller that exists.',
    });
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, namespaces, definitions, mirror, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const namespace = addons.meshController?.namespace ?? charts.envoyGateway.namespace;
    const controller = chartRelease(
        `${name}-envoy-gateway`,
        {
            chart: charts.envoyGateway,
            releaseName: "envoy-gateway",
            namespace,
            mirror,
            definitions,
            addon: addons.meshController,
        },
        { ...opts, dependsOn: namespaces.require(namespace) },
    );
    const gatewayClass = gatewayClassObject(`${name}-gateway-class`, className, controllerName, {
        ...opts,
        dependsOn: [controller],
    });
    const installed: InstalledMesh = {
        connection: { provider: "envoy-gateway" },
        namespaceMembership: {},
        required: [controller, gatewayClass],
        ready: pulumi.output(true),
    };
    const exists = args.gatewayApi?.gateway;
    if (exists !== undefined) {
        installed.gateway = existingGateway(`${name}-gateway`, exists, { ...opts, dependsOn: [controller] });
        // Without it no series would tell the canary from the primary.
        installed.required.push(clusterPerVersion(scope, exists, { ...opts, dependsOn: [controller] }));
    } else if (isEnabled(addons.gateway)) {
        installGateway(scope, namespace, { ...opts, dependsOn: [gatewayClass] }, installed);
    }
    return installed;
}

/** Makes the Gateway and its proxies, in the controller's namespace, where the proxies are anyway. */
function installGateway(
    scope: PlatformScope,
    namespace: string,
    opts: pulumi.CustomResourceOptions,
    installed: InstalledMesh,
): void {
    const { name, args, addons } = scope;
    const ref = { name: args.name ?? name, namespace };
    const proxies = envoyProxies(scope, namespace, opts);
    // A class stays for as long as it has a gateway, and a gateway without its parameters is refused.
    const { gateway, address } = gatewayObject(
        `${name}-gateway`,
        {
            ...ref,
            gatewayClass: className,
            port: gatewayPort(addons.gateway),
            args: args.gatewayApi,
            parametersRef: proxiesRef,
        },
        { ...opts, dependsOn: [...(opts.dependsOn as pulumi.Resource[]), proxies] },
    );
    const policy = clusterPerVersion(scope, ref, { ...opts, dependsOn: [gateway] });
    proxiesBudget(scope, ref, { ...opts, dependsOn: [gateway] });
    installed.gateway = {
        ...gatewayConnection(isLoadBalancer(addons.gateway) ? address : `${proxiesName}.${namespace}`, addons.gateway),
        objectName: ref.name,
        objectNamespace: ref.namespace,
    };
    installed.required.push(gateway, policy);
}

function checkApp(problems: Problems, app: AppRequest): void {
    checkRoute(problems, app, { title, capabilities: gatewayApiCapabilities, maxMatches: 64 });
    const { blueGreen, metrics } = app.analysis ?? {};
    const builtin = meshMetricsOf(metrics);
    if (builtin.length === 0) {
        return;
    }
    problems.require(blueGreen === undefined || blueGreen?.mirror === true, {
        path: "analysis.blueGreen.mirror",
        value: blueGreen?.mirror,
        rule:
            `is needed for ${builtin.join(" and ")}: they are measured at the gateway, which sends nothing to the canary of a ` +
            "blue/green release but copies, so every check would fail for want of values",
        fix: "Set it to true, or give metrics with a query or a template.",
    });
    problems.require(!asksForSomething(app.service?.mirror), {
        path: "service.mirror",
        value: app.service?.mirror,
        rule: `sends copies that ${builtin.join(" and ")} cannot tell from the canary's requests`,
        fix: "Leave it out, or give metrics with a query or a template.",
    });
}

/** Envoy Gateway: a Gateway API whose proxies stand at the edge, and none beside the pods. */
export const envoyGateway: Mesh = {
    ...common,
    title,
    reads: ["name", "tracing", "gatewayApi"],
    charts: { meshController: charts.envoyGateway },
    gatewayWithoutChart: true,
    capabilities: gatewayApiCapabilities,
    queries: envoyQueries,
    builtinQueries: envoyBuiltinQueries,
    accounts: () => [],
    checkPlatform,
    install,
    checkApp,
};
