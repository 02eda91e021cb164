/** How a version answers: the share of errors, and the durations as a log-normal distribution. */
export interface Behaviour {
    errors: number;
    /** The median, in milliseconds. */
    median: number;
    /** The spread, of the logarithm. */
    spread: number;
}

/** A kind of release, drawn a thousand times. */
export interface Case {
    name: string;
    title: string;
    /** What a judge has to do with it. Where nothing can be known, it must neither promote nor roll back. */
    right: "promoted" | "rolled back" | "neither";
    /** Requests a second to both versions together. */
    requestsPerSecond: number;
    primary: Behaviour;
    canary: Behaviour;
    /** What a dependency does to both versions for some of the minutes: their share, and the errors that it adds. */
    bursts?: { share: number; errors: number };
    /** Whether the canary is reached by nobody. */
    unreached?: boolean;
    /** Whether it is judged as an application with few requests is. */
    sparse?: boolean;
}

const well: Behaviour = { errors: 0.001, median: 80, spread: 0.5 };
const busy = { requestsPerSecond: 20, primary: well };
const quiet = { requestsPerSecond: 0.5, sparse: true, primary: { ...well, errors: 0.005 } };

/** Every kind of release that is simulated. */
export const cases: Case[] = [
    { ...busy, name: "good", title: "as good as the primary: 0.1 % errors", right: "promoted", canary: well },
    { ...busy, name: "bad", title: "5 % errors", right: "rolled back", canary: { ...well, errors: 0.05 } },
    {
        ...busy,
        name: "slightly-bad",
        title: "0.9 % errors, where the primary has 0.1 %",
        right: "rolled back",
        canary: { ...well, errors: 0.009 },
    },
    {
        ...busy,
        name: "slow",
        title: "takes 1.6 times as long, and still less than 500 ms",
        right: "rolled back",
        canary: { ...well, median: 128 },
    },
    {
        ...busy,
        name: "noisy",
        title: "as good as the primary; a dependency fails 3 % for both in a third of the minutes",
        right: "promoted",
        canary: well,
        bursts: { share: 1 / 3, errors: 0.03 },
    },
    {
        ...busy,
        name: "heavy-tail",
        title: "as good as the primary; 1 % of both take more than 500 ms",
        right: "promoted",
        primary: { ...well, median: 60, spread: 0.92 },
        canary: { ...well, median: 60, spread: 0.92 },
    },
    {
        ...quiet,
        name: "sparse",
        title: "few requests; as good as the primary",
        right: "promoted",
        canary: quiet.primary,
    },
    {
        ...quiet,
        name: "sparse-bad",
        title: "few requests; 20 % errors",
        right: "rolled back",
        canary: { ...well, errors: 0.2 },
    },
    { ...busy, name: "absent", title: "nobody reaches the canary", right: "neither", canary: well, unreached: true },
];
