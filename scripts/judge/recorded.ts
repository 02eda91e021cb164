import { randomBinomial, randomLcg, randomPoisson } from "d3-random";

import { Behaviour, Case } from "./cases";
import { Samples, seriesLabels } from "./remoteWrite";

/** How often the series are scraped, in milliseconds; of an application with few requests not more often than needed. */
export const scrapeOf = ({ sparse }: Case) => (sparse === true ? 30_000 : 15_000);

/** The bounds of Istio's histogram that matter here, in milliseconds. */
const bounds = [25, 50, 100, 250, 500, 1000, 2500, 5000];

/** The distribution function of the normal distribution, by Abramowitz and Stegun's formula 26.2.17; its error is below 1e-7. */
function normal(x: number): number {
    const t = 1 / (1 + 0.2316419 * Math.abs(x));
    const tail =
        (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
        t *
        (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return x >= 0 ? 1 - tail : tail;
}

/** A counter as Istio's proxies show it: there once something was counted. */
class Counter {
    private value = 0;
    private readonly labels: Buffer;

    constructor(labels: Record<string, string>) {
        this.labels = seriesLabels(labels);
    }

    add(amount: number): void {
        this.value += amount;
    }

    at(time: number): Samples[] {
        return this.value === 0 ? [] : [{ labels: this.labels, values: [{ time, value: this.value }] }];
    }
}

/** What is drawn: how many of so many, by a probability. */
type Draw = (count: number, probability: number) => number;

/** The counters of one version. */
class Version {
    private readonly good: Counter;
    private readonly bad: Counter;
    private readonly buckets: Counter[];
    /** The probability of each bucket, among what the lesser ones do not hold. */
    private readonly chances: number[];

    constructor(
        workload: string,
        namespace: string,
        private readonly behaviour: Behaviour,
    ) {
        const labels = {
            reporter: "destination",
            destination_workload: workload,
            destination_workload_namespace: namespace,
        };
        const code = (response_code: string) =>
            new Counter({ __name__: "istio_requests_total", response_code, ...labels });
        this.good = code("200");
        this.bad = code("500");
        this.buckets = [...bounds.map(String), "+Inf"].map(
            (le) => new Counter({ __name__: "istio_request_duration_milliseconds_bucket", le, ...labels }),
        );
        const below = bounds.map((bound) => normal(Math.log(bound / behaviour.median) / behaviour.spread));
        this.chances = below.map((share, i) => (share - (below[i - 1] ?? 0)) / Math.max(1e-9, 1 - (below[i - 1] ?? 0)));
    }

    answer(requests: number, moreErrors: number, draw: Draw): void {
        const errors = draw(requests, Math.min(1, this.behaviour.errors + moreErrors));
        this.good.add(requests - errors);
        this.bad.add(errors);
        let rest = requests;
        this.buckets.forEach((bucket, index) => {
            rest -= draw(rest, this.chances[index] ?? 1);
            bucket.add(requests - rest);
        });
    }

    at(time: number): Samples[] {
        return [this.good, this.bad, ...this.buckets].flatMap((counter) => counter.at(time));
    }
}

/**
 * The series of one application through a rollout. Two that are drawn from the same number are the same for as long as their weights
 * are: so each judge sees the same releases.
 */
export class Recorded {
    private readonly versions: Record<"primary" | "canary", Version>;
    private readonly random: () => number;
    /** Of its own, so that bursts come in the same minutes whatever the weights are. */
    private readonly minutes: () => number;
    private readonly weightLabels: Buffer;
    private burst = false;

    constructor(
        private readonly kind: Case,
        readonly namespace: string,
        readonly name: string,
        seed: number,
    ) {
        this.random = randomLcg(seed);
        this.minutes = randomLcg(seed + 1e-5);
        this.versions = {
            primary: new Version(`${name}-primary`, namespace, kind.primary),
            canary: new Version(name, namespace, kind.canary),
        };
        this.weightLabels = seriesLabels({ __name__: "flagger_canary_weight", namespace, workload: name });
    }

    /** What is scraped at a time, after requests came in at this weight since the time before. */
    at(time: number, weight: number): Samples[] {
        const draw: Draw = (count, probability) =>
            count === 0 || probability <= 0 ? 0 : randomBinomial.source(this.random)(count, Math.min(1, probability))();
        const all = randomPoisson.source(this.random)((this.kind.requestsPerSecond * scrapeOf(this.kind)) / 1000)();
        const toCanary = this.kind.unreached === true ? 0 : draw(all, weight / 100);
        if (time % 60_000 === 0) {
            this.burst = this.minutes() < (this.kind.bursts?.share ?? 0);
        }
        const more = this.burst ? this.kind.bursts!.errors : 0;
        this.versions.primary.answer(all - toCanary, more, draw);
        this.versions.canary.answer(toCanary, more, draw);
        return [
            ...this.versions.primary.at(time),
            ...this.versions.canary.at(time),
            { labels: this.weightLabels, values: [{ time, value: weight }] },
        ];
    }
}
