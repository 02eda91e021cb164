import { Case } from "./cases";
import { Rollout, Rule, look } from "./flaggerRule";
import { Judge } from "./judges";
import { RecordingPrometheus } from "./prometheus";
import { Recorded, scrapeOf } from "./recorded";

/** How the rollouts of a case ended under one judge. */
export interface Outcome {
    judge: Judge;
    promoted: number;
    rolledBack: number;
    /** Those that still waited when the time was over. */
    waiting: number;
    /** The time until the end of those that ended, in minutes, on average. */
    minutes: number;
}

/** One rollout under one judge. */
interface Run {
    recorded: Recorded;
    rule: Rule;
    rollout: Rollout;
    ended?: number;
}

const queriesAtOnce = 16;

/** How often Flagger looks, and how many looks at most are waited for. */
const pace = ({ sparse, unreached }: Case) => ({
    interval: sparse === true ? 300_000 : 60_000,
    looks: unreached === true ? 12 : sparse === true ? 20 : 25,
    // What the primary does before the release.
    before: sparse === true ? 1_800_000 : 360_000,
});

/** Releases a case so many times under each judge; every judge has the same ones. */
export async function simulate(
    prometheus: RecordingPrometheus,
    kind: Case,
    judges: readonly Judge[],
    rollouts: number,
    seed: number,
): Promise<Outcome[]> {
    const { interval, looks, before } = pace(kind);
    const scrape = scrapeOf(kind);
    const runs = judges.map((judge) => startAll(kind, judge, rollouts, seed));
    const all = runs.flat();
    // The day is of no matter; Prometheus takes what is past.
    const start = Math.floor((Date.now() - 6 * 3_600_000) / 600_000) * 600_000;
    let time = start;
    const scrapeUntil = async (end: number) => {
        for (; time < end; time += scrape) {
            const now = time + scrape;
            await prometheus.write(
                all.flatMap(({ recorded, rollout, ended }) =>
                    ended === undefined ? recorded.at(now, rollout.weight) : [],
                ),
            );
        }
    };
    await scrapeUntil(start + before);
    for (let index = 0; index < looks && all.some(({ ended }) => ended === undefined); index++) {
        await scrapeUntil(time + interval);
        await lookAtAll(prometheus, all, time, (time - start - before) / 60_000);
    }
    return judges.map((judge, index) => count(judge, runs[index]!));
}

function startAll(kind: Case, judge: Judge, rollouts: number, seed: number): Run[] {
    return Array.from({ length: rollouts }, (_, index) => {
        const [namespace, name] = [`${kind.name}-${judge.name}`, `app-${index}`];
        return {
            recorded: new Recorded(kind, namespace, name, (seed + (index + 1) / rollouts) % 1),
            rule: judge.rule(kind, namespace, name),
            rollout: { phase: "progressing", weight: 0, failedChecks: 0 },
        };
    });
}

async function lookAtAll(prometheus: RecordingPrometheus, runs: Run[], time: number, minutes: number): Promise<void> {
    const waiting = runs.filter(({ ended }) => ended === undefined);
    const lane = async () => {
        for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
            run.rollout = await look(run.rollout, run.rule, (query) => prometheus.ask(query, time));
            if (run.rollout.phase === "promoted" || run.rollout.phase === "rolled back") {
                run.ended = minutes;
            }
        }
    };
    await Promise.all(Array.from({ length: queriesAtOnce }, lane));
}

function count(judge: Judge, runs: Run[]): Outcome {
    const ended = runs.filter((run) => run.ended !== undefined);
    const of = (phase: Rollout["phase"]) => runs.filter(({ rollout }) => rollout.phase === phase).length;
    return {
        judge,
        promoted: of("promoted"),
        rolledBack: of("rolled back"),
        waiting: runs.length - ended.length,
        minutes: ended.reduce((sum, run) => sum + run.ended!, 0) / ended.length,
    };
}
