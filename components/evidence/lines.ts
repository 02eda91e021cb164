import { Check, Sample, boundText, checkText, passes, valueText } from "../page/checks";
import { duration } from "../units";
import type { Kept } from "./configMap";
import type { EndOfKeeping } from "./keeper";
import { RolloutRecord, checksIn } from "./record";

/** How many values of a check are shown: the last ones. */
const lastValues = 12;

/** What the error of a wait says of what was kept: short, with the way to the rest. */
export function keptLines(
    { record, problem }: EndOfKeeping,
    { namespace, canaryName, configMap }: { namespace: string; canaryName: string; configMap: string },
): { checks: string[]; where?: string } {
    if (record === undefined) {
        return { checks: [] };
    }
    return {
        checks: [
            ...checksIn(record).map(checkText),
            ...(record.unmeasured === undefined ? [] : [`What is known of them is what failed. ${record.unmeasured}`]),
        ],
        ...(problem === undefined && {
            where:
                `What every check saw is kept in ConfigMap ${namespace}/${configMap}; ` +
                `\`npx pulumi-progressive-mesh explain ${namespace}/${canaryName}\` shows it.`,
        }),
    };
}

/** What is kept of a Canary's rollouts, for people; newest first. */
export function linesOf({ records, problem }: Kept): string[] {
    const none = records.length === 0 && problem === undefined ? ["nothing yet"] : [];
    return [...records.flatMap(recordLines), ...none, ...(problem === undefined ? [] : [problem])];
}

function recordLines(record: RolloutRecord): string[] {
    const { began, image, over, revision, says, evidence, unmeasured, leftOut } = record;
    const versions = [image, over !== undefined && `over ${over}`].filter(Boolean).join(" ");
    const head = [began, stateOf(record), `revision ${revision ?? "none"}`, versions].filter((part) => part !== "");
    const all = [
        says,
        ...evidence.map((one) => `- ${one}`),
        ...checksIn(record).map((check) => valuesText(check, record)),
        ...(unmeasured === undefined ? [] : [unmeasured]),
        ...(leftOut === undefined ? [] : [leftOutText(leftOut)]),
    ];
    return [head.join("  "), ...all.map((line) => `  ${line}`)];
}

/** How it ended, and after how long; nobody may have seen its end. */
export function stateOf({ outcome, began, ended }: RolloutRecord): string {
    const took = ended === undefined ? "" : ` after ${duration((Date.parse(ended) - Date.parse(began)) / 1000)}`;
    return outcome === "running" ? "under way when it was seen last" : `${outcome}${took}`;
}

function valuesText(check: Check, record: RolloutRecord): string {
    const { name, unit, samples } = check;
    const shown = samples.slice(-lastValues).map((sample) => {
        const weight = weightAt(record, sample);
        const at = weight === undefined ? "" : ` at ${weight} %`;
        return `${valueText(sample.value, unit)}${at}${passes(sample.value, check) ? "" : " FAILED"}`;
    });
    const earlier = samples.length > shown.length ? `${samples.length - shown.length} values before, ` : "";
    const text = shown.length === 0 ? "no value" : `${earlier}${shown.join(", ")}`;
    return `${name} (${boundText(check)}): ${text}`;
}

/** The canary's share of the traffic that a value judged: the look that saw it may have changed it. */
function weightAt({ began, interval, weights }: RolloutRecord, { time }: Sample): number | undefined {
    const seconds = (time - Date.parse(began)) / 1000 - interval;
    return weights.findLast(([at]) => at <= seconds)?.[1];
}

function leftOutText({ samples = 0, looks = 0, said = 0 }: NonNullable<RolloutRecord["leftOut"]>): string {
    const parts = [
        samples > 0 && `${samples} values`,
        looks > 0 && `${looks} looks`,
        said > 0 && `${said} of Flagger's sentences`,
    ];
    return `Left out, for there was too much of it: ${parts.filter(Boolean).join(", ")}.`;
}
