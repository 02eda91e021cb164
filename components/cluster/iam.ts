import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";
import { checkFields, checkPattern, entryPath, isLater } from "../shape";
import { Problems, checkPlain } from "../validation";

/** How identities in AWS are made. */
export interface IamArgs {
    /**
     * How pods come by their roles where both ways work: `pod-identity` (an EKS Pod Identity association, with the agent as an
     * add-on of the cluster) or `irsa` (the cluster's OpenID Connect issuer). Software whose AWS SDK is too old for Pod
     * Identity always gets IRSA; App Mesh is such.
     * @default "pod-identity"
     */
    workloadIdentity?: string;
    /**
     * Roles of your own, by service account: `{ "appmesh-system/appmesh-controller": "arn:aws:iam::...:role/..." }`. For such
     * a service account no role and no policy is made. docs/identity.md says what the roles have to trust and to allow.
     * @default - a role is made for each service account that needs one
     */
    roles?: Record<string, pulumi.Input<string>>;
    /**
     * ARN of the policy that bounds every role that is made, those of the cluster, its nodes and the applications among
     * them. EKS cannot change a cluster's role, so setting it first on a cluster that exists replaces that cluster.
     * @default - no boundary
     */
    permissionsBoundary?: pulumi.Input<string>;
    /**
     * The path of every role that is made, `/platform/` for example. As with the boundary, a change replaces the cluster.
     * @default "/"
     */
    rolePath?: pulumi.Input<string>;
}

/** The ways by which pods come by their roles. */
export const workloadIdentities = ["pod-identity", "irsa"];

/** Checks how identities are made. */
export function checkIam(problems: Problems, path: string, args: IamArgs | undefined): void {
    if (checkFields(problems, path, args, 'Write it like { workloadIdentity: "irsa" }.') === undefined) {
        return;
    }
    const { workloadIdentity, roles, permissionsBoundary, rolePath } = args!;
    checkMethod(problems, `${path}.workloadIdentity`, workloadIdentity);
    checkRoles(problems, `${path}.roles`, roles);
    checkPattern(
        problems,
        `${path}.permissionsBoundary`,
        permissionsBoundary,
        /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/,
        "is not the ARN of an IAM policy",
        'Write it like "arn:aws:iam::123456789012:policy/boundary".',
    );
    checkPattern(
        problems,
        `${path}.rolePath`,
        rolePath,
        /^\/([\x21-\x2e\x30-\x7e]+\/)*$/,
        "is not a path of IAM roles",
        'Begin and end it with a slash, like "/platform/".',
    );
}

/** Checks the word for a way to identities; an absent one passes. */
export function checkMethod(problems: Problems, path: string, method: unknown): void {
    if (!checkPlain(problems, path, method)) {
        return;
    }
    problems.require(method === undefined || workloadIdentities.includes(method as string), {
        path,
        value: method,
        rule: "is not a way by which pods come by roles",
        fix: `Use one of ${workloadIdentities.join(", ")}.`,
    });
}

/** Checks roles that are brought; absent ones pass. */
export function checkRoles(problems: Problems, path: string, roles: unknown): void {
    const fix = 'Write it like { "namespace/service-account": "arn:aws:iam::123456789012:role/name" }.';
    // Which roles are brought decides which are made.
    if (!checkPlain(problems, path, roles)) {
        return;
    }
    for (const [account, arn] of Object.entries(checkFields(problems, path, roles, fix) ?? {})) {
        const at = entryPath(path, account);
        problems.require(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(account), {
            path: at,
            value: account,
            rule: "does not name a service account with its namespace",
            fix,
        });
        problems.require(
            isLater(arn) || (typeof arn === "string" && /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(arn)),
            { path: at, value: arn, rule: "is not the ARN of an IAM role", fix },
        );
    }
}

/** An identity connection with what the user said of roles. */
export function withIam(identity: IdentityConnection, iam: IamArgs = {}): IdentityConnection {
    const { workloadIdentity, permissionsBoundary, rolePath } = iam;
    return {
        ...identity,
        ...(workloadIdentity !== undefined && { method: workloadIdentity }),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
        ...(rolePath !== undefined && { rolePath }),
    };
}
