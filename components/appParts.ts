import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { appProvider } from "./appProvider";
import { withRoles } from "./appRoles";
import { CanaryAppArgs, appNameOf } from "./canaryAppArgs";
import { canaryAppWarnings, planOf } from "./canaryAppCheck";
import { isEnabled } from "./chartRelease";
import { alertProvider } from "./delivery/alertProvider";
import { alertsSpec } from "./delivery/alerts";
import { withBuiltinQueries } from "./delivery/builtinMetrics";
import { canarySpec } from "./delivery/canary";
import { boundsOf } from "./delivery/fastRollback/fastRollbackArgs";
import { afterLeftSkip, announceFastRollback } from "./delivery/fastRollback/inProgram";
import { gateCommands } from "./delivery/gates";
import { makeInline } from "./delivery/inlineObjects";
import { judgedMetrics } from "./delivery/judging/judgedMetrics";
import { HeldRollout, holdQueries, holdWebhooks } from "./delivery/judging/lowTraffic";
import { loadTester, loadTesterName, loadTesterUrl } from "./delivery/loadTester";
import { metricTemplate } from "./delivery/metricTemplate";
import { metricsSpec } from "./delivery/metrics";
import { openAfterPromotion, openGate } from "./delivery/promotion/promotionGate";
import { waitSeconds } from "./delivery/promotion/waitForPromotion";
import { ServiceArgs } from "./delivery/serviceArgs";
import { webhookSecrets } from "./delivery/webhooks";
import { autoscalerSpec, targetRefSpec, workload } from "./delivery/workload";
import { evidenceAnnotation, evidenceOf } from "./evidence/evidenceArgs";
import { gatewayUrl } from "./gateway";
import { AppScope, MemberArgs, Mesh } from "./mesh/mesh";
import { leftMesh, onMesh } from "./platformCheck";
import { seconds } from "./validation";
import type { CanaryApp } from "./canaryApp";

/** What an application says of itself. */
export type AppOutputs = Pick<
    CanaryApp,
    "namespace" | "canaryName" | "url" | "serviceAccountAnnotations" | "plan" | "gateCommands"
>;

