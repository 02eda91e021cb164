import type { KubeConfig, V1ConfigMap, V1DaemonSet, V1Deployment, V1Secret } from "@kubernetes/client-node";

import { orMissing } from "../../apiError";
import { templateOf } from "../../operate/revision";
import { Workloads as Both, changedSinceFailure } from "../../operate/pendingVersion";
import { wedgeOf } from "../../operate/wedge";
import type { CanaryObject } from "../../operate/canary";
import { phaseOf } from "../../operate/phases";
import { Canary } from "./canaryFeed";
import { PodTemplate, configsOf, isCopy, released } from "./podTemplate";
import { rolledOut, stuck } from "./rolloutProgress";
import { Sight, isActive } from "./verdict";

type Client = typeof import("@kubernetes/client-node");

/** Which workloads these are, and what is expected of them. */
export interface WorkloadsArgs {
    namespace: string;
    target: { kind: string; name: string };
    /** The image that this program gave the target's first container; absent for a target of somebody else's. */
    image?: string;
    /**
     * How many of the primary's pods have to be available, in percent.
     * @default 100
     */
    primaryReadyThreshold?: number;
}

/** The target of a Canary and its primary, as they are now. */
export class Workloads {
    private begunWith?: string;
    /** The last look at a rollout under way; as long as Flagger has not moved there is nothing else to see. */
    private last?: { version: string | undefined; sight: Sight };

    constructor(
        private readonly client: Client,
        private readonly kubeconfig: KubeConfig,
        private readonly args: WorkloadsArgs,
    ) {}

    async look(canary: Canary | undefined): Promise<Sight> {
        const { phase = "", canaryWeight = 0, iterations = 0, failedChecks = 0 } = canary?.status ?? {};
        const version = canary?.metadata?.resourceVersion;
        // One that Flagger has not taken in yet may have to wait for hundreds of others.
        const pending = isActive(phase) || (canary !== undefined && phase === "" && this.last?.sight.targetExists);
        if (pending && this.last !== undefined && this.last.version === version) {
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
            ...(canary !== undefined && !isActive(phase) && standstill(canary, { target, primary })),
        };
        this.last = { version, sight };
        return sight;
    }

    /** Whether the target runs something else than this program said: Pulumi does not see that without a refresh. */
    private isForeign(target: V1Deployment | V1DaemonSet | undefined): boolean {
        const { image } = this.args;
        return image !== undefined && target?.spec?.template.spec?.containers[0]?.image !== image;
    }

    /** Both, as somebody else judges them. */
    async both(): Promise<Both> {
        const { name } = this.args.target;
        const [target, primary] = await Promise.all([this.workload(name), this.workload(`${name}-primary`)]);
        return { target, primary };
    }

    /** The target, by its name, or its primary. */
    workload(name: string): Promise<V1Deployment | V1DaemonSet | undefined> {
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

/** What the other judgements of a wait do not see: a version that came after a failure, and a Canary that goes. */
function standstill(canary: CanaryObject, workloads: Both): Partial<Sight> {
    const now = Date.now();
    const phase = phaseOf(canary, [], [], now);
    const wedge = wedgeOf({ canary, phase, moments: [], problems: [], now, workloads });
    const sure = wedge?.state === "forgotten" || wedge?.state === "being-deleted";
    return { changedSinceFailure: changedSinceFailure(canary, workloads.target), ...(sure && { wedge }) };
}

function sameData(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
