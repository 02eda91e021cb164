import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appProvider } from "./appProvider";
import { CanaryAppArgs, appNameOf, checkCanaryApp } from "./canaryAppArgs";
import { isEnabled } from "./chartRelease";
import { analysisWarnings } from "./delivery/analysis";
import { canarySpec } from "./delivery/canary";
import { loadTester, loadTesterName } from "./delivery/loadTester";
import { workload } from "./delivery/workload";
import { AppScope } from "./mesh/mesh";

/**
 * An application under a mesh and Flagger: its namespace, mesh membership, load tester, workload, route from the gateway
 * and Canary.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered.
 */
export class CanaryApp extends pulumi.ComponentResource {
    /** The namespace of the application. */
    public readonly namespace: pulumi.Output<string>;
    /** The name of the Canary. */
    public readonly canaryName: pulumi.Output<string>;
    /** The address at the gateway; empty where the application is not exposed. */
    public readonly url: pulumi.Output<string>;
    /** What a target's service account has to be annotated with for its pods to be members of the mesh. */
    public readonly serviceAccountAnnotations: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: CanaryAppArgs, opts?: pulumi.ComponentResourceOptions) {
        const mesh = checkCanaryApp(name, args);
        super("pulumi-progressive-mesh:index:CanaryApp", name, {}, opts);

        const appName = appNameOf(name, args);
        const { platform, namespace } = args;
        for (const warning of analysisWarnings(args.analysis)) {
            void pulumi.log.warn(warning, this);
        }

        const provider = appProvider(name, platform, this, opts);
        const inCluster: pulumi.CustomResourceOptions = { parent: this, provider };
        const scope: AppScope = {
            childName: name,
            name: appName,
            namespace,
            connection: platform,
            tags: args.tags,
            opts: inCluster,
        };

        // Everything in the namespace comes after it and after the mesh, and so is gone before they go.
        const ground: pulumi.Resource[] = [];
        if (args.createNamespace ?? true) {
            const meshObjects = mesh.prepareNamespace(scope);
            ground.push(
                ...meshObjects,
                new k8s.core.v1.Namespace(
                    `${name}-${namespace}`,
                    { metadata: { name: namespace, labels: mesh.namespaceLabels(scope) } },
                    { ...inCluster, dependsOn: meshObjects },
                ),
            );
        }
        const onGround = { ...inCluster, dependsOn: ground };

        const before: pulumi.Resource[] = [];
        if (isEnabled(args.loadTester)) {
            const account = serviceAccount(
                `${name}-loadtester`,
                loadTesterName,
                namespace,
                mesh.admit(scope, `${name}-loadtester`, {
                    serviceAccount: loadTesterName,
                    workloads: [loadTesterName],
                }),
                onGround,
            );
            before.push(
                loadTester(
                    name,
                    {
                        namespace,
                        meshValues: mesh.loadTesterValues([appName, `${appName}-canary`]),
                        addon: args.loadTester,
                        mirror: platform.mirror,
                    },
                    { ...inCluster, dependsOn: [...ground, account] },
                ),
            );
        }

        let autoscaler = args.target?.autoscaler;
        const annotations = mesh.admit(scope, `${name}-proxies`, {
            serviceAccount: args.workload !== undefined ? appName : (args.target?.serviceAccount ?? "default"),
            workloads: [`${appName}-primary`, `${appName}-canary`],
        });
        if (args.workload !== undefined) {
            const account = serviceAccount(name, appName, namespace, annotations, onGround);
            const made = workload(name, appName, namespace, args.workload, appName, {
                ...inCluster,
                dependsOn: [...ground, account],
            });
            before.push(made.deployment);
            if (made.autoscaler !== undefined) {
                before.push(made.autoscaler);
                autoscaler = appName;
            }
        }

        const canary = new k8s.apiextensions.CustomResource(
            name,
            {
                apiVersion: "flagger.app/v1beta1",
                kind: "Canary",
                metadata: {
                    name: appName,
                    namespace,
                    // Deleted in the foreground, as Pulumi does otherwise, a Canary stays until its services and routes are
                    // gone. Flagger makes those again as long as it sees the Canary, and then neither ever goes.
                    annotations: { "pulumi.com/deletionPropagationPolicy": "background" },
                },
                spec: canarySpec({
                    namespace,
                    provider: mesh.flaggerProvider,
                    target: { kind: args.target?.kind ?? "Deployment", name: args.target?.name ?? appName },
                    autoscaler,
                    progressDeadlineSeconds: args.progressDeadlineSeconds,
                    port: args.service?.port ?? args.workload?.port ?? 0,
                    service: args.service ?? {},
                    analysis: args.analysis,
                    acceptanceTest: args.acceptanceTest,
                    loadTest: args.loadTest,
                }),
            },
            { ...inCluster, dependsOn: [...ground, ...before] },
        );
        if (args.gateway !== undefined) {
            mesh.expose(scope, { path: args.gateway.path, dependsOn: [canary] });
        }

        this.namespace = pulumi.output(namespace);
        this.canaryName = pulumi.output(appName);
        this.url =
            args.gateway === undefined || platform.gateway === undefined
                ? pulumi.output("")
                : pulumi.interpolate`http://${platform.gateway.address}${args.gateway.path}`;
        this.serviceAccountAnnotations = pulumi.output(annotations);
        this.registerOutputs({
            namespace: this.namespace,
            canaryName: this.canaryName,
            url: this.url,
            serviceAccountAnnotations: this.serviceAccountAnnotations,
        });
    }
}

function serviceAccount(
    childName: string,
    name: string,
    namespace: string,
    annotations: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new k8s.core.v1.ServiceAccount(childName, { metadata: { name, namespace, annotations } }, opts);
}
