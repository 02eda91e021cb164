import { checkAppRoles } from "./appRoles";
import { CanaryAppArgs, appNameOf } from "./canaryAppArgs";
import { AnalysisArgs, analysisWarnings, checkAnalysis, mayHold, strategyOf } from "./delivery/analysis";
import { checkFastRollback } from "./delivery/fastRollback/fastRollbackArgs";
import { checkGates, usesLoadTester } from "./delivery/gates";
import { checkLoadTester, loadTesterWarnings } from "./delivery/loadTester";
import { RolloutPlan, planRollout } from "./delivery/plan";
import { checkWait } from "./delivery/promotion/waitForPromotion";
import { checkService, serviceWarnings } from "./delivery/service";
import { checkTests, checkWebhooks } from "./delivery/webhooks";
import { checkTarget, checkWorkload, workloadWarnings } from "./delivery/workload";
import { checkUrl } from "./http";
import { AppRequest, Mesh } from "./mesh/mesh";
import { meshWarnings } from "./meshWarnings";
import { checkPlatformConnection, onMesh } from "./platformCheck";
import { checkFields, checkSwitch, checkTexts, isObject, problemsOf } from "./shape";
import { Problems, checkInteger, checkName, checkPlain } from "./validation";

/** Flagger's own default, in seconds. */
const defaultProgressDeadline = 600;

/**
 * Checks all arguments and answers the mesh that they name.
 *
 * @throws pulumi.InputPropertiesError with every problem.
 */
export function checkCanaryApp(name: string, args: CanaryAppArgs): Mesh {
    const subject = `CanaryApp "${name}"`;
    const problems = problemsOf("CanaryApp", name, args);
    const mesh = checkPlatformConnection(problems, args.platform, args.mesh);
    if (mesh === undefined) {
        // What else is wrong depends on the mesh.
        problems.throwIfAny(subject);
        throw new Error("a platform without a mesh is a problem");
    }
    for (const key of ["createNamespace", "skipAnalysis", "suspend", "revertOnDeletion"] as const) {
        if (checkPlain(problems, key, args[key])) {
            checkSwitch(problems, key, args[key]);
        }
    }
    checkName(problems, "namespace", args.namespace);
    // Flagger adds "-primary" and the ReplicaSet its hash; the pods' names have to stay within 63 characters.
    const named = args.appName !== undefined ? "appName" : args.target !== undefined ? "target.name" : "name";
    checkName(problems, named, appNameOf(name, args), 44);
    checkReleased(problems, name, args, mesh);
    checkService(problems, "service", args.service, mesh);
    checkPortMapping(problems, args, mesh);
    checkAnalysis(problems, "analysis", args.analysis, mesh);
    mesh.checkApp?.(problems, requestOf(args));
    checkInteger(problems, "progressDeadlineSeconds", args.progressDeadlineSeconds, 1, 86_400, "seconds");
    const strategy = isObject(args.analysis) ? strategyOf(args.analysis) : undefined;
    checkGates(problems, "gates", args.gates, strategy);
    const waits = args.gates?.promotion !== undefined || mayHold(args.analysis?.metrics);
    problems.require(args.analysis?.blueGreen?.iterations !== 1 || !waits, {
        path: "analysis.blueGreen.iterations",
        value: 1,
        rule: "is too few where the promotion may have to wait, for approval or for requests: each time Flagger waits there it goes back to before the first check",
        fix: "Give 2 or more.",
    });
    checkTests(problems, args.acceptanceTest, args.loadTest);
    checkWebhooks(problems, "webhooks", args.webhooks, strategy);
    checkLoadTester(problems, "loadTester", args.loadTester, args.platform?.mirror);
    checkGateway(problems, args);
    if (args.metricsServer !== undefined) {
        checkUrl(problems, "metricsServer", args.metricsServer, { shown: true });
    }
    checkTexts(problems, "canaryAnnotations", args.canaryAnnotations);
    checkTexts(problems, "tags", args.tags);
    checkAppRoles(problems, name, args, mesh);
    checkFields(problems, "canarySpec", args.canarySpec, "Write it as a Canary's spec is written.");
    if (args.waitForPromotion !== undefined) {
        const sound = problems.all.length === 0;
        checkWait(problems, "waitForPromotion", args.waitForPromotion, {
            kind: args.target?.kind ?? "Deployment",
            plan: sound ? planOf(name, args) : undefined,
        });
    }
    checkFastRollback(problems, "fastRollback", args.fastRollback, args);
    problems.throwIfAny(subject);
    return mesh;
}

/** What the mesh is asked for, as far as it is there to be looked at. */
function requestOf({ platform, mesh, service, analysis, gateway }: CanaryAppArgs): AppRequest {
    return {
        service: isObject(service) ? service : {},
        analysis: (isObject(analysis) ? analysis : {}) as AnalysisArgs,
        path: gateway?.path,
        gateway: onMesh(platform, mesh).gateway,
    };
}

