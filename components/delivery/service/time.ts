import { checkPattern } from "../../shape";
import { Problems } from "../../validation";

/** Checks a time in Go's notation, which Istio and Flagger read; an absent one passes. */
export function checkTime(problems: Problems, path: string, value: unknown): void {
    checkPattern(
        problems,
        path,
        value,
        /^(\d+(\.\d+)?(ms|s|m|h))+$/,
        "is not a time with a unit; the mesh would refuse it or do without",
        `Write it like "500ms", "30s", "5m" or "24h".`,
    );
}
