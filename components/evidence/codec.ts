import { isObject } from "../shape";
import { CheckRecord, LookRecord, RolloutRecord, SaidRecord } from "./record";

/** A record as a text. JSON has no word for what no number is, so those stand as texts. */
export function encode(record: RolloutRecord): string {
    return JSON.stringify(record, (_, value: unknown) =>
        typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    );
}

/** Reads a record; undefined where it is none. Whoever may write the ConfigMap may have written anything into it. */
export function decode(text: string): RolloutRecord | undefined {
    let found: unknown;
    try {
        found = JSON.parse(text);
    } catch {
        return undefined;
    }
    if (!isObject(found) || found.version !== 1 || !isTime(found.began)) {
        return undefined;
    }
    const { revision, outcome, ended, image, over, says, evidence, unmeasured, leftOut } = found;
    return {
        version: 1,
        ...texts({ revision, image, over, unmeasured }),
        ...(isTime(ended) && { ended }),
        outcome: textOf(outcome) as RolloutRecord["outcome"],
        interval: numberOf(found.interval),
        began: found.began,
        says: textOf(says),
        evidence: list(evidence).filter((one) => typeof one === "string"),
        weights: pairs(found.weights),
        looks: list(found.looks)
            .filter(isObject)
            .map(lookOf)
            .filter(({ at }) => isNear(at)),
        checks: list(found.checks).filter(isObject).map(checkOf),
        said: list(found.said)
            .filter(isObject)
            .map(saidOf)
            .filter(({ at, until = at }) => isNear(at) && isNear(until)),
        ...(isObject(leftOut) && { leftOut: numbers(leftOut) }),
    };
}

type Found = Record<string, unknown>;

function lookOf({ at, phase, weight, iterations, failedChecks }: Found): LookRecord {
    return {
        at: numberOf(at),
        phase: textOf(phase),
        weight: numberOf(weight),
        iterations: numberOf(iterations),
        failedChecks: numberOf(failedChecks),
    };
}

function checkOf({ name, unit, min, max, from, failed, samples }: Found): CheckRecord {
    return {
        name: textOf(name),
        unit: textOf(unit),
        ...numbers({ min, max }),
        from: from === "metrics" ? "metrics" : "events",
        failed: numberOf(failed),
        samples: pairs(samples),
    };
}

function saidOf({ at, until, times, warning, text }: Found): SaidRecord {
    return {
        at: numberOf(at),
        ...numbers({ until, times }),
        ...(warning === true && { warning }),
        text: textOf(text),
    };
}

function isTime(value: unknown): value is string {
    return typeof value === "string" && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Whether a rollout may have taken so many seconds: beyond it are times that no calendar has. */
function isNear(seconds: number): boolean {
    return Math.abs(seconds) < 1e9;
}

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** JSON has no word for what no number is, so it may stand as a text. */
function numberOf(value: unknown): number {
    return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}

function list(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

function pairs(value: unknown): [number, number][] {
    return list(value)
        .filter((pair) => Array.isArray(pair))
        .map(([first, second]: unknown[]): [number, number] => [numberOf(first), numberOf(second)])
        .filter(([seconds]) => isNear(seconds));
}

/** Those of the fields that are texts. */
function texts(fields: Found): Record<string, string> {
    return Object.fromEntries(
        Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
}

/** Those of the fields that are numbers; 1e999 is none. */
function numbers(fields: Found): Record<string, number> {
    return Object.fromEntries(
        Object.entries(fields).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
    );
}