/** Where proxies go to the service's address at the port of its pods, the service has to listen there. */
function checkPortMapping(problems: Problems, { service, workload }: CanaryAppArgs, mesh: Mesh): void {
    const listens = service?.port ?? workload?.port;
    const container = service?.targetPort ?? workload?.port;
    // What is no port at all is told of elsewhere.
    if (mesh.capabilities.portMapping || !Number.isInteger(listens) || !Number.isInteger(container)) {
        return;
    }
    problems.require(listens === container, {
        path: service?.port === undefined ? "service.targetPort" : "service.port",
        value: service?.port ?? service?.targetPort,
        rule:
            `makes the service listen at ${listens} and its pods at ${container}; on ${mesh.title} the proxies go to the service ` +
            "at the port of the pods, and every request would fail",
        fix: "Give the container's port for both, or leave both out.",
    });
}

/** How a rollout of the application will go. Its arguments have to be sound. */
export function planOf(name: string, args: CanaryAppArgs): RolloutPlan {
    return planRollout({
        name: appNameOf(name, args),
        analysis: args.analysis,
        progressDeadlineSeconds: args.progressDeadlineSeconds ?? defaultProgressDeadline,
        skipAnalysis: args.skipAnalysis ?? false,
        loadTest: args.loadTest,
        webhooks: args.webhooks,
        gates: args.gates,
        fastRollback: args.fastRollback,
    });
}

/** What is allowed, and what a user should know of it. The arguments have to be sound. */
export function canaryAppWarnings(name: string, args: CanaryAppArgs, mesh: Mesh, plan: RolloutPlan): string[] {
    const warnings = [
        ...analysisWarnings(args.analysis),
        ...meshWarnings(args, mesh),
        ...plan.warnings,
        ...serviceWarnings(args.service, mesh),
        ...(mesh.appWarnings?.(requestOf(args)) ?? []),
        ...(args.workload === undefined ? [] : workloadWarnings(args.workload, appNameOf(name, args))),
        ...loadTesterWarnings("loadTester", args.loadTester),
    ];
    if (args.target !== undefined && args.revertOnDeletion === undefined) {
        warnings.push(
            `target: when this application is destroyed, ${args.target.name} is left scaled to zero, and nothing serves. Set ` +
                "`revertOnDeletion` to true to have its replicas given back, or to false to have it so.",
        );
    }
    if (args.loadTester?.enabled === false && args.createNamespace !== false && usesLoadTester(args.gates)) {
        warnings.push("gates: the namespace has no load tester, which would have to answer for them.");
    }
    if (args.loadTester?.enabled === false && args.createNamespace !== false && mayHold(args.analysis.metrics)) {
        warnings.push(
            "analysis.metrics: the namespace has no load tester, which would have to ask for the minimum samples: the rollout would " +
                "never go on.",
        );
    }
    return warnings;
}

/** What is released: a workload to make, or a target that exists. */
function checkReleased(problems: Problems, name: string, args: CanaryAppArgs, mesh: Mesh): void {
    problems.require((args.workload === undefined) !== (args.target === undefined), {
        path: args.workload === undefined ? "workload" : "target",
        value: args.workload === undefined ? undefined : args.target,
        rule: "is one of two ways to say what is released; exactly one has to be given",
        fix: "Give `workload` to have a Deployment made, or `target` to name one that exists.",
    });
    if (args.workload !== undefined) {
        checkWorkload(problems, "workload", args.workload, appNameOf(name, args));
    }
    if (args.target === undefined) {
        return;
    }
    checkTarget(problems, "target", args.target, mesh);
    if (!isObject(args.target)) {
        return;
    }
    if (args.target.serviceAccount !== undefined) {
        checkName(problems, "target.serviceAccount", args.target.serviceAccount);
    }
    const { name: target } = args.target;
    // A name that is no text is refused by itself, and some cannot be written.
    if (typeof target === "string") {
        problems.require(target === appNameOf(name, args), {
            path: "appName",
            value: args.appName,
            rule: `differs from the target's name, ${JSON.stringify(target)}: Flagger names everything after the target`,
            fix: "Leave it out.",
        });
    }
    problems.require(args.service?.port !== undefined || args.workload !== undefined, {
        path: "service.port",
        rule: "is required with a target",
        fix: "Give the port that its container listens on.",
    });
}

function checkGateway(problems: Problems, { gateway, platform, mesh }: CanaryAppArgs): void {
    if (gateway === undefined) {
        return;
    }
    problems.require(typeof gateway?.path === "string" && gateway.path.startsWith("/"), {
        path: "gateway.path",
        value: gateway?.path,
        rule: "is not a path",
        fix: `Begin it with a slash: "/" leads everything to the application.`,
    });
    problems.require(onMesh(platform, mesh).gateway !== undefined, {
        path: "gateway",
        value: gateway,
        rule: "asks for a place at a gateway that the platform does not have",
        fix: "Enable the platform's gateway, or leave this out.",
    });
}
