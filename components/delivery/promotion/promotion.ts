import type { KubeConfig, V1ConfigMap, V1DaemonSet, V1Deployment, V1Secret } from "@kubernetes/client-node";
import { runError } from "../../runError";
import { Canary, CanaryFeed } from "./canaryFeed";
import { PodTemplate, configsOf, isCopy, released } from "./podTemplate";
import { Course, Sight, describe, isActive, judge } from "./verdict";

/** What a wait for a promotion has to know. */
export interface PromotionArgs {
    /** How the component is called, for messages. */
    subject: string;
    kubeconfig: string;
    namespace: string;
    canaryName: string;
    target: { kind: string; name: string };
    /** The image that this program gave the target's first container; absent for a target of somebody else's. */
    image?: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    /**
     * How many of the primary's pods have to be available, in percent.
     * @default 100
     */
    primaryReadyThreshold?: number;
}

/** A request that hangs for so long counts as one that failed. */
const patience = 30_000;

type Client = typeof import("@kubernetes/client-node");

/**
 * Waits until Flagger has promoted what the target says now.
 *
 * Flagger names no revision in its status, and its condition `Promoted` is that of the last rollout until it sees the change.
 * So what is compared is the target with the primary: their templates, and the contents of the ConfigMaps and Secrets that
 * they use. Where they are the same and nothing is under way there is nothing to wait for, and this ends after one look.
 *
 * @throws pulumi.RunError when the version is rolled back, cannot be promoted or is not promoted in time. It says what Flagger
 *   said, what state that leaves, and what to do.
 */
export async function awaitPromotion(args: PromotionArgs, say: (line: string) => void): Promise<void> {
    // Loaded only here: no preview, and no program that does not wait, pays for the client.
    const client = await import("@kubernetes/client-node");
    const kubeconfig = new client.KubeConfig();
    kubeconfig.loadFromString(args.kubeconfig);
    const feed = CanaryFeed.of(client, kubeconfig, args.namespace);
    const workloads = new Workloads(client, kubeconfig, args);
    const course: Course = {
        now: performance.now(),
        began: performance.now(),
        intervalSeconds: args.intervalSeconds,
        timeoutSeconds: args.timeoutSeconds,
    };
    let known = "";
    let unreachable: string | undefined;
    for (let first = true; ; first = false) {
        let sight: Sight;
        try {
            sight = await within(
                patience,
                feed.next(first).then((canaries) => workloads.look(canaries.get(args.canaryName))),
            );
            unreachable = undefined;
        } catch (error) {
            giveUpOn(error, args, course, performance.now());
            if (unreachable === undefined) {
                unreachable = messageOf(error);
                say(`the cluster does not answer (${unreachable}); trying again`);
            }
            continue;
        }
        course.now = performance.now();
        course.failedSince = sight.phase === "Failed" ? (course.failedSince ?? course.now) : undefined;
        course.restingSince =
            sight.phase === "Failed" || isActive(sight.phase) ? undefined : (course.restingSince ?? course.now);
        const verdict = judge(sight, course);
        if (verdict.state === "promoted") {
            if (known !== "") {
                say("promoted");
            }
            return;
        }
        const state = describe(sight);
        if (state !== known) {
            known = state;
            say(await withReason(feed, args.canaryName, state));
        }
        if (verdict.state === "failed") {
            const reasons = verdict.explained === true ? await reasonsOf(feed, args.canaryName) : [];
            throw runError(
                [
                    `${args.subject}: ${args.namespace}/${args.target.name} is not promoted: ${verdict.what}`,
                    ...reasons.map((reason) => `  Flagger: ${reason}`),
                    verdict.remedy,
                ].join("\n"),
            );
        }
    }
}

/** The outcome of a promise, or an error when it takes too long. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** Throws where trying again cannot help, or the time is over. */
function giveUpOn(error: unknown, args: PromotionArgs, course: Course, now: number): void {
    const { code } = error as { code?: unknown };
    const { namespace, subject, timeoutSeconds } = args;
    const known = `${subject}: cannot tell whether ${namespace}/${args.target.name} is promoted: ${messageOf(error)}`;
    if (code === 401 || code === 403) {
        throw runError(
            `${known}\nWaiting needs the rights to list canaries and events and to get deployments, daemonsets, configmaps ` +
                `and secrets in the namespace ${namespace}. The change itself is made.`,
        );
    }
    if (now - course.began > timeoutSeconds * 1000) {
        throw runError(
            `${known}\nIt has been tried for ${timeoutSeconds} s. The change itself is made and its rollout goes on; run ` +
                "`pulumi up` again once the cluster answers.",
        );
    }
}

/** What the API server said; its client would put the headers beside it. */
function messageOf(error: unknown): string {
    const { body, message } = error as { body?: unknown; message: string };
    try {
        return (JSON.parse(body as string) as { message?: string }).message ?? message;
    } catch {
        return message.split("\nBody:")[0]!.replace("\n", ", ");
    }
}

/** Flagger's last words on a Canary that explain a failure. */
async function reasonsOf(feed: CanaryFeed, name: string): Promise<string[]> {
    const events = await feed.said(name).catch(() => []);
    // What was said of the releases before explains nothing of this one.
    const began = events.findLastIndex((event) => plain(event.message).startsWith("New revision detected!"));
    const warnings = events
        .slice(began + 1)
        .filter((event) => event.type === "Warning")
        .map((event) => plain(event.message));
    return [...new Set(warnings.reverse())].slice(0, 4).reverse();
}

