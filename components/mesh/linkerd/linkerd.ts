import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, chartRelease, isEnabled } from "../../chartRelease";
import { charts } from "../../charts";
import type { ServiceArgs } from "../../delivery/serviceArgs";
import { Problems } from "../../validation";
import { AppScope, InstalledMesh, Mesh, MeshAddons, MeshPaths, PlatformScope } from "../mesh";
import { MeshArgs } from "../meshArgs";
import { identity, identityName } from "./identity";
import { checkLinkerd } from "./linkerdArgs";
import { linkerdBuiltinQueries, linkerdQueries, linkerdScrapeJobs } from "./linkerdQueries";

const injected = { annotations: { "linkerd.io/inject": "enabled" } };

const namespaceOf = ({ meshController }: MeshAddons) =>
    meshController?.namespace ?? charts.linkerdControlPlane.namespace;

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    const path = `${paths.mesh}.linkerd`;
    checkLinkerd(problems, path, args.linkerd, identityName(namespaceOf(addons)));
    problems.require(args.linkerd === undefined || isEnabled(addons.meshController), {
        path,
        value: args.linkerd === undefined ? undefined : Object.keys(args.linkerd),
        rule: "is for a control plane that the platform installs, and addons.meshController is off",
        fix: "Leave it out: the Linkerd that you have has certificates of its own.",
    });
    const wanted: Record<string, AddonArgs | undefined> = {
        meshDefinitions: addons.meshDefinitions,
        meshController: addons.meshController,
    };
    for (const [key, addon] of Object.entries(wanted)) {
        problems.require(addon?.disruptionBudget === undefined, {
            path: `${paths.addons}.${key}.disruptionBudget`,
            value: addon?.disruptionBudget,
            rule: "would select no pod: Linkerd's carry no label that is one for all",
            fix: "Let the chart make them: `values: { enablePodDisruptionBudget: true }` of meshController.",
        });
    }
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, namespaces, mirror, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };
    const namespace = namespaceOf(addons);
    // As Linkerd's own command makes it: its injector leaves the control plane alone.
    const labels = {
        "linkerd.io/is-control-plane": "true",
        "linkerd.io/control-plane-ns": namespace,
        "config.linkerd.io/admission-webhooks": "disabled",
    };
    const required: pulumi.Resource[] = [];
    if (isEnabled(addons.meshDefinitions)) {
        const itsNamespace = addons.meshDefinitions?.namespace ?? charts.linkerdCrds.namespace;
        const ground = namespaces.require(itsNamespace, itsNamespace === namespace ? labels : {});
        required.push(
            chartRelease(
                `${name}-linkerd-crds`,
                {
                    chart: charts.linkerdCrds,
                    releaseName: "linkerd-crds",
                    namespace: itsNamespace,
                    mirror,
                    addon: addons.meshDefinitions,
                    // Flagger writes routes of the Gateway API, and a new cluster does not know them.
                    values: { installGatewayAPI: true },
                },
                { ...opts, dependsOn: ground },
            ),
        );
    }
    if (isEnabled(addons.meshController)) {
        const ground = namespaces.require(namespace, labels);
        const { made, values } = identity(name, namespace, args.linkerd, { ...opts, dependsOn: ground });
        required.push(
            chartRelease(
                `${name}-linkerd-control-plane`,
                {
                    chart: charts.linkerdControlPlane,
                    releaseName: "linkerd-control-plane",
                    namespace,
                    mirror,
                    addon: addons.meshController,
                    values: {
                        ...values,
                        // Pods that are to end answer for 25 seconds more, and their proxies have to be there as long.
                        proxy: { waitBeforeExitSeconds: 25 },
                    },
                },
                { ...opts, dependsOn: [...ground, ...required, ...made] },
            ),
        );
    }
    return {
        connection: { provider: "linkerd" },
        namespaceMembership: injected,
        required,
        // Helm waits for the injector, which says itself when it is ready.
        ready: pulumi.output(true),
    };
}

/** The route joins the application's own service: whoever calls that goes by the route. */
function canaryService({ name }: AppScope, service: ServiceArgs): ServiceArgs {
    const { gatewayRefs = [], port } = service;
    return { ...service, gatewayRefs: [...gatewayRefs, { group: "core", kind: "Service", name, port }] };
}

const byAnnotation = (annotation: string) =>
    `Flagger writes none into the route; annotate it: \`apex: { annotations: { ${annotation} } }\``;
const noRoute = "Linkerd would leave out the whole route, and with it every weight";

/** Linkerd, by way of the Gateway API's routes: pkg/router/gateway_api_v1beta1.go of Flagger, outbound/index/http.rs of Linkerd. */
export const linkerd: Mesh = {
    title: "Linkerd",
    // Not `v1`: since 1.42 Flagger waits there for a field that Linkerd leaves empty (linkerd/linkerd2#14964).
    flaggerProvider: "gatewayapi:v1beta1",
    charts: { meshDefinitions: charts.linkerdCrds, meshController: charts.linkerdControlPlane },
    reads: ["linkerd"],
    capabilities: {
        targets: ["Deployment", "DaemonSet"],
        strategies: ["steps", "abTest", "blueGreen"],
        headerMatches: ["exact", "regex"],
        alternatives: true,
        // A rule of a route has at most eight matches in the Gateway API that Linkerd brings.
        maxHeaders: 8,
        mirroring: [],
        sessionAffinity: true,
        retryEvents: [],
        matchFields: ["uri", "method", "headers", "queryParams"],
        uriMatches: ["exact", "prefix", "regex"],
        firstMatchOnly: false,
        portMapping: true,
        portNames: {},
        ignored: {
            timeout: byAnnotation('"timeout.linkerd.io/request": "10s"'),
            backendTimeout: byAnnotation('"timeout.linkerd.io/response": "5s"'),
            retries: byAnnotation('"retry.linkerd.io/http": "5xx", "retry.linkerd.io/limit": "2"'),
            cors: "Linkerd answers no preflight requests",
            trafficPolicy: "Linkerd has no such policy for a Canary",
            gateways: "they are Istio's",
            delegation: "Linkerd has no VirtualService to delegate to",
            meshName: "there is one Linkerd in a cluster",
            backends: "Linkerd lets every call pass",
        },
        refused: {
            rewrite: `${noRoute}, for it does not rewrite`,
            mirror: `${noRoute}, for it does not mirror`,
        },
    },
    queries: linkerdQueries,
    builtinQueries: linkerdBuiltinQueries,
    ownPrometheus: false,
    scrapeJobs: linkerdScrapeJobs,
    needsIdentity: false,
    accounts: () => [],
    checkPlatform,
    install,
    namespaceMembership: () => injected,
    podMembership: injected,
    podAbsence: { annotations: { "linkerd.io/inject": "disabled" } },
    prepareNamespace: () => [],
    admit: () => ({}),
    loadTesterValues: () => ({}),
    canaryService,
};
