import { checkFields, checkWord } from "../../shape";
import { Problems, checkInteger } from "../../validation";
import { LoadBalancerArgs, checkLoadBalancer } from "./loadBalancer";
import { OutlierDetectionArgs, checkOutlierDetection } from "./outlierDetection";
import { checkTime } from "./time";
import { TrafficTlsArgs, checkTrafficTls } from "./trafficTls";

/** How proxies connect to the application. Flagger hands it to Istio's DestinationRules. */
export interface TrafficPolicyArgs {
    /**
     * Which of the pods gets a request.
     * @default - the mesh's own choice
     */
    loadBalancer?: LoadBalancerArgs;
    /**
     * How many connections and requests there may be.
     * @default - the mesh's own limits
     */
    connectionPool?: ConnectionPoolArgs;
    /**
     * When a failing pod is left out for a while.
     * @default - never
     */
    outlierDetection?: OutlierDetectionArgs;
    /**
     * How connections are encrypted.
     * @default - as the mesh does
     */
    tls?: TrafficTlsArgs;
}

/** Limits of connections. A Canary carries those of HTTP alone. */
export interface ConnectionPoolArgs {
    /**
     * Limits of HTTP.
     * @default - the mesh's own
     */
    http?: HttpPoolArgs;
}

/** Limits of HTTP connections. */
export interface HttpPoolArgs {
    /**
     * Requests that may wait for a connection.
     * @default - the mesh's own
     */
    http1MaxPendingRequests?: number;
    /**
     * Requests that may be under way.
     * @default - the mesh's own
     */
    http2MaxRequests?: number;
    /**
     * Requests that one connection serves before it is closed.
     * @default - any number
     */
    maxRequestsPerConnection?: number;
    /**
     * Retries that may be under way.
     * @default - the mesh's own
     */
    maxRetries?: number;
    /**
     * How long a connection may be without a request, with a unit: "30s".
     * @default - the mesh's own
     */
    idleTimeout?: string;
    /**
     * Whether connections are moved to HTTP/2: `DEFAULT`, `DO_NOT_UPGRADE` or `UPGRADE`.
     * @default "DEFAULT"
     */
    h2UpgradePolicy?: string;
}

/** Checks a policy of traffic. */
export function checkTrafficPolicy(problems: Problems, path: string, value: unknown): void {
    const policy = checkFields(problems, path, value, `Write it like { loadBalancer: { simple: "LEAST_REQUEST" } }.`);
    checkLoadBalancer(problems, `${path}.loadBalancer`, policy?.loadBalancer);
    checkConnectionPool(problems, `${path}.connectionPool`, policy?.connectionPool);
    checkOutlierDetection(problems, `${path}.outlierDetection`, policy?.outlierDetection);
    checkTrafficTls(problems, `${path}.tls`, policy?.tls);
}

function checkConnectionPool(problems: Problems, path: string, value: unknown): void {
    const pool = checkFields(problems, path, value, "Write it like { http: { maxRequestsPerConnection: 10 } }.");
    const http = checkFields(problems, `${path}.http`, pool?.http, "Write it like { maxRequestsPerConnection: 10 }.");
    if (http === undefined) {
        return;
    }
    const limit = 2 ** 31 - 1;
    for (const field of ["http1MaxPendingRequests", "http2MaxRequests", "maxRequestsPerConnection"]) {
        checkInteger(problems, `${path}.http.${field}`, http[field], 0, limit, "requests");
    }
    checkInteger(problems, `${path}.http.maxRetries`, http.maxRetries, 0, limit, "retries");
    checkTime(problems, `${path}.http.idleTimeout`, http.idleTimeout);
    checkWord(problems, `${path}.http.h2UpgradePolicy`, http.h2UpgradePolicy, ["DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"]);
}