/** Makes all that is in an application, whose arguments have been checked. */
export function appParts(
    app: CanaryApp,
    name: string,
    args: CanaryAppArgs,
    mesh: Mesh,
    opts?: pulumi.ComponentResourceOptions,
): AppOutputs {
    const appName = appNameOf(name, args);
    const { namespace } = args;
    const platform = onMesh(args.platform, args.mesh);
    const plan = planOf(name, args);
    const asked = serviceOf(args);
    // Flagger names the services, and the mesh's objects, after it.
    const serviceName = asked.name ?? appName;
    for (const warning of canaryAppWarnings(name, args, mesh, plan)) {
        void pulumi.log.warn(warning, app);
    }
    if (pulumi.runtime.isDryRun()) {
        void pulumi.log.info(plan.summary, app);
    }

    // The provider goes by the connection as it was given.
    const provider = appProvider(name, args.platform, app, opts);
    const inCluster: pulumi.CustomResourceOptions = { parent: app, provider };
    const scope: AppScope = {
        childName: name,
        name: serviceName,
        namespace,
        connection: withRoles(platform, args.roles),
        tags: args.tags,
        opts: inCluster,
    };
    const service = mesh.canaryService(scope, asked, args.gateway?.path);
    // The namespace is the first mesh's, as long as there are two: who is on the second one joins it by its pods.
    const left = leftMesh(args.platform, args.mesh);
    const membership = [mesh.podMembership, left?.podAbsence ?? {}];
    const home = left ?? mesh;
    const atHome: AppScope = { ...scope, connection: withRoles(onMesh(args.platform, undefined), args.roles) };

    // Everything in the namespace comes after it and after the mesh, and so is gone before they go.
    const ground: pulumi.Resource[] = [];
    if (args.createNamespace ?? true) {
        const meshObjects = home.prepareNamespace(atHome);
        ground.push(
            ...meshObjects,
            new Namespace(
                `${name}-${namespace}`,
                { metadata: { name: namespace, ...home.namespaceMembership(atHome) } },
                { ...inCluster, dependsOn: meshObjects },
            ),
        );
    }
    const onGround = { ...inCluster, dependsOn: ground };
    const admit = (childName: string, member: MemberArgs) => ({
        ...left?.admit(atHome, childName, member),
        ...mesh.admit(scope, childName, member),
    });

    const before: pulumi.Resource[] = [];
    if (isEnabled(args.loadTester)) {
        const account = serviceAccount(
            `${name}-loadtester`,
            loadTesterName,
            namespace,
            admit(`${name}-loadtester`, { serviceAccount: loadTesterName, workloads: [loadTesterName] }),
            onGround,
        );
        before.push(
            loadTester(
                name,
                {
                    namespace,
                    meshValues: mesh.loadTesterValues([serviceName, `${serviceName}-canary`]),
                    membership,
                    addon: args.loadTester,
                    mirror: platform.mirror,
                },
                { ...inCluster, dependsOn: [...ground, account] },
            ),
        );
    }

    let autoscaler = args.target?.autoscaler;
    let releasedImage: pulumi.Output<string> | undefined;
    const annotations = admit(`${name}-proxies`, {
        serviceAccount: args.workload !== undefined ? appName : (args.target?.serviceAccount ?? "default"),
        workloads: [`${serviceName}-primary`, `${serviceName}-canary`],
    });
    if (args.workload !== undefined) {
        const account = serviceAccount(name, appName, namespace, annotations, onGround);
        const lookBack = args.fastRollback && { namespace, name: appName, bounds: boundsOf(args.fastRollback) };
        const left = { subject: `CanaryApp "${name}"`, namespace, canaryName: appName };
        const made = workload(
            name,
            {
                name: appName,
                namespace,
                workload: args.workload,
                membership,
                serviceAccount: appName,
                progressDeadlineSeconds: args.progressDeadlineSeconds,
            },
            {
                ...inCluster,
                dependsOn: [
                    ...ground,
                    lookBack === undefined ? account : afterLeftSkip(account, platform.kubeconfig, app, left),
                ],
            },
        );
        if (lookBack !== undefined && pulumi.runtime.isDryRun()) {
            announceFastRollback(app, platform.kubeconfig, made.template, lookBack);
        }
        before.push(made.deployment, ...made.configs);
        releasedImage = made.image;
        if (made.autoscaler !== undefined) {
            before.push(made.autoscaler.resource);
            autoscaler = made.autoscaler.ref;
        }
    }

    const metricsServer = args.metricsServer ?? platform.metricsServer;
    const version = (of: "canary" | "primary") =>
        mesh.queries.counters({ namespace, target: appName, service: serviceName, version: of });
    const held: HeldRollout = {
        namespace,
        target: appName,
        weighted: args.analysis.steps !== undefined,
        lowTraffic: args.analysis.lowTraffic,
    };
    const judged = judgedMetrics(args.analysis.metrics, {
        versions: { canary: version("canary"), primary: version("primary") },
        rollout: held,
        metricsServer,
    });
    const metrics = withBuiltinQueries(judged.metrics, mesh.builtinQueries, metricsServer);
    const templates = makeInline(
        metrics,
        ({ name: metric, template }) =>
            template &&
            metricTemplate(`${name}-metric-${metric}`, `${appName}-${metric}`, namespace, template, onGround),
    );
    const providers = makeInline(
        args.analysis.alerts,
        ({ name: alert, provider: to }) =>
            to && alertProvider(`${name}-alert-${alert}`, `${appName}-${alert}`, namespace, to, onGround),
    );
    before.push(...templates.resources, ...providers.resources);

    const target = { kind: args.target?.kind ?? "Deployment", name: args.target?.name ?? appName };
    const evidence = args.waitForPromotion?.evidence && evidenceOf(appName, args.waitForPromotion.evidence);
    const canary = new CustomResource(
        name,
        {
            apiVersion: "flagger.app/v1beta1",
            kind: "Canary",
            metadata: {
                name: appName,
                namespace,
                annotations: {
                    ...args.canaryAnnotations,
                    // Whoever shows the evidence finds it by this.
                    ...(evidence !== undefined && { [evidenceAnnotation]: evidence.configMap }),
                    // Deleted in the foreground, as Pulumi does otherwise, a Canary stays until its services and routes
                    // are gone. Flagger makes those again as long as it sees the Canary, and then neither ever goes.
                    "pulumi.com/deletionPropagationPolicy": "background",
                },
            },
            spec: canarySpec({
                namespace,
                provider: mesh.flaggerProvider,
                targetRef: targetRefSpec(target.kind, target.name),
                autoscalerRef: autoscaler && autoscalerSpec(autoscaler),
                metricsServer: args.metricsServer,
                progressDeadlineSeconds: args.progressDeadlineSeconds,
                skipAnalysis: args.skipAnalysis,
                suspend: args.suspend,
                revertOnDeletion: args.revertOnDeletion,
                port: service.port ?? 0,
                service,
                analysis: args.analysis,
                metrics: metricsSpec(metrics, templates.refs),
                alerts: alertsSpec(args.analysis.alerts, providers.refs),
                acceptanceTest: args.acceptanceTest,
                loadTest: args.loadTest,
                webhooks: args.webhooks,
                gates: args.gates,
                hold: holdWebhooks(holdQueries(held, judged.enough), loadTesterUrl(namespace), metricsServer),
                overrides: args.canarySpec,
            }),
        },
        { ...inCluster, dependsOn: [...ground, ...before] },
    );
    if (args.gateway !== undefined) {
        mesh.expose?.(scope, { path: args.gateway.path, dependsOn: [canary] });
        left?.expose?.(atHome, { path: args.gateway.path, dependsOn: [canary] });
    }

    if (args.waitForPromotion === undefined) {
        openGate(app);
    } else {
        const promotion = {
            subject: `CanaryApp "${name}"`,
            namespace,
            canaryName: appName,
            target,
            intervalSeconds: seconds(args.analysis.interval),
            timeoutSeconds: waitSeconds(args.waitForPromotion),
            primaryReadyThreshold: args.analysis.primaryReadyThreshold,
            evidence,
            fastRollback: args.fastRollback && boundsOf(args.fastRollback),
        };
        openAfterPromotion(app, promotion, {
            kubeconfig: platform.kubeconfig,
            made: [canary.id],
            image: releasedImage,
            hidden: webhookSecrets(args.webhooks),
            metricsServer,
        });
    }

    return {
        namespace: pulumi.output(namespace),
        canaryName: pulumi.output(appName),
        url:
            args.gateway === undefined || platform.gateway === undefined
                ? pulumi.output("")
                : gatewayUrl(platform.gateway, args.gateway.path),
        serviceAccountAnnotations: pulumi.output(annotations),
        plan: pulumi.output(plan),
        gateCommands: pulumi.output(gateCommands(args.gates, namespace, appName, loadTesterName)),
    };
}

/** The service as it is asked for, at the port of the workload and leading to it unless it says otherwise. */
function serviceOf({ service = {}, workload: made }: CanaryAppArgs): ServiceArgs {
    if (made === undefined) {
        return service;
    }
    const named = service.targetPort !== undefined || service.targetPortName !== undefined;
    return { ...service, port: service.port ?? made.port, ...(!named && { targetPort: made.port }) };
}

function serviceAccount(
    childName: string,
    name: string,
    namespace: string,
    annotations: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new ServiceAccount(childName, { metadata: { name, namespace, annotations } }, opts);
}
