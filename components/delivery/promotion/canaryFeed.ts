import type { CoreV1Event, KubeConfig, KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";

import { CanaryWatch } from "./canaryWatch";
import { isActive } from "./verdict";

/** What is read of a Canary. */
export interface Canary extends KubernetesObject {
    spec?: { suspend?: boolean };
    status?: {
        phase?: string;
        canaryWeight?: number;
        iterations?: number;
        failedChecks?: number;
        conditions?: { message?: string; reason?: string; lastUpdateTime?: string }[];
    };
}

/** How long it is from one look to the next, in milliseconds, while Flagger does not come to rest. */
const pause = 2_000;
/** So long at least: of hundreds of Canaries many come to rest at a time. */
const breath = 250;

const canaryPath = (namespace: string) => `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries`;

/** What all feeds of a cluster know of Flagger. */
interface Intake {
    /** When it was last seen to begin a rollout; by `performance.now()`. */
    movedAt?: number;
}

/**
 * The Canaries of a namespace, as they are now. However many wait for one of theirs, the API server is asked once for all of
 * them, and tells of what changes as long as somebody waits. Where it does not, it is asked every two seconds.
 */
export class CanaryFeed {
    private canaries?: Promise<Map<string, Canary>>;
    private watch?: CanaryWatch;
    private mayWatch = true;
    private waiting = 0;
    /** Whether somebody asks who has not asked before, and needs what is so now. */
    private anew = false;
    /** Whether a Canary has come to rest since the last look: that is what is waited for. */
    private rested = false;
    private wake?: () => void;
    private events?: Promise<Map<string | undefined, CoreV1Event[]>>;
    /** The phases of the Canaries that were at rest at the last look. */
    private resting = new Map<string, string>();

    private constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly client: typeof import("@kubernetes/client-node"),
        readonly namespace: string,
        private readonly intake: Intake,
    ) {}

    private static readonly feeds = new Map<string, CanaryFeed>();
    private static readonly intakes = new Map<string, Intake>();

    /** The one feed of a namespace of the cluster that a kubeconfig leads to. */
    static of(client: typeof import("@kubernetes/client-node"), kubeconfig: KubeConfig, namespace: string): CanaryFeed {
        // All of it: a second update of the same program may come with a newer token.
        const cluster = kubeconfig.exportConfig();
        const key = JSON.stringify([cluster, namespace]);
        const intake = CanaryFeed.intakes.get(cluster) ?? {};
        const feed = CanaryFeed.feeds.get(key) ?? new CanaryFeed(kubeconfig, client, namespace, intake);
        CanaryFeed.intakes.set(cluster, intake);
        CanaryFeed.feeds.set(key, feed);
        return feed;
    }

    /**
     * When Flagger was last seen to begin a rollout of any Canary in the namespaces of the cluster that somebody waits in: it takes them
     * one after the other, so those that wait for their turn have not been forgotten.
     */
    get intakeMovedAt(): number | undefined {
        return this.intake.movedAt;
    }

    /** Runs what waits for a Canary: the API server tells of changes until the last such wait is over. */
    async whileWaiting<T>(wait: () => Promise<T>): Promise<T> {
        this.waiting += 1;
        try {
            return await wait();
        } finally {
            this.waiting -= 1;
            if (this.waiting === 0) {
                this.watch?.stop();
            }
        }
    }

    /**
     * The Canaries by name: those of a first look not older than the call, and those after it as far as the API server has told of them.
     * Whoever asks while an answer is on its way gets the next one.
     */
    next(first: boolean): Promise<Map<string, Canary>> {
        this.anew ||= first;
        this.canaries ??= this.later(first).then(async () => {
            // From here on a new question needs a new answer.
            this.canaries = undefined;
            this.rested = false;
            const told = this.anew ? undefined : this.watch?.now;
            this.anew = false;
            return this.lookedAt(told ?? (await this.list()));
        });
        return this.canaries;
    }

    /** What Flagger has said of a Canary, oldest first. */
    async said(name: string): Promise<CoreV1Event[]> {
        this.events ??= this.kubeconfig
            .makeApiClient(this.client.CoreV1Api)
            .listNamespacedEvent({
                namespace: this.namespace,
                fieldSelector: "involvedObject.kind=Canary",
            })
            .then(({ items }) => byCanary(items))
            .finally(() => {
                this.events = undefined;
            });
        return (await this.events).get(name) ?? [];
    }

    private later(first: boolean): Promise<void> {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, first ? 0 : this.rested ? breath : pause);
            this.wake = () => {
                clearTimeout(timer);
                setTimeout(resolve, first ? 0 : breath);
            };
        });
    }

    private async list(): Promise<Map<string, Canary>> {
        const { items, metadata } = (await this.kubeconfig
            .makeApiClient(this.client.CustomObjectsApi)
            .listNamespacedCustomObject({
                group: "flagger.app",
                version: "v1beta1",
                plural: "canaries",
                namespace: this.namespace,
            })) as KubernetesListObject<Canary>;
        const canaries = new Map(items.map((canary) => [canary.metadata!.name!, canary]));
        this.watchFrom(metadata?.resourceVersion, canaries);
        return canaries;
    }

    private watchFrom(resourceVersion: string | undefined, canaries: Map<string, Canary>): void {
        const goesOn = this.watch?.isOver === false;
        if (this.waiting === 0 || !this.mayWatch || goesOn || resourceVersion === undefined) {
            return;
        }
        this.watch = CanaryWatch.from(
            this.client,
            this.kubeconfig,
            { path: canaryPath(this.namespace), resourceVersion, canaries },
            {
                changed: (now, before) => {
                    if (isActive(before?.status?.phase ?? "") && !isActive(now?.status?.phase ?? "")) {
                        this.rested = true;
                        this.wake?.();
                    }
                },
                refused: () => {
                    this.mayWatch = false;
                },
            },
        );
    }

    private lookedAt(canaries: Map<string, Canary>): Map<string, Canary> {
        const phases = [...canaries].map(([name, { status }]): [string, string] => [name, status?.phase ?? ""]);
        if (phases.some(([name, phase]) => (this.resting.get(name) ?? phase) !== phase)) {
            this.intake.movedAt = performance.now();
        }
        this.resting = new Map(phases.filter(([, phase]) => !isActive(phase)));
        return canaries;
    }
}

/** Sorted once for all who asked: hundreds may, of thousands of events. */
function byCanary(events: CoreV1Event[]): Map<string | undefined, CoreV1Event[]> {
    const said = new Map<string | undefined, CoreV1Event[]>();
    for (const event of oldestFirst(events)) {
        const { name } = event.involvedObject;
        const earlier = said.get(name);
        if (earlier === undefined) {
            said.set(name, [event]);
        } else {
            earlier.push(event);
        }
    }
    return said;
}

/** Events in the order in which they happened last. */
export function oldestFirst(events: CoreV1Event[]): CoreV1Event[] {
    return [...events].sort((a, b) => lastHappened(a) - lastHappened(b));
}

/** When an event happened last, in milliseconds. */
export function lastHappened(event: CoreV1Event): number {
    // The client leaves an `eventTime` a text.
    return Number(new Date(event.lastTimestamp ?? event.eventTime ?? 0));
}
