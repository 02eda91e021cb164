import { goSeconds } from "../../goDuration";
import { checkObject } from "../../shape";
import { duration } from "../../units";
import { Problems, checkInteger } from "../../validation";
import { GatesArgs } from "../gates";

/** Lets `pulumi up` go back to a version that was promoted before without analysing it again. */
export interface FastRollbackArgs {
    /**
     * How many promotions back it may be, from 1 to 9: Kubernetes keeps ten.
     * @default 3
     */
    revisions?: number;
    /**
     * How long ago the primary may have ceased to run it, like "30m" or "24h".
     * @default "1h"
     */
    window?: string;
}

/** How far back is near enough. */
export interface FastRollbackBounds {
    revisions: number;
    windowSeconds: number;
}

/** The bounds of sound arguments. */
export function boundsOf({ revisions = 3, window = "1h" }: FastRollbackArgs): FastRollbackBounds {
    return { revisions, windowSeconds: goSeconds(window) };
}

/** What a fast rollback needs beside it. */
interface Beside {
    waitForPromotion?: unknown;
    skipAnalysis?: unknown;
    target?: unknown;
    canarySpec?: unknown;
}

/** Checks how far back it may go; an absent value passes. */
export function checkBounds(problems: Problems, path: string, args: unknown): void {
    const fix = 'Write {} or { revisions: 3, window: "1h" }.';
    if (args === undefined || !checkObject(problems, path, args, fix)) {
        return;
    }
    const { revisions, window } = args;
    checkInteger(problems, `${path}.revisions`, revisions, 1, 9, "promotions");
    problems.require(window === undefined || (typeof window === "string" && goSeconds(window) > 0), {
        path: `${path}.window`,
        value: window,
        rule: "is not a length of time",
        fix: 'Write it like "30m" or "24h".',
    });
}

/** Checks that there is somebody to take the skip back, and something to skip; an absent value passes. */
export function checkFastRollback(problems: Problems, path: string, args: unknown, beside: Beside): void {
    if (args === undefined) {
        return;
    }
    checkBounds(problems, path, args);
    problems.require(beside.waitForPromotion !== undefined, {
        path: "waitForPromotion",
        rule: `is required with \`${path}\`: whoever waits is who takes back that the analysis is skipped`,
        fix: "Give {} at the least.",
    });
    problems.require(beside.skipAnalysis !== true, {
        path: "skipAnalysis",
        value: beside.skipAnalysis,
        rule: `leaves nothing for \`${path}\` to skip, which would take it back after the first rollback`,
        fix: "Keep one of the two.",
    });
    const { skipAnalysis: overridden } = (beside.canarySpec ?? {}) as { skipAnalysis?: unknown };
    problems.require(overridden === undefined, {
        path: "canarySpec.skipAnalysis",
        value: overridden,
        rule: `is the field that \`${path}\` sets and takes back`,
        fix: "Leave it out.",
    });
    problems.require(beside.target === undefined, {
        path,
        value: args,
        rule: "goes by the pods that this program makes, and a target of your own is made elsewhere",
        fix: "Leave it out, or give `workload` instead of `target`.",
    });
}

/** What is said of it in the line of a plan. */
export function fastRollbackWords(args: FastRollbackArgs): string {
    const { revisions, windowSeconds } = boundsOf(args);
    const versions = revisions === 1 ? "the last version" : `one of the last ${revisions} versions`;
    return `back to ${versions} within ${duration(windowSeconds)} without analysis`;
}

/** What a user should know of it. */
export function fastRollbackWarnings(path: string, args: unknown, gates: GatesArgs | undefined): string[] {
    const passed = (["trafficIncrease", "promotion"] as const).filter((gate) => gates?.[gate] !== undefined);
    return args === undefined || passed.length === 0
        ? []
        : [
              `${path}: a version that it goes back to was approved before; ${passed.map((gate) => `gates.${gate}`).join(" and ")} ` +
                  "will not be asked again. `gates.rollout` would be.",
          ];
}
