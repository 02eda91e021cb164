import * as pulumi from "@pulumi/pulumi";

import { checkMethod } from "../../http";
import { checkFields, checkList, checkSwitch, checkTextList } from "../../shape";
import { Problems } from "../../validation";
import { StringMatchArgs, checkStringMatch } from "./stringMatch";
import { checkTime } from "./time";

/** Which pages of other origins may call the application from a browser (cross-origin resource sharing). */
export interface CorsArgs {
    /**
     * Origins that may, as Istio matches them. A Gateway API ignores them.
     * @default - those in `allowOrigin`
     */
    allowOrigins?: StringMatchArgs[];
    /**
     * Origins that may, written out: the one form that a Gateway API takes, and an old one on Istio.
     * @default - those in `allowOrigins`
     */
    allowOrigin?: pulumi.Input<string>[];
    /**
     * Methods that they may use, in capitals.
     * @default - the mesh's own
     */
    allowMethods?: string[];
    /**
     * Headers that they may send.
     * @default - the mesh's own
     */
    allowHeaders?: string[];
    /**
     * Headers of the response that they may read.
     * @default - the mesh's own
     */
    exposeHeaders?: string[];
    /**
     * How long a browser may remember this, with a unit: "24h".
     * @default - the mesh's own
     */
    maxAge?: string;
    /**
     * Whether they may send cookies and credentials.
     * @default false
     */
    allowCredentials?: boolean;
}

/** Checks a policy for other origins. */
export function checkCors(problems: Problems, path: string, value: unknown): void {
    const cors = checkFields(
        problems,
        path,
        value,
        `Write it like { allowOrigins: [{ exact: "https://example.com" }] }.`,
    );
    if (cors === undefined) {
        return;
    }
    const { allowOrigins, allowMethods } = cors;
    const origins = `Write it like [{ exact: "https://example.com" }].`;
    for (const [at, origin] of checkList(problems, `${path}.allowOrigins`, allowOrigins, origins)) {
        checkStringMatch(problems, at, origin);
    }
    checkTextList(problems, `${path}.allowOrigin`, cors.allowOrigin, `Write it like ["https://example.com"].`);
    for (const [at, method] of checkList(problems, `${path}.allowMethods`, allowMethods, `Write it like ["GET"].`)) {
        if (method !== "*") {
            checkMethod(problems, at, method);
        }
    }
    checkTextList(problems, `${path}.allowHeaders`, cors.allowHeaders, `Write it like ["x-app"].`);
    checkTextList(problems, `${path}.exposeHeaders`, cors.exposeHeaders, `Write it like ["x-app"].`);
    checkTime(problems, `${path}.maxAge`, cors.maxAge);
    checkSwitch(problems, `${path}.allowCredentials`, cors.allowCredentials);
}
