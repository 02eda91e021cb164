import { Fields, checkFields, checkList, checkObject, checkRequiredText, checkSwitch, entryPath } from "../../shape";
import { Problems, checkInteger } from "../../validation";

/** Which regions and zones are preferred. A place is written `region/zone/sub-zone`, with `*` for all. */
export interface LocalityArgs {
    /**
     * Whether places matter at all.
     * @default - as the mesh does
     */
    enabled?: boolean;
    /**
     * Where requests of a place go.
     * @default - to the nearest pods
     */
    distribute?: LocalityDistributeArgs[];
    /**
     * Where requests go when a region's own pods fail.
     * @default - to the next nearest pods
     */
    failover?: LocalityFailoverArgs[];
}

/** Where requests of one place go. */
export interface LocalityDistributeArgs {
    /** The place that they come from. */
    from: string;
    /** The share of each place that they go to, in percent; together 100. */
    to: Record<string, number>;
}

/** Where requests go when the pods of a region fail. */
export interface LocalityFailoverArgs {
    /** The region that fails. */
    from: string;
    /** The region that takes over. */
    to: string;
}

/** Checks which places are preferred. */
export function checkLocality(problems: Problems, path: string, value: unknown): void {
    const locality = checkFields(problems, path, value, "Write it like { enabled: true }.");
    if (locality === undefined) {
        return;
    }
    checkSwitch(problems, `${path}.enabled`, locality.enabled);
    const shares = `{ from: "us-west-2/*", to: { "us-west-2/*": 80, "us-east-1/*": 20 } }`;
    const distribute = `Write it like [${shares}].`;
    for (const [at, item] of checkList(problems, `${path}.distribute`, locality.distribute, distribute)) {
        if (checkObject(problems, at, item, `Write it like ${shares}.`)) {
            checkDistribute(problems, at, item);
        }
    }
    const way = `{ from: "us-west-2", to: "us-east-1" }`;
    for (const [at, item] of checkList(problems, `${path}.failover`, locality.failover, `Write it like [${way}].`)) {
        if (checkObject(problems, at, item, `Write it like ${way}.`)) {
            checkRequiredText(problems, `${at}.from`, item.from);
            checkRequiredText(problems, `${at}.to`, item.to);
        }
    }
}

function checkDistribute(problems: Problems, path: string, distribute: Fields): void {
    checkRequiredText(problems, `${path}.from`, distribute.from);
    const found = problems.all.length;
    const shares = distribute.to;
    if (!checkObject(problems, `${path}.to`, shares, `Write it like { "us-west-2/*": 100 }.`)) {
        return;
    }
    for (const [place, share] of Object.entries(shares)) {
        checkInteger(problems, entryPath(`${path}.to`, place), share ?? null, 1, 100, "percent");
    }
    if (problems.all.length > found) {
        return;
    }
    const sum = Object.values(shares).reduce<number>((total, share) => total + (share as number), 0);
    problems.require(sum === 100, {
        path: `${path}.to`,
        value: shares,
        rule: `adds up to ${sum} percent, not 100; the mesh would refuse the policy`,
        fix: "Let the shares add up to 100.",
    });
}