async function withReason(feed: CanaryFeed, name: string, state: string): Promise<string> {
    const events = await feed.said(name).catch(() => []);
    const last = plain(events.at(-1)?.message);
    return last === "" ? state : `${state}: ${last}`;
}

/** Kubernetes puts a prefix before what it has folded together. */
function plain(message = ""): string {
    return message.replace("(combined from similar events): ", "");
}

/** The target and its primary. */
class Workloads {
    private begunWith?: string;
    /** The last look at a rollout under way; as long as Flagger has not moved there is nothing else to see. */
    private last?: { version: string | undefined; sight: Sight };

    constructor(
        private readonly client: Client,
        private readonly kubeconfig: KubeConfig,
        private readonly args: PromotionArgs,
    ) {}

    async look(canary: Canary | undefined): Promise<Sight> {
        const { phase = "", canaryWeight = 0, iterations = 0, failedChecks = 0 } = canary?.status ?? {};
        const version = canary?.metadata?.resourceVersion;
        if (isActive(phase) && this.last !== undefined && this.last.version === version) {
            return this.last.sight;
        }
        const target = await this.workload(this.args.target.name);
        const template = target && JSON.stringify(released(templateOf(target)));
        this.begunWith ??= template;
        const primary = isActive(phase) ? undefined : await this.workload(`${this.args.target.name}-primary`);
        const [a, b] = [templateOf(target), templateOf(primary)];
        const sight: Sight = {
            phase,
            weight: canaryWeight,
            iterations,
            failedChecks,
            suspended: canary?.spec?.suspend === true,
            targetExists: target !== undefined,
            superseded: template !== undefined && (template !== this.begunWith || this.isForeign(target)),
            promoted: isCopy(a, b) && (await this.configsAreCopies(a, b)),
            primaryRolledOut: primary !== undefined && rolledOut(primary, this.args.primaryReadyThreshold),
            primaryStuck: primary && stuck(primary),
        };
        this.last = { version, sight };
        return sight;
    }

    /** Whether the target runs something else than this program said: Pulumi does not see that without a refresh. */
    private isForeign(target: V1Deployment | V1DaemonSet | undefined): boolean {
        const { image } = this.args;
        return image !== undefined && target?.spec?.template.spec?.containers[0]?.image !== image;
    }

    private workload(name: string): Promise<V1Deployment | V1DaemonSet | undefined> {
        const api = this.kubeconfig.makeApiClient(this.client.AppsV1Api);
        const where = { name, namespace: this.args.namespace };
        return this.args.target.kind === "DaemonSet"
            ? orMissing(api.readNamespacedDaemonSet(where))
            : orMissing(api.readNamespacedDeployment(where));
    }

    private async configsAreCopies(
        target: PodTemplate | undefined,
        primary: PodTemplate | undefined,
    ): Promise<boolean> {
        const api = this.kubeconfig.makeApiClient(this.client.CoreV1Api);
        const { namespace } = this.args;
        const [used, copied] = [configsOf(target), configsOf(primary)];
        const same = async (name: string, names: string[], read: (name: string) => Promise<V1ConfigMap | V1Secret>) => {
            const copy = `${name}-primary`;
            // One that Flagger does not track is used by both.
            if (!names.includes(copy)) {
                return true;
            }
            const [original, made] = await Promise.all([orMissing(read(name)), orMissing(read(copy))]);
            return original === undefined || sameData(original.data, made?.data);
        };
        const checks = [
            ...used.configMaps.map((name) =>
                same(name, copied.configMaps, (n) => api.readNamespacedConfigMap({ name: n, namespace })),
            ),
            ...used.secrets.map((name) =>
                same(name, copied.secrets, (n) => api.readNamespacedSecret({ name: n, namespace })),
            ),
        ];
        return (await Promise.all(checks)).every(Boolean);
    }
}

function templateOf(workload: V1Deployment | V1DaemonSet | undefined): PodTemplate | undefined {
    return workload?.spec?.template as PodTemplate | undefined;
}

function sameData(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** What is read of a Deployment or a DaemonSet to see how far it is. */
interface Progress {
    metadata?: { generation?: number };
    spec?: { replicas?: number; template?: unknown };
    status?: {
        observedGeneration?: number;
        replicas?: number;
        updatedReplicas?: number;
        availableReplicas?: number;
        desiredNumberScheduled?: number;
        updatedNumberScheduled?: number;
        numberAvailable?: number;
    };
}

/** Whether all pods run the newest template and are available, as `kubectl rollout status` sees it. */
export function rolledOut({ metadata, spec, status = {} }: Progress, percent = 100): boolean {
    if ((status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) {
        return false;
    }
    const { desiredNumberScheduled: nodes, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    if (nodes !== undefined) {
        return updatedNumberScheduled >= nodes && numberAvailable >= Math.floor((nodes * percent) / 100);
    }
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
    const wanted = spec?.replicas ?? 1;
    return (
        updatedReplicas >= wanted &&
        replicas <= updatedReplicas &&
        availableReplicas >= Math.floor((updatedReplicas * percent) / 100)
    );
}

function stuck(workload: V1Deployment | V1DaemonSet): string | undefined {
    const conditions = workload.status?.conditions ?? [];
    return conditions.find((c) => c.reason === "ProgressDeadlineExceeded")?.message;
}

async function orMissing<T>(read: Promise<T>): Promise<T | undefined> {
    try {
        return await read;
    } catch (error) {
        if ((error as { code?: unknown }).code === 404) {
            return undefined;
        }
        throw error;
    }
}
