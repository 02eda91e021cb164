import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkTextList, checkTexts } from "../../shape";
import { Problems } from "../../validation";
import { checkRouteHeaders } from "./names";

/** Changes that the mesh makes to the headers on their way. */
export interface HeaderChangesArgs {
    /**
     * Changes to requests, before they reach the application.
     * @default - none
     */
    request?: HeaderOperationsArgs;
    /**
     * Changes to responses, before they reach the caller.
     * @default - none
     */
    response?: HeaderOperationsArgs;
}

/** What is done with headers. */
export interface HeaderOperationsArgs {
    /**
     * Values that join those a header has, by its name.
     * @default - none
     */
    add?: Record<string, pulumi.Input<string>>;
    /**
     * Values that replace those a header has, by its name.
     * @default - none
     */
    set?: Record<string, pulumi.Input<string>>;
    /**
     * Names of headers that are taken away.
     * @default - none
     */
    remove?: string[];
}

/** Checks changes to headers. */
export function checkHeaderChanges(problems: Problems, path: string, value: unknown): void {
    const headers = checkFields(problems, path, value, `Write it like { request: { set: { "x-app": "shop" } } }.`);
    checkOperations(problems, `${path}.request`, headers?.request);
    checkOperations(problems, `${path}.response`, headers?.response);
}

function checkOperations(problems: Problems, path: string, value: unknown): void {
    const operations = checkFields(problems, path, value, `Write it like { set: { "x-app": "shop" } }.`);
    for (const key of ["add", "set"]) {
        const at = `${path}.${key}`;
        checkRouteHeaders(
            problems,
            at,
            checkTexts(problems, at, operations?.[key], `Write it like { "x-app": "shop" }.`),
        );
    }
    checkTextList(problems, `${path}.remove`, operations?.remove, `Write it like ["x-app"].`);
}
