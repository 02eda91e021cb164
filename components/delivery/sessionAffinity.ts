import { Mesh } from "../mesh/mesh";
import { checkSwitch, checkText, isObject } from "../shape";
import { Problems, checkInteger } from "../validation";

/** Lets a user who once got the canary stay with it, by a cookie. Only where the mesh can. */
export interface SessionAffinityArgs {
    /** Name of the cookie that the canary's users get. Flagger adds a random value to it at each rollout. */
    cookieName: string;
    /**
     * Name of a cookie that the primary's users get, so that they stay with it.
     * @default - they may get the canary with a later request
     */
    primaryCookieName?: string;
    /**
     * How long the cookies are valid, in seconds.
     * @default 86400
     */
    maxAge?: number;
    /**
     * The domain that the cookies are sent to.
     * @default - the host of the request
     */
    domain?: string;
    /**
     * The path that the cookies are sent to.
     * @default - the path of the request
     */
    path?: string;
    /**
     * Keeps the cookies from scripts.
     * @default false
     */
    httpOnly?: boolean;
    /**
     * Sends the cookies over HTTPS only.
     * @default false
     */
    secure?: boolean;
    /**
     * Keeps the cookies apart for each site that embeds this one.
     * @default false
     */
    partitioned?: boolean;
    /**
     * Whether other sites' requests carry the cookies: `Strict`, `Lax` or `None`.
     * @default - as the browser decides
     */
    sameSite?: string;
}

/** Checks session affinity against the mesh and what Flagger refuses without saying so on the Canary. */
export function checkSessionAffinity(
    problems: Problems,
    path: string,
    affinity: SessionAffinityArgs | undefined,
    strategy: string | undefined,
    mesh: Mesh,
): void {
    if (affinity === undefined) {
        return;
    }
    if (
        !problems.require(mesh.capabilities.sessionAffinity, {
            path,
            value: affinity,
            rule: `is more than ${mesh.title} can do: it sets no cookies, and Flagger would leave users as they are`,
            fix: "Leave it out, or choose a mesh that can.",
        }) ||
        !problems.require(isObject(affinity) && typeof affinity.cookieName === "string", {
            path: `${path}.cookieName`,
            value: affinity?.cookieName,
            rule: "is required",
            fix: 'Name the cookie, like "canary".',
        })
    ) {
        return;
    }
    problems.require(strategy === undefined || strategy === "steps", {
        path,
        value: affinity,
        rule: `does nothing in ${strategy}: only weights spread one user's requests over two versions`,
        fix: "Leave it out.",
    });
    for (const key of ["cookieName", "primaryCookieName"] as const) {
        const value = affinity[key];
        problems.require(value === undefined || (typeof value === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(value)), {
            path: `${path}.${key}`,
            value,
            rule: "is not the name of a cookie",
            fix: "Use letters, digits, dashes and underscores.",
        });
    }
    problems.require(affinity.cookieName !== affinity.primaryCookieName, {
        path: `${path}.primaryCookieName`,
        value: affinity.primaryCookieName,
        rule: "is the canary's cookie: Flagger refuses the Canary, in its log alone, and never looks at it",
        fix: "Give it another name.",
    });
    for (const key of ["domain", "path"] as const) {
        checkText(problems, `${path}.${key}`, affinity[key]);
    }
    for (const key of ["httpOnly", "secure", "partitioned"] as const) {
        checkSwitch(problems, `${path}.${key}`, affinity[key]);
    }
    checkInteger(problems, `${path}.maxAge`, affinity.maxAge, 1, 31_536_000, "seconds");
    problems.require(affinity.sameSite === undefined || ["Strict", "Lax", "None"].includes(affinity.sameSite), {
        path: `${path}.sameSite`,
        value: affinity.sameSite,
        rule: "is not a rule for other sites' requests",
        fix: "Use Strict, Lax or None.",
    });
}
