import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, chartRelease, isEnabled } from "../chartRelease";
import { charts } from "../charts";
import { AwsAccount } from "../cluster/clusterChoice";
import { workloadIdentity } from "../cluster/workloadIdentity";
import { mayHold } from "../delivery/analysis";
import { Problems, checkName } from "../validation";
import { backend } from "./appMeshBackend";
import { gatewayAccount, installGateway } from "./appMeshGateway";
import { appMeshVersion, memberLabels, meshOf, meshResource } from "./appMeshObjects";
import { controllerStatements, proxyStatements, supportsPodIdentity } from "./appMeshPolicy";
import { installPrometheus, scrapeJobs } from "./appMeshPrometheus";
import { appMeshQueries } from "./appMeshQueries";
import { checkTracing, tracingValues } from "./appMeshTracing";
import {
    AppRequest,
    AppScope,
    InstalledMesh,
    MemberArgs,
    Mesh,
    MeshAddons,
    MeshPaths,
    PlatformScope,
    RouteArgs,
} from "./mesh";
import { MeshArgs } from "./meshArgs";
import { webhookReady } from "./webhookReady";

const controllerName = "appmesh-controller";

function checkPlatform(problems: Problems, args: MeshArgs, addons: MeshAddons, paths: MeshPaths): void {
    if (args.name !== undefined) {
        checkName(problems, `${paths.mesh}.name`, args.name);
    }
    checkTracing(problems, `${paths.mesh}.tracing`, args.tracing);
    problems.require(isEnabled(addons.meshController), {
        path: `${paths.addons}.meshController.enabled`,
        value: false,
        rule: "leaves App Mesh without the controller that makes its objects real",
        fix: "Leave it enabled.",
    });
    const controllerNamespace = addons.meshController?.namespace ?? charts.appmeshController.namespace;
    const gatewayNamespace = addons.gateway?.namespace ?? charts.appmeshGateway.namespace;
    const others: Record<string, AddonArgs | undefined> = { ...addons, gateway: undefined };
    const taken = [controllerNamespace, ...Object.values(others).map((addon) => addon?.namespace)];
    problems.require(!isEnabled(addons.gateway) || !taken.includes(gatewayNamespace), {
        path: `${paths.addons}.gateway.namespace`,
        value: gatewayNamespace,
        rule: "is another add-on's namespace: the gateway's has to be a member of the mesh, the others' must not be",
        fix: "Give the gateway a namespace of its own.",
    });
}

function controllerAccount(addons: MeshAddons): AwsAccount {
    const namespace = addons.meshController?.namespace ?? charts.appmeshController.namespace;
    return { childName: controllerName, serviceAccount: { namespace, name: controllerName } };
}

function install(scope: PlatformScope): InstalledMesh {
    const { name, args, addons, cluster, identities, namespaces, definitions, mirror, tags, parent } = scope;
    const opts: pulumi.CustomResourceOptions = { parent, provider: cluster.provider };

    const account = controllerAccount(addons);
    const systemNamespace = account.serviceAccount.namespace;
    const controllerIdentity = workloadIdentity(
        `${name}-${account.childName}`,
        {
            source: identities,
            serviceAccount: account.serviceAccount,
            supportsPodIdentity,
            description: "The App Mesh controller.",
            statements: controllerStatements,
            tags,
        },
        { parent },
    );
    const controller = chartRelease(
        `${name}-${controllerName}`,
        {
            chart: charts.appmeshController,
            releaseName: controllerName,
            namespace: systemNamespace,
            mirror,
            definitions,
            addon: addons.meshController,
            values: {
                // Where they are not known here, the user gives them.
                ...(identities.identity && {
                    region: identities.identity.region,
                    accountId: identities.identity.accountId,
                }),
                serviceAccount: {
                    create: true,
                    name: controllerName,
                    annotations: controllerIdentity.annotations,
                },
                // A proxy that is to end asks its callers to come back elsewhere only after this delay, 20 seconds in the
                // chart: by then the application behind it would be gone.
                sidecar: { lifecycleHooks: { preStopDelay: 1 } },
                tracing: tracingValues(args.tracing),
            },
        },
        { ...opts, dependsOn: [...namespaces.require(systemNamespace), ...controllerIdentity.required] },
    );
    // The chart has no readiness probe, so Helm is content before the webhooks listen.
    const ready = webhookReady(
        cluster.kubeconfig,
        controller.status,
        {
            group: "appmesh.k8s.aws",
            version: "v1beta2",
            plural: "meshes",
            body: {
                apiVersion: appMeshVersion,
                kind: "Mesh",
                metadata: { name: "progressive-mesh-webhook-probe" },
                spec: {},
            },
        },
        180,
    );

    const installed: InstalledMesh = {
        connection: { provider: "appmesh", xray: args.tracing?.provider === "x-ray" },
        namespaceMembership: {},
        required: [controller],
        ready,
    };

    if (scope.prometheus) {
        const { release, address } = installPrometheus(scope);
        installed.metricsServer = address;
        installed.required.push(release);
    }

    // The gateway can only join a mesh that exists, so where there is one the mesh is the platform's.
    if (isEnabled(addons.gateway) || args.name !== undefined) {
        const meshName = args.name ?? name;
        const mesh = meshResource(`${name}-mesh`, meshName, args.allowEgress ?? false, {
            ...opts,
            dependsOn: ready.apply(() => [controller]),
        });
        installed.connection.name = meshName;
        installed.namespaceMembership = { labels: memberLabels(meshName) };
        installed.required.push(mesh);
        if (isEnabled(addons.gateway)) {
            const { release, gateway } = installGateway(scope, meshName, mesh);
            installed.gateway = gateway;
            installed.required.push(release);
        }
    }
    return installed;
}

