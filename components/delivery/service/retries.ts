import { STATUS_CODES } from "node:http";

import { Mesh } from "../../mesh/mesh";
import { checkFields } from "../../shape";
import { Problems, checkDuration, checkInteger } from "../../validation";

/** When and how often a failed request is tried again. */
export interface RetriesArgs {
    /** How often, at most. */
    attempts: number;
    /**
     * How long one try may take: seconds or minutes.
     * @default - the mesh's own limit; on App Mesh 250 milliseconds, which Flagger sets
     */
    perTryTimeout?: string;
    /** What counts as failed. On App Mesh: `server-error`, `gateway-error`, `client-error`, `stream-error`. */
    retryOn: string[];
}

/** Checks retries against what the mesh tries again. */
export function checkRetries(problems: Problems, path: string, value: unknown, mesh: Mesh): void {
    const retries = checkFields(problems, path, value, `Write it like { attempts: 3, retryOn: ["gateway-error"] }.`);
    if (retries === undefined) {
        return;
    }
    if (retries.attempts === undefined) {
        problems.add({ path: `${path}.attempts`, rule: "is required", fix: "Give a number of attempts." });
    }
    checkInteger(problems, `${path}.attempts`, retries.attempts, 1, 100, "attempts");
    checkDuration(problems, `${path}.perTryTimeout`, retries.perTryTimeout);

    const known = mesh.capabilities.retryEvents;
    const fix = known.length > 0 ? `Use some of ${known.join(", ")}.` : `Name at least one, like "5xx".`;
    const { retryOn } = retries;
    if (
        !problems.require(Array.isArray(retryOn) && retryOn.length > 0, {
            path: `${path}.retryOn`,
            value: retryOn,
            rule: "names nothing that counts as failed",
            fix,
        })
    ) {
        return;
    }
    (retryOn as unknown[]).forEach((event, index) =>
        problems.require(
            known.length > 0
                ? known.includes(event as string) || isStatus(event, mesh)
                : typeof event === "string" && event !== "",
            {
                path: `${path}.retryOn[${index}]`,
                value: event,
                rule: `is not something that ${mesh.title} retries on; it would refuse the route and Flagger would stand still`,
                fix,
            },
        ),
    );
}

function isStatus(event: unknown, mesh: Mesh): boolean {
    return mesh.capabilities.retryStatuses === true && typeof event === "string" && Object.hasOwn(STATUS_CODES, event);
}

/** The `retries` of a Canary's service. */
export function retriesSpec(retries: RetriesArgs): Record<string, unknown> {
    return { ...retries, retryOn: retries.retryOn.join(",") };
}
