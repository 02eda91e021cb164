import { checkObjectName } from "../../objectNames";
import { Fields, checkList, checkObject, checkPattern } from "../../shape";
import { Problems, checkName } from "../../validation";
import { checkPort } from "./ports";

/** A gateway that the route joins, where the mesh is a Gateway API. */
export interface GatewayRefArgs {
    /** Its name. */
    name: string;
    /**
     * Its namespace.
     * @default - the application's
     */
    namespace?: string;
    /**
     * The group of its kind; empty for Kubernetes' own.
     * @default "gateway.networking.k8s.io"
     */
    group?: string;
    /**
     * Its kind.
     * @default "Gateway"
     */
    kind?: string;
    /**
     * The listener of the gateway.
     * @default - all of them
     */
    sectionName?: string;
    /**
     * The port of the gateway.
     * @default - all of them
     */
    port?: number;
}

/** A copy of each request, sent somewhere whose answers nobody reads. */
export interface RequestMirrorArgs {
    /** Where the copies go. */
    backendRef: BackendRefArgs;
}

/** A service that gets copies of requests. */
export interface BackendRefArgs {
    /** Its name. */
    name: string;
    /**
     * Its namespace.
     * @default - the application's
     */
    namespace?: string;
    /**
     * The group of its kind; empty for Kubernetes' own.
     * @default ""
     */
    group?: string;
    /**
     * Its kind.
     * @default "Service"
     */
    kind?: string;
    /**
     * Its port; required for a Service.
     * @default - none
     */
    port?: number;
}

/** Checks the gateways that a route joins. */
export function checkGatewayRefs(problems: Problems, path: string, value: unknown): void {
    const example = `{ name: "public", namespace: "gateways" }`;
    const refs = checkList(problems, path, value, `Write it like [${example}].`);
    problems.require(refs.length <= 32, {
        path,
        // Not the list itself: nobody would find anything in it.
        value: refs.length,
        rule: "gateways are more than the 32 that a Canary takes; the cluster would refuse it",
        fix: "Name at most 32.",
    });
    for (const [at, ref] of refs) {
        if (checkObject(problems, at, ref, `Write it like ${example}.`)) {
            checkReference(problems, at, ref);
            checkObjectName(problems, `${at}.sectionName`, ref.sectionName);
        }
    }
}

/** Checks where copies of requests go. */
export function checkRequestMirrors(problems: Problems, path: string, value: unknown): void {
    const service = `{ name: "shadow", port: 80 }`;
    const example = `{ backendRef: ${service} }`;
    for (const [at, mirror] of checkList(problems, path, value, `Write it like [${example}].`)) {
        if (!checkObject(problems, at, mirror, `Write it like ${example}.`)) {
            continue;
        }
        const ref = mirror.backendRef;
        if (!checkObject(problems, `${at}.backendRef`, ref, `Write it like ${service}.`)) {
            continue;
        }
        checkReference(problems, `${at}.backendRef`, ref);
        problems.require(ref.port !== undefined || (ref.kind !== undefined && ref.kind !== "Service"), {
            path: `${at}.backendRef.port`,
            rule: "is required for a Service; without it the mesh would refuse the route and Flagger would stand still",
            fix: "Give the service's port.",
        });
    }
}

function checkReference(problems: Problems, path: string, ref: Fields): void {
    if (ref.name === undefined) {
        problems.add({ path: `${path}.name`, rule: "is required", fix: "Give the object's name." });
    }
    checkObjectName(problems, `${path}.name`, ref.name);
    if (ref.namespace !== undefined) {
        checkName(problems, `${path}.namespace`, ref.namespace);
    }
    if (ref.group !== "") {
        checkObjectName(problems, `${path}.group`, ref.group);
    }
    checkPattern(
        problems,
        `${path}.kind`,
        ref.kind,
        /^[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/,
        "is not a kind of object",
        `Write it like "Service".`,
    );
    checkPort(problems, `${path}.port`, ref.port);
}
