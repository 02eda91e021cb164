/** The bounds that Prometheus' clients have unless told otherwise, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Counted {
    /** How many took no longer than each bound. */
    buckets: number[];
    count: number;
    sum: number;
}

/** How long requests took, by the status of their answers: what podinfo exports as `http_request_duration_seconds`. */
export class Durations {
    private readonly byStatus = new Map<number, Counted>();

    observe(status: number, seconds: number): void {
        const counted = this.byStatus.get(status) ?? { buckets: bounds.map(() => 0), count: 0, sum: 0 };
        this.byStatus.set(status, {
            buckets: counted.buckets.map((count, index) => count + (seconds <= bounds[index]! ? 1 : 0)),
            count: counted.count + 1,
            sum: counted.sum + seconds,
        });
    }

    /** All of it, in Prometheus' text format. */
    toString(): string {
        const name = "http_request_duration_seconds";
        const lines = [...this.byStatus].flatMap(([status, { buckets, count, sum }]) => {
            const labels = `method="GET",path="root",status="${status}"`;
            return [
                ...[...bounds, "+Inf"].map(
                    (bound, index) => `${name}_bucket{${labels},le="${bound}"} ${buckets[index] ?? count}`,
                ),
                `${name}_sum{${labels}} ${sum}`,
                `${name}_count{${labels}} ${count}`,
            ];
        });
        return [`# HELP ${name} Seconds spent serving HTTP requests.`, `# TYPE ${name} histogram`, ...lines, ""].join(
            "\n",
        );
    }
}
