import * as pulumi from "@pulumi/pulumi";

import { checkObjectName } from "../../objectNames";
import { checkFields, checkPattern, checkText, checkTexts } from "../../shape";
import { Problems, checkInteger, checkName } from "../../validation";

/** The Gateway that applications join. */
export interface GatewayApiArgs {
    /**
     * The GatewayClass of the Gateway that the platform makes. For `gateway-api`, where the controller is another's; the other
     * meshes bring a class of their own.
     * @default - the mesh's own; `gateway-api` needs one, or a `gateway` that exists
     */
    gatewayClass?: string;
    /**
     * A Gateway that exists. Then the platform makes none, and `addons.gateway` has nothing to say.
     * @default - the platform makes one
     */
    gateway?: ExistingGatewayArgs;
    /**
     * The host name that the Gateway listens for, in lower case; "*.example.com" stands for all below.
     * @default - all
     */
    hostname?: string;
    /**
     * Labels of the namespaces whose routes may join the Gateway.
     * @default - routes of every namespace may
     */
    routesFrom?: Record<string, pulumi.Input<string>>;
}

/** A Gateway that exists. Its listeners have to take routes of the applications' namespaces. */
export interface ExistingGatewayArgs {
    /** Its name. */
    name: string;
    /** Its namespace. */
    namespace: string;
    /**
     * The host name or address that it answers at.
     * @default - the first address of its status
     */
    address?: pulumi.Input<string>;
    /**
     * The scheme of its addresses: `http` or `https`.
     * @default "http"
     */
    scheme?: string;
    /**
     * The port that it answers at.
     * @default - the scheme's own: 80 or 443
     */
    port?: number;
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const hostname = new RegExp(`^(?=.{1,253}$)(\\*\\.)?${label}(\\.${label})*$`);

/** Checks the Gateway; whether a class may or has to be named is the mesh's to say. */
export function checkGatewayApi(problems: Problems, path: string, value: unknown): void {
    const given = checkFields(problems, path, value, 'Write it like { gatewayClass: "cilium" }.');
    checkObjectName(problems, `${path}.gatewayClass`, given?.gatewayClass);
    checkPattern(
        problems,
        `${path}.hostname`,
        given?.hostname,
        hostname,
        "is not a host name that a listener takes; the cluster would refuse the Gateway",
        `Write it in lower case, like "app.example.com" or "*.example.com".`,
    );
    checkTexts(problems, `${path}.routesFrom`, given?.routesFrom, 'Write it like { team: "shop" }.');
    const at = `${path}.gateway`;
    const gateway = checkFields(
        problems,
        at,
        given?.gateway,
        'Write it like { name: "public", namespace: "gateways" }.',
    );
    if (gateway === undefined) {
        return;
    }
    for (const key of ["name", "namespace"]) {
        if (gateway[key] === undefined) {
            problems.add({ path: `${at}.${key}`, rule: "is required", fix: "Say which Gateway it is." });
        }
    }
    checkObjectName(problems, `${at}.name`, gateway.name);
    if (gateway.namespace !== undefined) {
        checkName(problems, `${at}.namespace`, gateway.namespace);
    }
    checkText(problems, `${at}.address`, gateway.address);
    checkPattern(
        problems,
        `${at}.scheme`,
        gateway.scheme,
        /^https?$/,
        "is not the scheme of a gateway's addresses",
        "Use http or https.",
    );
    checkInteger(problems, `${at}.port`, gateway.port, 1, 65535, "a port");
    for (const key of ["gatewayClass", "hostname", "routesFrom"] as const) {
        problems.require(given![key] === undefined, {
            path: `${path}.${key}`,
            value: given![key],
            rule: "is for a Gateway that the platform makes, and `gateway` names one that exists",
            fix: "Give one of the two.",
        });
    }
}
