import * as pulumi from "@pulumi/pulumi";

import { chartRelease, isEnabled } from "../chartRelease";
import { charts, mirroredImage } from "../charts";
import { annotatedPods, podsWithContainer } from "../observability/scrapeJobs";
import { checkSwitch } from "../shape";
import { Problems } from "../validation";
import { Values } from "../values";
import { backend } from "./istioBackend";
import { istioCapabilities } from "./istioCapabilities";
import { appWarnings, checkApp } from "./istioChecks";
import { installGateway } from "./istioGateway";
import { istioQueries } from "./istioQueries";
import { canaryService } from "./istioService";
import { tracingConfig, tracingObject } from "./istioTracing";
import { checkProxyTracing } from "./proxyTracing";
import { InstalledMesh, Membership, Mesh, MeshAddons, MeshPaths, PlatformScope } from "./mesh";
import { MeshArgs } from "./meshArgs";

/**
 * The port at which an agent beside each proxy tells the proxy's statistics, and with them the application's own: the agent
 * scrapes the address in the pod's annotations and puts its own there. Never encrypted, whatever the mesh asks of other ports.
 */
const statisticsPort = 15020;

const member: Membership = { labels: { "istio-injection": "enabled" } };

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    problems.require(args.name === undefined, {
        path: `${paths.mesh}.name`,
        value: args.name,
        rule: "is nothing that Istio has: istiod stands for one mesh, without a name",
        fix: "Leave it out.",
    });
    checkSwitch(problems, `${paths.mesh}.allowEgress`, args.allowEgress);
    checkProxyTracing(problems, `${paths.mesh}.tracing`, args.tracing, "Istio");
    problems.require(isEnabled(addons.meshController), {
        path: `${paths.addons}.meshController.enabled`,
        value: false,
        rule: "leaves Istio without istiod, which makes its objects real and gives pods their proxies",
        fix: "Leave it enabled.",
    });
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, namespaces, mirror, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const systemNamespace = addons.meshController?.namespace ?? charts.istiod.namespace;
    const required: pulumi.Resource[] = [];

    if (isEnabled(addons.meshDefinitions)) {
        const namespace = addons.meshDefinitions?.namespace ?? charts.istioBase.namespace;
        required.push(
            chartRelease(
                `${name}-istio-base`,
                {
                    chart: charts.istioBase,
                    releaseName: "istio-base",
                    namespace,
                    mirror,
                    addon: addons.meshDefinitions,
                    // The webhook that looks at Istio's objects is in this chart.
                    values: { global: { istioNamespace: systemNamespace } },
                },
                { ...opts, dependsOn: namespaces.require(namespace) },
            ),
        );
    }
    const istiod = chartRelease(
        `${name}-istiod`,
        {
            chart: charts.istiod,
            releaseName: "istiod",
            namespace: systemNamespace,
            mirror,
            addon: addons.meshController,
            values: istiodValues(scope, systemNamespace),
        },
        { ...opts, dependsOn: [...namespaces.require(systemNamespace), ...required] },
    );
    required.push(istiod);
    if (args.tracing !== undefined) {
        required.push(
            tracingObject(`${name}-tracing`, systemNamespace, args.tracing, { ...opts, dependsOn: [istiod] }),
        );
    }
    const installed: InstalledMesh = {
        connection: { provider: "istio" },
        namespaceMembership: member,
        required,
        // istiod is called ready, and its release is, once its webhooks answer.
        ready: istiod.urn,
    };
    if (isEnabled(addons.gateway)) {
        const { resources, gateway } = installGateway(scope, istiod);
        installed.gateway = gateway;
        required.push(...resources);
    }
    return installed;
}

function istiodValues({ args, addons, mirror }: PlatformScope, istioNamespace: string): Values {
    const outbound = args.allowEgress === undefined ? undefined : args.allowEgress ? "ALLOW_ANY" : "REGISTRY_ONLY";
    return {
        global: {
            istioNamespace,
            // Said here, for the charts of 1.30 name a registry that ends in December 2026.
            hub: mirroredImage(charts.istiod.images["global.hub"], mirror?.imageRegistry),
            // The chart's own lets no pod go while there is one, so that no node could be drained.
            defaultPodDisruptionBudget: { enabled: false },
        },
        // Proxies end after what they stand before: an application that is to end still answers for a while.
        env: { ENABLE_NATIVE_SIDECARS: "true" },
        meshConfig: {
            ...(outbound !== undefined && { outboundTrafficPolicy: { mode: outbound } }),
            ...tracingConfig(args.tracing),
        },
        // A number of pods that is asked for is not for the chart's autoscaler to change.
        ...(addons.meshController?.replicas !== undefined && { autoscaleEnabled: false }),
    };
}

/** Istio, with a proxy beside each pod. */
export const istio: Mesh = {
    title: "Istio",
    flaggerProvider: "istio",
    reads: ["name", "allowEgress", "tracing"],
    charts: {
        meshDefinitions: charts.istioBase,
        meshController: charts.istiod,
        gateway: charts.istioGateway,
    },
    capabilities: istioCapabilities,
    queries: istioQueries,
    ownPrometheus: false,
    scrapeJobs: {
        "istio-proxies": podsWithContainer("istio-proxy", statisticsPort, "/stats/prometheus"),
        // istiod and Flagger; of the pods with a proxy the agent has put its own port into the annotations.
        "annotated-pods": annotatedPods(statisticsPort),
    },
    needsIdentity: false,
    accounts: () => [],
    checkPlatform,
    install,
    checkApp,
    appWarnings,
    namespaceMembership: () => member,
    podMembership: { labels: { "sidecar.istio.io/inject": "true" } },
    podAbsence: { labels: { "sidecar.istio.io/inject": "false" } },
    prepareNamespace: () => [],
    admit: () => ({}),
    backend,
    loadTesterValues: () => ({}),
    canaryService,
};