function prepareNamespace(scope: AppScope): pulumi.Resource[] {
    if (scope.connection.mesh.name !== undefined) {
        return [];
    }
    return [meshResource(`${scope.childName}-mesh`, scope.namespace, false, scope.opts)];
}

function admit(scope: AppScope, childName: string, member: MemberArgs): Record<string, pulumi.Input<string>> {
    const { connection, namespace, opts, tags } = scope;
    const { annotations, required } = workloadIdentity(
        childName,
        {
            source: connection,
            serviceAccount: { namespace, name: member.serviceAccount },
            supportsPodIdentity,
            description: `The mesh proxies of ${namespace}/${member.serviceAccount}.`,
            statements: proxyStatements(
                member.workloads.map((w) => ({ mesh: meshOf(scope), kind: "virtualNode", name: `${w}_${namespace}` })),
                connection.mesh.xray ?? false,
            ),
            tags,
        },
        { parent: opts.parent },
    );
    // By way of the policy, so that no pod runs without it.
    const policies = pulumi.all(required.map((resource) => resource.urn));
    return Object.fromEntries(
        Object.entries(annotations).map(([key, role]) => [key, pulumi.all([role, policies]).apply(([arn]) => arn)]),
    );
}

function expose(scope: AppScope, route: RouteArgs): pulumi.Resource {
    return new CustomResource(
        `${scope.childName}-gateway-route`,
        {
            apiVersion: appMeshVersion,
            kind: "GatewayRoute",
            metadata: { name: scope.name, namespace: scope.namespace },
            spec: {
                httpRoute: {
                    match: { prefix: route.path },
                    action: { target: { virtualService: { virtualServiceRef: { name: scope.name } } } },
                },
            },
        },
        { ...scope.opts, dependsOn: route.dependsOn },
    );
}

/** The load tester asks Prometheus whether there are enough requests, and App Mesh lets no pod out unless told to. */
function appWarnings({ analysis }: AppRequest): string[] {
    return mayHold(analysis.metrics)
        ? [
              "analysis.metrics: with minimum samples the load tester has to reach the metrics server, which App Mesh lets it only with " +
                  "`mesh.allowEgress` of the platform. Without, the rollout never goes on.",
          ]
        : [];
}

/** AWS App Mesh: the reference, although AWS ended it. */
export const appMesh: Mesh = {
    title: "AWS App Mesh",
    flaggerProvider: "appmesh:v1beta2",
    warning:
        "AWS App Mesh ended on 2026-09-30: AWS serves neither its console nor its resources any more, so the controller and the " +
        "proxies of this mesh get no answer from AWS. What still works: everything inside Kubernetes (Flagger, Prometheus, " +
        "Grafana, the objects themselves) and the offline lab. For clusters that carry traffic, move to another mesh: " +
        "docs/app-mesh.md says which.",
    charts: {
        meshController: charts.appmeshController,
        prometheus: charts.appmeshPrometheus,
        gateway: charts.appmeshGateway,
    },
    reads: ["name", "allowEgress", "tracing"],
    capabilities: {
        targets: ["Deployment", "DaemonSet"],
        strategies: ["steps", "abTest", "blueGreen"],
        headerMatches: ["exact", "prefix", "suffix", "regex"],
        alternatives: false,
        maxHeaders: 10,
        mirroring: [],
        sessionAffinity: false,
        retryEvents: ["server-error", "gateway-error", "client-error", "stream-error"],
        matchFields: ["uri"],
        uriMatches: ["prefix"],
        firstMatchOnly: true,
        // aws/aws-app-mesh-controller-for-k8s#228: the proxies go to the service's address, at the port of the pods.
        portMapping: false,
        portNames: {
            grpc:
                "Flagger makes gRPC listeners and yet an HTTP route, and App Mesh asks a route for its listener's protocol, " +
                "so expect no request to arrive; use another name, like `http`",
        },
        ignored: {
            targetPortName: "the proxies listen at a number, and Flagger falls back to `port`; give `targetPort`",
            rewrite: "App Mesh rewrites nothing for a Canary",
            headers: "App Mesh changes no headers for a Canary",
            cors: "App Mesh answers no preflight requests",
            trafficPolicy: "App Mesh has no such policy for a Canary",
            hosts: "App Mesh's gateway leads by GatewayRoute; give `gateway`",
            gateways: "App Mesh's gateway leads by GatewayRoute; give `gateway`",
            gatewayRefs: "App Mesh is no Gateway API",
            mirror: "App Mesh cannot mirror",
            delegation: "App Mesh has no VirtualService to delegate to",
            backendTimeout: "App Mesh knows one time-out, `timeout`",
            meshName: "the mesh of a namespace is chosen by its labels",
        },
        refused: {},
    },
    queries: appMeshQueries,
    ownPrometheus: true,
    scrapeJobs,
    needsIdentity: true,
    accounts: (addons) => [controllerAccount(addons), ...(isEnabled(addons.gateway) ? [gatewayAccount(addons)] : [])],
    checkPlatform,
    appWarnings,
    install,
    namespaceMembership: (scope) => ({ labels: memberLabels(meshOf(scope)) }),
    podMembership: {},
    podAbsence: { annotations: { "appmesh.k8s.aws/sidecarInjectorWebhook": "disabled" } },
    prepareNamespace,
    admit,
    backend,
    loadTesterValues: (services) => ({ appmesh: { enabled: true, backends: services } }),
    canaryService: (_scope, service) => service,
    expose,
};
