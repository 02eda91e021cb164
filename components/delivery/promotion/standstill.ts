import type { Cluster } from "../../operate/look";
import { quietSeconds } from "../../operate/phases";
import type { Wedge } from "../../operate/wedge";
import type { Canary, CanaryFeed } from "./canaryFeed";
import { isActive } from "./verdict";
import type { Workloads } from "./workloads";

/** For so long it is not asked again, in milliseconds: what has stood for minutes will do so for one more. */
const pause = 60_000;

/** Whether and why Flagger stands still in the midst of a rollout that somebody waits for. Nothing is asked while it moves. */
export class Standstill {
    private place = "";
    private askAt = 0;
    private found?: Wedge;

    constructor(
        private readonly cluster: Cluster,
        private readonly feed: CanaryFeed,
        private readonly workloads: Pick<Workloads, "both">,
        private readonly intervalSeconds: number,
    ) {}

    /**
     * Takes in how the Canary stands among those of its namespace; answers with why it does not go on, once for each reason. `now` is in
     * milliseconds.
     */
    async saw(canary: Canary | undefined, all: ReadonlyMap<string, Canary>, now: number): Promise<Wedge | undefined> {
        const { phase = "", canaryWeight, iterations, failedChecks } = canary?.status ?? {};
        const place = [phase, canaryWeight, iterations, failedChecks].join(" ");
        if (canary === undefined || !isActive(phase) || place !== this.place) {
            this.place = place;
            this.found = undefined;
            this.askAt = now + quietSeconds(this.intervalSeconds) * 1000;
            return undefined;
        }
        if (now < this.askAt) {
            return undefined;
        }
        this.askAt = now + pause;
        const before = this.found?.state;
        this.found = await this.of(canary, all);
        return this.found?.state === before ? undefined : this.found;
    }

    /** Why a Canary does not go on, by what Flagger has said so far; nothing where that cannot be read. */
    async of(canary: Canary | undefined, all: ReadonlyMap<string, Canary>): Promise<Wedge | undefined> {
        const events = await this.feed.said(canary?.metadata?.name ?? "").catch(() => undefined);
        if (canary === undefined || events === undefined || !isActive(canary.status?.phase ?? "")) {
            return undefined;
        }
        const [{ rolloutOf }, { absentGates }] = await Promise.all([
            import("../../page/rollout.js"),
            import("../../operate/absentGates.js"),
        ]);
        const known = { events, now: Date.now() };
        const [gates, workloads] = await Promise.all([
            absentGates(this.cluster, canary, rolloutOf(canary, known).phase),
            this.workloads.both().catch(() => undefined),
        ]);
        const around = { absentGates: gates, neighbours: [...all.values()], workloads };
        return rolloutOf(canary, { ...known, around }).wedge;
    }
}
