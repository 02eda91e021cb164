import assert from "node:assert/strict";

import { Answer, isFailure } from "../../lab/ask";
import { Rollouts } from "../../lab/rollout";

/** A change takes a while until every proxy has it, in milliseconds. */
const margin = 1000;

const within =
    (from: number, to: number) =>
    ({ at }: { at: number }) =>
        at > from + margin && at < to - margin;

/** From when to when a Canary had a weight, or in an A/B test was at an iteration, in milliseconds since 1970. */
export interface Stretch {
    weight: number;
    iteration: number;
    phase: string;
    from: number;
    to: number;
}

/** Writes down when a Canary has which weight and phase. */
export class Stretches {
    readonly all: Stretch[] = [];
    private readonly timer: NodeJS.Timeout;

    constructor(rollouts: Rollouts, namespace: string, name: string) {
        this.timer = setInterval(() => {
            const status = rollouts.canary(namespace, name)?.status;
            const { canaryWeight: weight = 0, iterations: iteration = 0, phase = "" } = status ?? {};
            const last = this.all.at(-1);
            if (last?.weight === weight && last.iteration === iteration && last.phase === phase) {
                last.to = Date.now();
            } else {
                this.all.push({ weight, iteration, phase, from: Date.now(), to: Date.now() });
            }
        }, 100);
    }

    stop(): Stretch[] {
        clearInterval(this.timer);
        return this.all;
    }
}

/** What was asked for well inside a stretch: the proxies have heard of its beginning, and its end has not come. */
export function during<T extends { at: number }>(answers: T[], { from, to }: Stretch): T[] {
    return answers.filter(within(from, to));
}

/** Fails unless a version's part of the answers is the one expected, within four standard deviations. */
export function assertShare(answers: { version?: string }[], version: string, expected: number): void {
    const count = answers.filter((answer) => answer.version === version).length;
    const deviation = Math.sqrt((expected * (1 - expected)) / answers.length);
    assert.ok(
        answers.length >= 50 && Math.abs(count / answers.length - expected) <= 4 * deviation,
        `${count} of ${answers.length} answers came from ${version}, of which ${expected * 100} % were expected`,
    );
}

/**
 * Fails if any request failed that the faulty version did not answer itself; without one, if any failed at all. The stretches tell when
 * that was.
 */
export function assertServed(
    answers: Answer[],
    { faulty, during: all = [] }: { faulty?: string; during?: Stretch[] } = {},
): void {
    const lost = answers.filter((a) => isFailure(a) && (faulty === undefined || a.version !== faulty));
    assert.ok(answers.length >= 50, `only ${answers.length} answers`);
    const told = lost.slice(0, 5).map((answer) => {
        const stretch = all.findLast(({ from }) => from <= answer.at);
        return stretch === undefined ? answer : { ...answer, stretch, since: answer.at - stretch.from };
    });
    assert.deepEqual(told, [], `${lost.length} of ${answers.length} requests were lost`);
}

/** What was asked for after the first good answer had come: before it there is nothing that could be lost. */
export function sinceServed(answers: Answer[]): Answer[] {
    const good = answers.filter(({ status }) => status === 200);
    const first = Math.min(...good.map(({ at, milliseconds }) => at + milliseconds));
    return answers.filter(({ at }) => at > first);
}
