import { isLater } from "../components/shape";
import { Problems } from "../components/validation";

const everybody = ["0.0.0.0/0", "::/0"];

/**
 * Adds a problem where ranges of addresses are missing or take in everybody. Ranges that are not known yet are not judged.
 * `what` is what they are there for: "reach the API server".
 */
export function checkRanges(problems: Problems, path: string, ranges: unknown, what: string, fix: string): void {
    if (isLater(ranges)) {
        return;
    }
    const given: unknown[] = Array.isArray(ranges) ? ranges : [];
    if (given.length === 0) {
        problems.add({ path, rule: `is needed: without it everybody on the internet can ${what}`, fix });
        return;
    }
    problems.require(!given.some((range) => everybody.includes(range as string)), {
        path,
        value: given,
        rule: `lets everybody on the internet ${what}`,
        fix,
    });
}
