import { duration } from "../../units";
import { PodTemplate, isCopy } from "../promotion/podTemplate";
import { FastRollbackBounds } from "./fastRollbackArgs";
import { PromotedVersion, imageText } from "./promotedVersions";

/** What is released, before what. */
export interface LookBack {
    /** What the target has, or will have. */
    target: PodTemplate;
    /** What the primary runs. */
    primary: PodTemplate;
    /** What has been promoted, the newest first. */
    promoted: readonly PromotedVersion[];
    /** In milliseconds, as the times of what was promoted. */
    now: number;
}

/** Whether a version is one to go back to without an analysis. */
export type Decision =
    /** It is new, or nothing is released. */
    | { way: "none" }
    | { way: "fast"; to: PromotedVersion; says: string }
    /** It was promoted before, and yet is analysed. */
    | { way: "analysed"; says: string };

/**
 * Decides by the templates alone: the contents of ConfigMaps and Secrets are looked at by whoever asks the cluster. To go back means to
 * a version that was promoted for the first time before the one that the primary runs: a bad version that was left for the one before
 * it stays one that is analysed.
 */
export function decide({ target, primary, promoted, now }: LookBack, bounds: FastRollbackBounds): Decision {
    const back = promoted.findIndex(({ template }) => isCopy(target, template));
    const first = (version: PodTemplate) => promoted.findLastIndex(({ template }) => isCopy(version, template));
    const running = first(primary);
    if (isCopy(target, primary) || back < 0 || running < 0) {
        return { way: "none" };
    }
    const to = promoted[back]!;
    const image = imageText(to.template);
    const name = image === imageText(primary) ? `${image} as it was before` : image;
    if (first(target) < running) {
        return analysed(name, `it was promoted for the first time after what the primary runs, ${imageText(primary)}`);
    }
    if (back > bounds.revisions) {
        return analysed(
            name,
            `${back} versions have been promoted since, and fastRollback.revisions is ${bounds.revisions}`,
        );
    }
    // The primary had it until the next one was promoted; before that one is to be seen there, until now.
    const left = Math.max(0, now - (promoted[back - 1]?.promotedAt ?? now)) / 1000;
    if (left > bounds.windowSeconds) {
        const window = duration(bounds.windowSeconds);
        return analysed(name, `the primary ran it until ${ago(left)}, and fastRollback.window is ${window}`);
    }
    return {
        way: "fast",
        to,
        says: `fast rollback to ${name}, which the primary ran until ${ago(left)}: promoted without analysis as soon as its pods are ready`,
    };
}

/** A version that was promoted before, and is analysed for this reason. */
export function analysed(name: string, why: string): Decision {
    return { way: "analysed", says: `back to ${name}, with its analysis: ${why}` };
}

function ago(seconds: number): string {
    return `${duration(Math.round(seconds < 60 ? seconds : seconds - (seconds % 60)))} ago`;
}
