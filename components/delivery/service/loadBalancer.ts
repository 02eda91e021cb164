import { checkFields, checkOneOf, checkRequiredText, checkSwitch, checkText, checkWord } from "../../shape";
import { Problems, checkInteger } from "../../validation";
import { LocalityArgs, checkLocality } from "./locality";
import { checkTime } from "./time";

/** Which pod gets a request. Exactly one of `simple` and `consistentHash` is given. */
export interface LoadBalancerArgs {
    /**
     * `ROUND_ROBIN`, `LEAST_REQUEST`, `LEAST_CONN`, `RANDOM` or `PASSTHROUGH`.
     * @default - `consistentHash` says it
     */
    simple?: string;
    /**
     * Requests that have something in common go to the same pod.
     * @default - `simple` says it
     */
    consistentHash?: ConsistentHashArgs;
    /**
     * Which regions and zones are preferred.
     * @default - as the mesh does
     */
    localityLbSetting?: LocalityArgs;
    /**
     * How long a new pod is spared, with a unit: "30s".
     * @default - not at all
     */
    warmupDurationSecs?: string;
}

// The Canary's schema also has `httpQueryParameterName`, but Flagger loses it on the way to Istio.
/** What requests for the same pod have in common. Exactly one of header, cookie and address is given. */
export interface ConsistentHashArgs {
    /**
     * The name of a header.
     * @default - one of the others says it
     */
    httpHeaderName?: string;
    /**
     * A cookie.
     * @default - one of the others says it
     */
    httpCookie?: HttpCookieArgs;
    /**
     * The address of the caller.
     * @default - one of the others says it
     */
    useSourceIp?: boolean;
    /**
     * The least number of places that the pods are spread over; more spread more evenly.
     * @default 1024
     */
    minimumRingSize?: number;
}

/** A cookie, which the mesh sets where it is missing. */
export interface HttpCookieArgs {
    /** Its name. */
    name: string;
    /** How long it lives, with a unit; "0s" for the browser's session. */
    ttl: string;
    /**
     * The path that it is sent to.
     * @default - the mesh's own
     */
    path?: string;
}

/** Checks a load balancer. */
export function checkLoadBalancer(problems: Problems, path: string, value: unknown): void {
    const balancer = checkFields(problems, path, value, `Write it like { simple: "LEAST_REQUEST" }.`);
    if (balancer === undefined) {
        return;
    }
    checkOneOf(problems, path, balancer, ["simple", "consistentHash"]);
    checkWord(problems, `${path}.simple`, balancer.simple, [
        "ROUND_ROBIN",
        "LEAST_REQUEST",
        "LEAST_CONN",
        "RANDOM",
        "PASSTHROUGH",
    ]);
    checkConsistentHash(problems, `${path}.consistentHash`, balancer.consistentHash);
    checkLocality(problems, `${path}.localityLbSetting`, balancer.localityLbSetting);
    checkTime(problems, `${path}.warmupDurationSecs`, balancer.warmupDurationSecs);
}

function checkConsistentHash(problems: Problems, path: string, value: unknown): void {
    const hash = checkFields(problems, path, value, `Write it like { httpHeaderName: "x-user" }.`);
    if (hash === undefined) {
        return;
    }
    checkOneOf(problems, path, hash, ["httpHeaderName", "httpCookie", "useSourceIp"]);
    checkText(problems, `${path}.httpHeaderName`, hash.httpHeaderName);
    checkSwitch(problems, `${path}.useSourceIp`, hash.useSourceIp);
    checkInteger(problems, `${path}.minimumRingSize`, hash.minimumRingSize, 1, 8_388_608, "places");
    const cookie = checkFields(
        problems,
        `${path}.httpCookie`,
        hash.httpCookie,
        `Write it like { name: "user", ttl: "0s" }.`,
    );
    if (cookie === undefined) {
        return;
    }
    checkRequiredText(problems, `${path}.httpCookie.name`, cookie.name);
    if (cookie.ttl === undefined) {
        problems.add({ path: `${path}.httpCookie.ttl`, rule: "is required", fix: `Write it like "0s" or "24h".` });
    }
    checkTime(problems, `${path}.httpCookie.ttl`, cookie.ttl);
    checkText(problems, `${path}.httpCookie.path`, cookie.path);
}
