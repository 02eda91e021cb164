import { Moment } from "../delivery/promotion/moments";
import { CanaryObject, intervalOf } from "../operate/canary";
import { Check, passes } from "./checks";

/**
 * Checks with those values alone that judged something. Flagger goes on giving the last value of each metric, also of a release before:
 * ahead of its first look, after its last, and as long as it does not come to a metric because one before it fails.
 */
export function judgedOnly(canary: CanaryObject, checks: readonly Check[], moments: readonly Moment[]): Check[] {
    const interval = intervalOf(canary) * 1000;
    const at = (words: RegExp) => moments.find(({ text }) => words.test(text))?.first;
    const start = at(/^Starting canary analysis/);
    const end = at(/^(Copying |Rolling back |Routing all traffic to primary|Promotion completed)/);
    const within = (time: number) =>
        (start === undefined || time >= start + interval) && (end === undefined || time - interval < end);
    const inTime = checks.map((check) => ({
        ...check,
        samples: check.samples.filter(({ time }) => check.from === "events" || within(time)),
    }));
    return inTime.map((check) => {
        const before = inTime.filter((other) => isBefore(canary, other.name, check.name) && other.samples.length > 0);
        const isReached = (time: number) => before.every((other) => hasPassed(other, time));
        return {
            ...check,
            samples: check.samples.filter(({ time }) => check.from === "events" || isReached(time)),
        };
    });
}

/** Flagger looks at its own metrics first, then at those of templates, each in their order. */
function isBefore({ spec }: CanaryObject, one: string, other: string): boolean {
    const metrics = spec?.analysis?.metrics ?? [];
    const order = [
        ...metrics.filter(({ templateRef }) => templateRef === undefined),
        ...metrics.filter(({ templateRef }) => templateRef !== undefined),
    ].map(({ name }) => name);
    return order.indexOf(one) < order.indexOf(other);
}

/** Whether a metric had a value that passes at this time; they are all asked for at the same times. */
function hasPassed(check: Check, time: number): boolean {
    // What Flagger said of failed checks is at times of its own, and says nothing of the others.
    return (
        check.from === "events" || check.samples.some((sample) => sample.time === time && passes(sample.value, check))
    );
}
