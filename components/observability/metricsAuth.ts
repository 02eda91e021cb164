import * as pulumi from "@pulumi/pulumi";

import { hasUserInfo, checkUrl, redacted } from "../http";
import { checkObject, checkSecretText, isLater } from "../shape";
import { Problems } from "../validation";

/** The credentials of a metrics server: a token, or a user's name and password. They are kept as a secret. */
export interface MetricsServerAuthArgs {
    /**
     * A bearer token.
     * @default - none
     */
    token?: pulumi.Input<string>;
    /**
     * A user's name, for basic authentication.
     * @default - none
     */
    username?: pulumi.Input<string>;
    /**
     * The user's password.
     * @default - none
     */
    password?: pulumi.Input<string>;
}

/** Checks the address of a metrics server and the credentials for it. */
export function checkMetricsServer(problems: Problems, address: unknown, auth: unknown): void {
    const path = "metricsServer";
    const rules = { schemes: ["http", "https"], otherwise: "Flagger could not ask it", shown: true };
    if (checkUrl(problems, path, address, rules) && typeof address === "string") {
        problems.require(!hasUserInfo(address), {
            path,
            value: redacted(address),
            rule: "holds credentials, which Flagger writes to its log when it starts",
            fix: "Give them as `metricsServerAuth`.",
        });
    }
    if (auth !== undefined) {
        checkAuth(problems, auth, address !== undefined);
    }
}

function checkAuth(problems: Problems, auth: unknown, hasAddress: boolean): void {
    const path = "metricsServerAuth";
    if (isLater(auth) || !checkObject(problems, path, auth, "Write it like { username: ..., password: ... }.")) {
        return;
    }
    problems.require(hasAddress, {
        path,
        secret: true,
        rule: "is for a metrics server that you have, and none is named",
        fix: "Give its address as `metricsServer`.",
    });
    const { token, username, password } = auth;
    problems.require(token === undefined ? username !== undefined && password !== undefined : !(username ?? password), {
        path,
        secret: true,
        rule: "has to say in exactly one way who asks",
        fix: "Give a token, or both of username and password.",
    });
    for (const [key, value] of Object.entries({ token, username, password })) {
        checkSecretText(problems, `${path}.${key}`, value);
    }
}

/** The header by which a request tells who asks; a secret. */
export function authorization({ token, username, password }: MetricsServerAuthArgs): pulumi.Output<string> {
    return pulumi.secret(
        pulumi
            .all([token, username, password])
            .apply(([t, user, word]) =>
                t === undefined ? `Basic ${Buffer.from(`${user}:${word}`).toString("base64")}` : `Bearer ${t}`,
            ),
    );
}
