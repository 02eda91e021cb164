import { dryRunMin } from "../delivery/judging/judgedMetrics";
import { CanaryMetric, CanaryObject } from "../operate/canary";
import { Failure } from "../delivery/promotion/failure";

/** A value at a time in milliseconds. */
export interface Sample {
    time: number;
    value: number;
}

/** A metric of the analysis: what passes, and what was measured. */
export interface Check {
    name: string;
    unit: string;
    min?: number;
    max?: number;
    samples: Sample[];
    /** Where the samples come from: all that Flagger judged by, or only what it said of those that failed. */
    from: "metrics" | "events";
    /** How often Flagger said that it failed. */
    failed: number;
}

/** The bounds of a metric. Flagger's older field means the least success rate, and the greatest of anything else. */
export function boundsOf({ name, threshold, thresholdRange }: CanaryMetric): { min?: number; max?: number } {
    const { min, max } = thresholdRange ?? {};
    if (min !== undefined || max !== undefined) {
        return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    }
    return threshold === undefined ? {} : name === "request-success-rate" ? { min: threshold } : { max: threshold };
}

/** Whether a value passes. */
export function passes(value: number, { min = -Infinity, max = Infinity }: { min?: number; max?: number }): boolean {
    return value >= min && value <= max;
}

/** The checks of a Canary with the values that are known of this rollout. */
export function checksOf(
    canary: CanaryObject,
    measured: ReadonlyMap<string, Sample[]> | undefined,
    failures: readonly Failure[],
): Check[] {
    return (canary.spec?.analysis?.metrics ?? []).map((metric) => {
        const name = metric.name ?? "";
        const of = failures.filter((failure) => failure.name === name && failure.kind !== "gate");
        const said = of.flatMap(({ last, value }) => (value === undefined ? [] : [{ time: last, value }]));
        const samples = measured?.get(name);
        return {
            name,
            unit: unitOf(metric),
            ...boundsOf(metric),
            samples: samples === undefined || samples.length === 0 ? said : samples,
            from: samples === undefined || samples.length === 0 ? "events" : "metrics",
            failed: of.reduce((sum, { times }) => sum + times, 0),
        };
    });
}

/** The library's own templates for a mesh measure the same as Flagger's metrics, under another name. */
const units: Record<string, string> = { "request-success-rate": "%", "request-duration": "ms" };

function unitOf({ name = "" }: CanaryMetric): string {
    return units[name.replace(/^mesh-/, "")] ?? "";
}

/** A bound in words. */
export function boundText({ min, max, unit }: Pick<Check, "min" | "max" | "unit">): string {
    const parts = [
        min !== undefined && `at least ${valueText(min, unit)}`,
        max !== undefined && `at most ${valueText(max, unit)}`,
    ];
    return min === dryRunMin ? "dry run, judges nothing" : parts.filter(Boolean).join(" and ") || "no bound";
}

/** A value as people read it. */
export function valueText(value: number, unit: string): string {
    const number = Number.isFinite(value) ? String(Number(value.toFixed(Math.abs(value) < 10 ? 3 : 2))) : String(value);
    return unit === "" ? number : `${number} ${unit}`;
}

/** A check in a line: its last value against its bounds. */
export function checkText(check: Check): string {
    const last = check.samples.at(-1)?.value;
    const failed = check.failed === 0 ? "" : `; failed ${check.failed === 1 ? "once" : `${check.failed} times`}`;
    return `${check.name}: ${last === undefined ? "no value" : `last ${valueText(last, check.unit)}`}, has to be ${boundText(check)}${failed}`;
}
