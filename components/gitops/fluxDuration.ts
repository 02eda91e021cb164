import { checkPattern } from "../shape";
import { Problems } from "../validation";

/** Checks a duration in Flux's form, which must not be nothing; an absent value passes. */
export function checkFluxDuration(problems: Problems, path: string, value: unknown): void {
    checkPattern(
        problems,
        path,
        value,
        /^(?=.*[1-9])([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/,
        "is not a duration that Flux takes",
        `Write it like "30s", "5m" or "1h30m".`,
    );
}
