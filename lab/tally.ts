import { Answer, isFailure } from "./ask";

/** What users saw of one version. */
export interface Tally {
    version: string;
    requests: number;
    /** The version's part of all answers, from 0 to 1. */
    share: number;
    failures: number;
    /** The time within which 99 of 100 answers came, in milliseconds. */
    p99: number;
}

/** Whom an answer is counted for that does not say its version: most often there was none. */
const nobody = "no version";

/** What users saw, by the version that answered. */
export function tally(answers: Answer[]): Tally[] {
    const versions = new Map<string, Answer[]>();
    for (const answer of answers) {
        const version = answer.version ?? nobody;
        const own = versions.get(version);
        if (own === undefined) {
            versions.set(version, [answer]);
        } else {
            own.push(answer);
        }
    }
    return [...versions]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([version, own]) => ({
            version,
            requests: own.length,
            share: own.length / answers.length,
            failures: own.filter(isFailure).length,
            p99: quantile(
                own.map(({ milliseconds }) => milliseconds),
                0.99,
            ),
        }));
}

/** The smallest of the values that this part of all of them does not exceed. 0 where there are none. */
export function quantile(values: number[], part: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.find((_, at) => (at + 1) / sorted.length >= part) ?? 0;
}

/** How many requests a second there were between the first of these answers and the last. */
export function perSecond(answers: Answer[]): number {
    // Not `Math.max(...times)`: a long rehearsal has more answers than a call may have arguments.
    const times = answers.map(({ at }) => at).sort((a, b) => a - b);
    const seconds = (times.at(-1)! - times[0]!) / 1000;
    return answers.length < 2 || seconds === 0 ? 0 : (answers.length - 1) / seconds;
}
