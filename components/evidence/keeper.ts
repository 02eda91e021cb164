import type { CoreV1Event, KubeConfig } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { CanaryFeed, oldestFirst } from "../delivery/promotion/canaryFeed";
import { without } from "../delivery/promotion/flaggerWords";
import { lastRollout } from "../delivery/promotion/moments";
import { imageOf } from "../delivery/promotion/podTemplate";
import { isActive } from "../delivery/promotion/verdict";
import { CanaryObject, keyOf } from "../operate/canary";
import { Workload, revisionOf, templateOf } from "../operate/revision";
import { MetricsServer } from "../page/metricsServer";
import type { Measured } from "../page/rollout";
import { wholeRollout } from "../page/source";
import { within } from "../within";
import { EvidenceConfigMap } from "./configMap";
import { RecordArgs, RecordOutcome, RolloutRecord, endOf, eventsIn, isFinal, recordOf } from "./record";
import { measuredIn } from "./remembered";

type Client = typeof import("@kubernetes/client-node");

/** How often what is known of a rollout under way is kept, in milliseconds: so much is lost when the wait is ended by force. */
const often = 30_000;
/** For so long a wait that is over stays for what it keeps. */
const patience = 30_000;

/** What is kept, and where. */
export interface KeepArgs {
    namespace: string;
    canaryName: string;
    configMap: string;
    rollouts: number;
    /** Where Flagger asks for its metrics. */
    metricsServer?: string;
    /** What must not be told of Flagger's words. */
    hidden: readonly string[];
    /** Reads the target of the Canary, or its primary. */
    workload: (which: "target" | "primary") => Promise<Workload | undefined>;
}

/** What came of it at the end of a wait. */
export interface EndOfKeeping {
    record?: RolloutRecord;
    /** Why it is not kept, in a sentence. */
    problem?: string;
}

/** Keeps what is seen of a rollout while somebody waits for its end. It asks for nothing until there is one. */
export class Keeper {
    private readonly store: EvidenceConfigMap;
    private readonly metrics: MetricsServer;
    private readonly looks: RecordArgs["looks"] = [];
    private readonly said = new Map<string, CoreV1Event>();
    private canary?: CanaryObject;
    private began?: number;
    private versions: Pick<RecordArgs, "revision" | "image" | "over"> = {};
    /** What an earlier wait has kept of the same rollout. */
    private earlier?: RolloutRecord | "none";
    private writing?: Promise<unknown>;
    private writtenAt = -Infinity;
    /** The newest record, kept or not. */
    private made?: RolloutRecord;
    /** When the record began that this wait has put there: of what is known later it may be another moment. */
    private put?: string;

    constructor(
        client: Client,
        kubeconfig: KubeConfig,
        private readonly feed: CanaryFeed,
        private readonly args: KeepArgs,
    ) {
        this.store = new EvidenceConfigMap(client, kubeconfig, args.namespace, args.configMap);
        this.metrics = new MetricsServer(client, kubeconfig, args.metricsServer);
    }

    /** Takes in how the Canary stands; called at every look. */
    saw(canary: CanaryObject | undefined): void {
        this.canary = canary ?? this.canary;
        const {
            phase = "",
            canaryWeight = 0,
            iterations = 0,
            failedChecks = 0,
            lastTransitionTime,
        } = canary?.status ?? {};
        const underWay = isActive(phase) && phase !== "Initializing";
        if (!underWay && this.began === undefined) {
            return;
        }
        // Flagger's own clock, by which its words are.
        const time = Number(new Date(lastTransitionTime ?? Date.now()));
        this.began ??= time;
        const last = this.looks.at(-1);
        const look = { time, phase, weight: canaryWeight, iterations, failedChecks };
        if (last === undefined || JSON.stringify({ ...look, time: last.time }) !== JSON.stringify(last)) {
            this.looks.push(look);
            if (underWay && this.writing === undefined && performance.now() - this.writtenAt > often) {
                this.writtenAt = performance.now();
                // What is refused now is tried again at the end, and told then.
                this.writing = this.keep("running")
                    .catch(() => undefined)
                    .finally(() => (this.writing = undefined));
            } else {
                void this.listen();
            }
        }
    }

    /**
     * Keeps what is known at the end of a wait. Where no rollout was seen there is nothing to keep, unless one was taken back before.
     * It never fails: what is not kept is told.
     */
    async end(outcome: RecordOutcome, says?: string): Promise<EndOfKeeping> {
        if (this.canary === undefined || (this.began === undefined && outcome !== "rolled-back")) {
            return {};
        }
        try {
            return { record: await within(patience, this.last(outcome, says)) };
        } catch (error) {
            const { namespace, configMap } = this.args;
            const { code } = error as { code?: unknown };
            const rights =
                code === 401 || code === 403
                    ? ` That takes the rights to get, create and patch configmaps in ${namespace}.`
                    : "";
            return {
                problem:
                    `What the checks of this rollout saw is not kept in ConfigMap ${namespace}/${configMap}: ` +
                    `${messageOf(error)}.${rights} The rollout itself is not touched by it.`,
                ...(this.made !== undefined && { record: this.made }),
            };
        }
    }

