import { phaseWord } from "../phaseWords";
import { weightBar } from "../weightBar";
import type { Sight } from "./verdict";

/** A rollout's state in a few words, for a sentence. */
export function stateOf(sight: Sight): string {
    return [wordOf(sight), ...(sight.weight > 0 ? [`weight ${sight.weight} %`] : []), ...countsOf(sight)].join(", ");
}

/** The same as a line of a log: the weight, where there is one, as a bar before the words. */
export function lineOf(sight: Sight): string {
    const words = [wordOf(sight), ...countsOf(sight)].join(", ");
    return sight.weight > 0 ? `${weightBar(sight.weight)}  ${words}` : words;
}

function wordOf({ phase, promoted, primaryRolledOut }: Sight): string {
    if (phase !== "Initialized" && phase !== "Succeeded") {
        return phaseWord(phase);
    }
    // With another version the phase is that of the last release, and would be read as this one's.
    if (!promoted) {
        return "not begun yet";
    }
    return primaryRolledOut ? phaseWord("Succeeded") : "promoted, but not all of the primary's pods are ready";
}

function countsOf({ iterations, failedChecks }: Sight): string[] {
    return [
        ...(iterations > 0 ? [`check ${iterations}`] : []),
        ...(failedChecks > 0 ? [`${failedChecks} failed ${failedChecks === 1 ? "check" : "checks"}`] : []),
    ];
}
