import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";

/** One statement of an IAM policy. */
export interface Statement {
    sid?: string;
    actions: readonly string[];
    resources: readonly string[];
    /** Condition operator, then key, then value. */
    conditions?: Record<string, Record<string, string>>;
}

/** The text of an IAM policy document that allows the statements. */
export function policyDocument(statements: readonly Statement[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map((s) => ({
            ...(s.sid === undefined ? {} : { Sid: s.sid }),
            Effect: "Allow",
            Action: s.actions,
            Resource: s.resources,
            ...(s.conditions === undefined ? {} : { Condition: s.conditions }),
        })),
    });
}

/** The text of a trust policy that lets these service accounts of one cluster, and nobody else, take a role (IRSA). */
export function trustPolicy(
    providerArn: string,
    issuer: string,
    serviceAccounts: readonly ServiceAccountName[],
): string {
    const subjects = serviceAccounts.map((s) => `system:serviceaccount:${s.namespace}:${s.name}`);
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: providerArn },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        [`${issuer}:aud`]: "sts.amazonaws.com",
                        [`${issuer}:sub`]: subjects.length === 1 ? subjects[0] : subjects,
                    },
                },
            },
        ],
    });
}

/** The name of a Kubernetes service account. */
export interface ServiceAccountName {
    namespace: string;
    name: string;
}

/** The annotation by which EKS gives the pods of a service account a role. */
export const roleAnnotation = "eks.amazonaws.com/role-arn";

/** What a workload identity is made of. */
export interface WorkloadIdentityArgs {
    identity: IdentityConnection;
    serviceAccounts: readonly ServiceAccountName[];
    description: string;
    /** The statements, given the cluster's partition, region and account. */
    statements: (where: Whereabouts) => Statement[];
    tags?: Record<string, pulumi.Input<string>>;
}

/** Where in AWS a cluster lives: what an ARN is made of. */
export interface Whereabouts {
    partition: string;
    region: string;
    accountId: string;
}

/** An IAM role that only the named service accounts of the cluster can take, with its one inline policy. */
export function workloadIdentity(
    name: string,
    args: WorkloadIdentityArgs,
    opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
    const { providerArn, issuer, partition, region, accountId } = args.identity;
    const role = new aws.iam.Role(
        name,
        {
            description: args.description,
            assumeRolePolicy: pulumi
                .all([providerArn, issuer])
                .apply(([arn, host]) => trustPolicy(arn, host, args.serviceAccounts)),
            tags: args.tags,
        },
        opts,
    );
    const policy = new aws.iam.RolePolicy(
        name,
        {
            role: role.name,
            policy: pulumi
                .all([partition, region, accountId])
                .apply(([p, r, a]) => policyDocument(args.statements({ partition: p, region: r, accountId: a }))),
        },
        opts,
    );
    return { role, policy };
}
