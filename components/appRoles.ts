import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, isEnabled } from "./chartRelease";
import { NamedInAws, checkAwsNames } from "./cluster/awsNames";
import { checkRoles } from "./cluster/iam";
import { PlatformConnection } from "./connection";
import { Mesh } from "./mesh/mesh";
import { Problems } from "./validation";

/** The arguments of an application that decide about its roles in AWS. */
export interface AppRolesArgs {
    platform: PlatformConnection;
    loadTester?: AddonArgs;
    roles?: Record<string, pulumi.Input<string>>;
}

/** Checks the roles that an application brings, and the names of those that are made for it. */
export function checkAppRoles(problems: Problems, name: string, args: AppRolesArgs, mesh: Mesh): void {
    checkRoles(problems, "roles", args.roles);
    if (!mesh.needsIdentity || args.platform.identity === undefined) {
        return;
    }
    const members = isEnabled(args.loadTester) ? ["proxies", "loadtester"] : ["proxies"];
    const roles = members.map((member): NamedInAws => ({ kind: "role", childName: `${name}-${member}` }));
    checkAwsNames(problems, "name", name, roles);
}

/** A connection with the roles that an application brings besides those of the platform. */
export function withRoles(platform: PlatformConnection, roles: AppRolesArgs["roles"]): PlatformConnection {
    return roles === undefined ? platform : { ...platform, roles: { ...platform.roles, ...roles } };
}