    private async last(outcome: RecordOutcome, says?: string): Promise<RolloutRecord> {
        await this.writing;
        const end = endOf(this.canary!);
        if (this.began === undefined && end !== undefined) {
            // Another wait has seen it to its end.
            const { records } = await this.store.kept(this.canary!);
            const known = records.find((record) => record.ended === end && isFinal(record));
            if (known !== undefined) {
                return known;
            }
        }
        return this.keep(outcome, says);
    }

    private async keep(outcome: RecordOutcome, says?: string): Promise<RolloutRecord> {
        const canary = this.canary!;
        await Promise.all([this.listen(), outcome === "superseded" ? undefined : this.lookAtVersions(canary)]);
        const earlier = await this.earlierRecord(canary);
        const now = Date.now();
        const rollout = await wholeRollout(this.source(earlier), this.sight(canary), keyOf(canary), now);
        const record = recordOf(rollout!, {
            ...this.versions,
            canary,
            outcome,
            began: earlier === undefined ? (this.began ?? now) : Number(new Date(earlier.began)),
            // The end of a rollout that goes on is none.
            ...(outcome !== "running" && outcome !== "timed-out" && { ended: endOf(canary) }),
            says,
            looks: this.looks,
        });
        this.made = record;
        const replaces = this.put ?? earlier?.began;
        await this.store.put(canary, record, { rollouts: this.args.rollouts, replaces });
        this.put = record.began;
        return record;
    }

    /** Kubernetes drops what was said within the hour, and whatever comes too fast: what was once heard stays. */
    private async listen(): Promise<void> {
        const heard = await this.feed.said(this.args.canaryName).catch(() => []);
        for (const event of heard) {
            const key = event.metadata.uid ?? event.metadata.name ?? `${event.message}`;
            this.said.set(key, { ...event, message: without(this.args.hidden, event.message ?? "") });
        }
    }

    private async lookAtVersions(canary: CanaryObject): Promise<void> {
        const [target, primary] = await Promise.all([this.args.workload("target"), this.args.workload("primary")]);
        this.versions = {
            revision: revisionOf(canary, target) ?? this.versions.revision,
            image: imageOf(templateOf(target)) ?? this.versions.image,
            // Later it runs the new one.
            over: this.versions.over ?? imageOf(templateOf(primary)),
        };
    }

    /** What a wait that was interrupted, or over too early, has kept of this rollout: this one goes on with it. */
    private async earlierRecord(canary: CanaryObject): Promise<RolloutRecord | undefined> {
        if (this.earlier === undefined) {
            const { records } = await this.store.kept(canary);
            const [newest] = records;
            this.earlier = newest !== undefined && this.isSame(newest) ? newest : "none";
            if (this.earlier !== "none") {
                this.takeOver(this.earlier);
            }
        }
        return this.earlier === "none" ? undefined : this.earlier;
    }

    /** Whether a record is of the rollout under way: the same version may be released again. */
    private isSame(record: RolloutRecord): boolean {
        const moments = lastRollout(this.heard(), this.canary?.status?.phase ?? "");
        const anew = moments.some(({ text }) => text.startsWith("New revision detected!"));
        return (
            record.revision === this.versions.revision &&
            !isFinal(record) &&
            (!anew || moments[0]!.first <= Number(new Date(record.began)))
        );
    }

    private takeOver(record: RolloutRecord): void {
        const start = Number(new Date(record.began));
        this.versions.over = record.over ?? this.versions.over;
        this.looks.unshift(...record.looks.map(({ at, ...look }) => ({ time: start + at * 1000, ...look })));
        const known = new Set([...this.said.values()].map(({ message }) => message));
        eventsIn(record)
            .filter(({ message }) => !known.has(message))
            .forEach((event, index) => this.said.set(`kept-${index}`, event));
    }

    private heard(): CoreV1Event[] {
        return oldestFirst([...this.said.values()]);
    }

    private sight(canary: CanaryObject) {
        return { canaries: [canary], events: new Map([[keyOf(canary), this.heard()]]), problems: [] };
    }

    /** What the page asks of a cluster, asked of this one Canary. */
    private source(earlier: RolloutRecord | undefined) {
        return {
            cluster: "",
            look: () => Promise.reject(new Error("it has been looked at")),
            around: () => Promise.resolve({ images: {}, around: {} }),
            kept: () => Promise.resolve(undefined),
            measured: async (canary: CanaryObject, from: number, to: number): Promise<Measured> => {
                const measured = await this.metrics.measured(canary, from, to);
                return measured.values === undefined ? (measuredIn(earlier, undefined) ?? measured) : measured;
            },
        };
    }
}
