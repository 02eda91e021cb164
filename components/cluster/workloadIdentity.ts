import * as awsEks from "@pulumi/aws/eks";
import * as awsIam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";
import { PodIdentityAgent } from "./podIdentityAgent";

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

/**
 * The text of a trust policy that lets these service accounts of one cluster, and nobody else, take a role by EKS Pod
 * Identity. EKS names the cluster and the service account in tags of the session, which is what is trusted.
 */
export function podTrustPolicy(clusterArn: string, serviceAccounts: readonly ServiceAccountName[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: serviceAccounts.map(({ namespace, name }) => ({
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:RequestTag/eks-cluster-arn": clusterArn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": name,
                },
            },
        })),
    });
}

/** The name of a Kubernetes service account. */
export interface ServiceAccountName {
    namespace: string;
    name: string;
}

/** A service account as a key among the roles that a user brings. */
export function accountKey({ namespace, name }: ServiceAccountName): string {
    return `${namespace}/${name}`;
}

/** The annotation by which EKS gives the pods of a service account a role. */
export const roleAnnotation = "eks.amazonaws.com/role-arn";

/** What identities are made from: that of a platform, or of the connection to one. */
export interface IdentitySource {
    /** The cluster's place in AWS, where it has one. */
    identity?: IdentityConnection;
    /** Roles that a user brings, by service account. */
    roles?: Record<string, pulumi.Input<string>>;
    /** The agent of Pod Identity, where it is for the platform to install. */
    podIdentityAgent?: PodIdentityAgent;
}

/** What a workload identity is made of. */
export interface WorkloadIdentityArgs {
    source: IdentitySource;
    serviceAccount: ServiceAccountName;
    /** Whether the software of the pods has an AWS SDK that knows Pod Identity. */
    supportsPodIdentity: boolean;
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

/** How the pods of a service account act in AWS. */
export interface WorkloadIdentity {
    /** What the service account has to be annotated with. */
    annotations: Record<string, pulumi.Input<string>>;
    /** What has to be there before the first of the pods. */
    required: pulumi.Resource[];
}

/** The way by which pods come by a role: the one that was chosen, where they and the cluster can go it. */
export function identityMethod(identity: IdentityConnection, supportsPodIdentity: boolean): "pod-identity" | "irsa" {
    const possible = supportsPodIdentity && identity.clusterName !== undefined;
    return possible && identity.method !== "irsa" ? "pod-identity" : "irsa";
}

/**
 * Lets the pods of one service account act in AWS: by an IAM role that only they can take, with its one inline policy, or by
 * the role that the user brings for them. Where there is neither an identity nor a role, they get nothing.
 */
export function workloadIdentity(
    name: string,
    args: WorkloadIdentityArgs,
    opts: pulumi.CustomResourceOptions,
): WorkloadIdentity {
    const { source, serviceAccount, tags } = args;
    const { identity } = source;
    const brought = source.roles?.[accountKey(serviceAccount)];
    if (identity === undefined) {
        return { annotations: brought === undefined ? {} : { [roleAnnotation]: brought }, required: [] };
    }
    const method = identityMethod(identity, args.supportsPodIdentity);
    const made = brought === undefined ? ownRole(name, args, identity, method, opts) : undefined;
    const roleArn = made?.role.arn ?? brought!;
    const required = made === undefined ? [] : [made.policy];
    if (method === "irsa") {
        return { annotations: { [roleAnnotation]: roleArn }, required };
    }
    const association = new awsEks.PodIdentityAssociation(
        name,
        {
            clusterName: identity.clusterName!,
            namespace: serviceAccount.namespace,
            serviceAccount: serviceAccount.name,
            roleArn,
            tags,
        },
        // Pods get what they need only when they start, so the agent and the policy come before.
        { ...opts, dependsOn: [...required, ...(source.podIdentityAgent?.require() ?? [])] },
    );
    return { annotations: {}, required: [association] };
}

function ownRole(
    name: string,
    args: WorkloadIdentityArgs,
    identity: IdentityConnection,
    method: "pod-identity" | "irsa",
    opts: pulumi.CustomResourceOptions,
): { role: awsIam.Role; policy: awsIam.RolePolicy } {
    const { providerArn, issuer, partition, region, accountId } = identity;
    const accounts = [args.serviceAccount];
    const role = new awsIam.Role(
        name,
        {
            description: args.description,
            assumeRolePolicy:
                method === "irsa"
                    ? pulumi.all([providerArn, issuer]).apply(([arn, host]) => trustPolicy(arn, host, accounts))
                    : pulumi.interpolate`arn:${partition}:eks:${region}:${accountId}:cluster/${identity.clusterName!}`.apply(
                          (arn) => podTrustPolicy(arn, accounts),
                      ),
            permissionsBoundary: identity.permissionsBoundary,
            path: identity.rolePath,
            tags: args.tags,
        },
        opts,
    );
    const policy = new awsIam.RolePolicy(
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
