import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, checkAddon } from "./chartRelease";
import { PlatformConnection } from "./connection";
import { AnalysisArgs, checkAnalysis } from "./delivery/analysis";
import { ServiceArgs, checkService } from "./delivery/service";
import { AcceptanceTestArgs, LoadTestArgs, checkTests } from "./delivery/webhooks";
import { TargetArgs, WorkloadArgs, checkTarget, checkWorkload } from "./delivery/workload";
import { Mesh } from "./mesh/mesh";
import { findMesh, meshes } from "./mesh/meshes";
import { Problems, checkInteger, checkName, checkPlain } from "./validation";

/** One application under progressive delivery. */
export interface CanaryAppArgs {
    /** The platform to run on: `connection` of a `ProgressiveMeshCluster`, of this program or another stack. */
    platform: PlatformConnection;
    /** The namespace of the application. It becomes a member of the mesh. */
    namespace: string;
    /**
     * Whether the component makes the namespace, with the labels of the mesh. Several applications can share one: let one
     * of them make it, with its load tester.
     * @default true
     */
    createNamespace?: boolean;
    /**
     * The name of the application, its Deployment, its Canary and its service.
     * @default - the component's name, or the target's
     */
    appName?: string;
    /**
     * The Deployment to make. Exactly one of `workload` and `target` is given.
     * @default - a target of your own
     */
    workload?: WorkloadArgs;
    /**
     * A Deployment or DaemonSet that exists.
     * @default - a workload made by the component
     */
    target?: TargetArgs;
    /**
     * How the application is reached.
     * @default - by HTTP at the workload's port
     */
    service?: ServiceArgs;
    /** How a new version is judged. */
    analysis: AnalysisArgs;
    /**
     * How long the canary's pods may take to become ready before the rollout fails, in seconds.
     * @default 600
     */
    progressDeadlineSeconds?: number;
    /**
     * A test before the canary gets traffic.
     * @default - none
     */
    acceptanceTest?: AcceptanceTestArgs;
    /**
     * The load on the canary while it is analysed.
     * @default - none: the traffic of real users is what is measured
     */
    loadTest?: LoadTestArgs;
    /**
     * The load tester's chart. It is a member of the mesh and lives in the application's namespace.
     * @default - installed
     */
    loadTester?: AddonArgs;
    /**
     * The application's place at the platform's gateway.
     * @default - it is reached from inside the mesh only
     */
    gateway?: AppGatewayArgs;
    /**
     * Tags for the AWS resources of the application, its proxies' IAM roles.
     * @default - none
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/** An application's place at the gateway. */
export interface AppGatewayArgs {
    /** The path prefix that leads to the application: "/" for all. */
    path: string;
}

/** The application's name, after which Flagger names everything. */
export function appNameOf(name: string, args: CanaryAppArgs): string {
    return args.appName ?? args.target?.name ?? name;
}

/**
 * Checks all arguments and answers the mesh that they name.
 *
 * @throws pulumi.InputPropertiesError with every problem.
 */
export function checkCanaryApp(name: string, args: CanaryAppArgs): Mesh {
    const subject = `CanaryApp "${name}"`;
    const problems = new Problems();
    if (pulumi.Output.isInstance(args.platform) || args.platform?.mesh === undefined) {
        problems.add({
            path: "platform",
            value: args.platform,
            rule: "is not the plain connection of a platform; its mesh decides which resources exist",
            fix: 'Give `connection` of a ProgressiveMeshCluster; from another stack, `(await stack.getOutputDetails("connection")).secretValue`.',
        });
        problems.throwIfAny(subject);
    }
    const mesh = findMesh(args.platform.mesh.provider);
    if (mesh === undefined) {
        problems.add({
            path: "platform.mesh.provider",
            value: args.platform.mesh.provider,
            rule: "is not a mesh that this version knows",
            fix: `Use one of ${Object.keys(meshes).join(", ")}.`,
        });
    }
    checkPlain(problems, "createNamespace", args.createNamespace);
    checkName(problems, "namespace", args.namespace);
    // Flagger adds "-primary" and the ReplicaSet its hash; the pods' names have to stay within 63 characters.
    checkName(problems, args.appName === undefined ? "name" : "appName", appNameOf(name, args), 44);
    problems.require((args.workload === undefined) !== (args.target === undefined), {
        path: args.workload === undefined ? "workload" : "target",
        value: args.workload === undefined ? undefined : args.target,
        rule: "is one of two ways to say what is released; exactly one has to be given",
        fix: "Give `workload` to have a Deployment made, or `target` to name one that exists.",
    });
    if (args.workload !== undefined) {
        checkWorkload(problems, "workload", args.workload);
    }
    if (args.target !== undefined) {
        checkTarget(problems, "target", args.target);
        if (args.target.serviceAccount !== undefined) {
            checkName(problems, "target.serviceAccount", args.target.serviceAccount);
        }
        problems.require(args.target.name === appNameOf(name, args), {
            path: "appName",
            value: args.appName,
            rule: `differs from the target's name, ${JSON.stringify(args.target.name)}: Flagger names everything after the target`,
            fix: "Leave it out.",
        });
        problems.require(args.service?.port !== undefined || args.workload !== undefined, {
            path: "service.port",
            rule: "is required with a target",
            fix: "Give the port that its container listens on.",
        });
    }
    if (mesh !== undefined) {
        checkService(problems, "service", args.service, mesh);
    }
    checkAnalysis(problems, "analysis", args.analysis);
    checkInteger(problems, "progressDeadlineSeconds", args.progressDeadlineSeconds, 1, 86_400, "seconds");
    checkTests(problems, args.acceptanceTest, args.loadTest);
    checkAddon(problems, "loadTester", args.loadTester);
    if (args.gateway !== undefined) {
        problems.require(typeof args.gateway.path === "string" && args.gateway.path.startsWith("/"), {
            path: "gateway.path",
            value: args.gateway.path,
            rule: "is not a path",
            fix: `Begin it with a slash: "/" leads everything to the application.`,
        });
        problems.require(args.platform.gateway !== undefined, {
            path: "gateway",
            value: args.gateway,
            rule: "asks for a place at a gateway that the platform does not have",
            fix: "Enable the platform's gateway, or leave this out.",
        });
    }
    problems.throwIfAny(subject);
    return mesh!;
}
