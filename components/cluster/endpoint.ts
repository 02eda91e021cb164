import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkList, checkSwitch, isLater } from "../shape";
import { Problems, checkPlain } from "../validation";
import { parseCidr } from "./subnets";

/** From where the API server of an EKS cluster is reached. */
export interface EndpointArgs {
    /**
     * Whether it is reached from the internet. Without, Pulumi has to run inside the VPC, or be connected to it.
     * @default true
     */
    publicAccess?: boolean;
    /**
     * Whether nodes and whatever else is in the VPC reach it without leaving the VPC. AWS' own default is `false`.
     * @default true
     */
    privateAccess?: boolean;
    /**
     * The IPv4 addresses from which it is reached over the internet. The one that Pulumi runs at has to be among them, and,
     * without `privateAccess`, those of the nodes. To write `["0.0.0.0/0"]` is to say that everyone is meant. Left out again
     * later, the last ones stay.
     * @default - every address, with a warning
     */
    allowedCidrs?: pulumi.Input<string>[];
}

/** Checks from where the API server is reached. */
export function checkEndpoint(problems: Problems, path: string, args: EndpointArgs | undefined): void {
    if (checkFields(problems, path, args, "Write it like { publicAccess: false }.") === undefined) {
        return;
    }
    const { publicAccess, privateAccess, allowedCidrs } = args!;
    for (const key of ["publicAccess", "privateAccess"] as const) {
        if (checkPlain(problems, `${path}.${key}`, args![key])) {
            checkSwitch(problems, `${path}.${key}`, args![key]);
        }
    }
    problems.require(publicAccess !== false || privateAccess !== false, {
        path: `${path}.privateAccess`,
        value: false,
        rule: "leaves nobody who reaches the API server",
        fix: "Leave one of publicAccess and privateAccess true.",
    });
    if (!checkPlain(problems, `${path}.allowedCidrs`, allowedCidrs)) {
        return;
    }
    problems.require(allowedCidrs === undefined || publicAccess !== false, {
        path: `${path}.allowedCidrs`,
        value: allowedCidrs,
        rule: "allows addresses of the internet, from where the API server is not reached",
        fix: "Leave it out, or let publicAccess be true.",
    });
    const listed = checkList(problems, `${path}.allowedCidrs`, allowedCidrs, 'Write it like ["203.0.113.0/24"].');
    problems.require(!Array.isArray(allowedCidrs) || (listed.length > 0 && listed.length <= 40), {
        path: `${path}.allowedCidrs`,
        value: allowedCidrs,
        rule: "does not have one to forty blocks, as EKS takes them; an empty list would be everyone",
        fix: "Give those that may reach it, or let publicAccess be false.",
    });
    for (const [at, cidr] of listed) {
        problems.require(isLater(cidr) || (typeof cidr === "string" && parseCidr(cidr) !== undefined), {
            path: at,
            value: cidr,
            rule: "is not a block of IPv4 addresses",
            fix: 'Write it like "203.0.113.0/24", with zeros behind the prefix; one address is "203.0.113.7/32".',
        });
    }
}

/** What a user should know of a sound endpoint. */
export function endpointWarnings(args: EndpointArgs = {}): string[] {
    return args.publicAccess !== false && args.allowedCidrs === undefined
        ? [
              "eks.endpoint: everyone on the internet reaches the cluster's API server; who gets in is up to IAM alone. Name " +
                  'those who may in `allowedCidrs` (["0.0.0.0/0"] if everyone is meant), or set `publicAccess` to false.',
          ]
        : [];
}
