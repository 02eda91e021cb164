import { checkFields, checkSwitch } from "../../shape";
import { Problems, checkInteger } from "../../validation";
import { checkTime } from "./time";

/** When a failing pod gets no requests for a while. */
export interface OutlierDetectionArgs {
    /**
     * How many answers of 5xx in a row.
     * @default 5
     */
    consecutive5xxErrors?: number;
    /**
     * How many answers of 502, 503 or 504 in a row.
     * @default - not counted apart
     */
    consecutiveGatewayErrors?: number;
    /**
     * How many errors in a row; the old form of the two above.
     * @default - these say it
     */
    consecutiveErrors?: number;
    /**
     * How many failures in a row to reach the pod at all, counted where `splitExternalLocalOriginErrors` is set.
     * @default 5
     */
    consecutiveLocalOriginFailures?: number;
    /**
     * Whether failures to reach the pod are counted apart from its own answers.
     * @default false
     */
    splitExternalLocalOriginErrors?: boolean;
    /**
     * How often the counts are looked at, with a unit: "10s".
     * @default "10s"
     */
    interval?: string;
    /**
     * How long a pod is left out the first time, with a unit: "30s". Each further time is longer.
     * @default "30s"
     */
    baseEjectionTime?: string;
    /**
     * How many of the pods may be left out at once, in percent.
     * @default 10
     */
    maxEjectionPercent?: number;
    /**
     * How many of the pods have to be healthy for any to be left out, in percent.
     * @default 0
     */
    minHealthPercent?: number;
}

const counts = [
    "consecutive5xxErrors",
    "consecutiveGatewayErrors",
    "consecutiveErrors",
    "consecutiveLocalOriginFailures",
];

/** Checks when pods are left out. */
export function checkOutlierDetection(problems: Problems, path: string, value: unknown): void {
    const detection = checkFields(problems, path, value, "Write it like { consecutive5xxErrors: 5 }.");
    if (detection === undefined) {
        return;
    }
    for (const field of counts) {
        checkInteger(problems, `${path}.${field}`, detection[field], 0, 2 ** 31 - 1, "errors");
    }
    checkSwitch(problems, `${path}.splitExternalLocalOriginErrors`, detection.splitExternalLocalOriginErrors);
    checkTime(problems, `${path}.interval`, detection.interval);
    checkTime(problems, `${path}.baseEjectionTime`, detection.baseEjectionTime);
    checkInteger(problems, `${path}.maxEjectionPercent`, detection.maxEjectionPercent, 0, 100, "percent");
    checkInteger(problems, `${path}.minHealthPercent`, detection.minHealthPercent, 0, 100, "percent");
}
