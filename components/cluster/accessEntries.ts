import * as awsEks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkList, checkPattern, entryPath } from "../shape";
import { Problems, checkName, checkPlain } from "../validation";

/** Lets a user or role of IAM into an EKS cluster. Who builds the cluster is its administrator without one. */
export interface AccessEntryArgs {
    /** ARN of the IAM user or role. */
    principalArn: pulumi.Input<string>;
    /**
     * Kubernetes groups that it is in. What they may do is up to your RoleBindings.
     * @default - none
     */
    kubernetesGroups?: string[];
    /**
     * EKS' own policies for what it may do in the cluster.
     * @default - none: only what its groups may
     */
    accessPolicies?: AccessPolicyArgs[];
}

/** A policy of EKS for what may be done inside a cluster. */
export interface AccessPolicyArgs {
    /**
     * Its name, `AmazonEKSViewPolicy` for example: `aws eks list-access-policies` lists them.
     */
    policy: string;
    /**
     * The namespaces that it is for.
     * @default - the whole cluster
     */
    namespaces?: string[];
}

/** Checks who is let in; an absent value passes. */
export function checkAccessEntries(problems: Problems, path: string, entries: unknown): void {
    const fix = 'Write it like { team: { principalArn: "arn:aws:iam::123456789012:role/team" } }.';
    if (!checkPlain(problems, path, entries)) {
        return;
    }
    const principals = new Set<unknown>();
    for (const [name, entry] of Object.entries(checkFields(problems, path, entries, fix) ?? {})) {
        const at = entryPath(path, name);
        const fields = checkFields(problems, at, entry ?? null, fix);
        if (fields === undefined) {
            continue;
        }
        checkName(problems, at, name);
        const { principalArn } = fields;
        problems.require(principalArn !== undefined, { path: `${at}.principalArn`, rule: "is required", fix });
        checkPattern(
            problems,
            `${at}.principalArn`,
            principalArn,
            /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/.+$/,
            "is not the ARN of an IAM user or role",
            "Give the role's own ARN, not that of a session of it.",
        );
        problems.require(typeof principalArn !== "string" || !principals.has(principalArn), {
            path: `${at}.principalArn`,
            value: principalArn,
            rule: "has an entry already, and EKS takes one for each",
            fix: "Give it all its groups and policies in one entry.",
        });
        principals.add(principalArn);
        checkGroups(problems, `${at}.kubernetesGroups`, fields.kubernetesGroups);
        checkPolicies(problems, `${at}.accessPolicies`, fields.accessPolicies);
    }
}

function checkGroups(problems: Problems, path: string, groups: unknown): void {
    for (const [at, group] of checkList(problems, path, groups, 'Write it like ["developers"].')) {
        problems.require(typeof group === "string" && group !== "" && !/^(system|eks|aws|amazon|iam):/.test(group), {
            path: at,
            value: group,
            rule: "is not a group that EKS lets anyone into; those of Kubernetes and AWS themselves are closed",
            fix: "Name a group of your own; for administrators use the policy AmazonEKSClusterAdminPolicy.",
        });
    }
}

function checkPolicies(problems: Problems, path: string, policies: unknown): void {
    const fix = 'Write it like [{ policy: "AmazonEKSViewPolicy" }].';
    const named = new Set<unknown>();
    for (const [at, each] of checkList(problems, path, policies, fix)) {
        const fields = checkFields(problems, at, each, fix);
        if (fields === undefined) {
            continue;
        }
        const { policy, namespaces } = fields;
        problems.require(typeof policy === "string" && /^AmazonEKS\w*Policy$/.test(policy), {
            path: `${at}.policy`,
            value: policy,
            rule: "is not the name of a policy of EKS for what may be done in a cluster",
            fix: 'Give the name alone, like "AmazonEKSViewPolicy".',
        });
        problems.require(!named.has(policy), {
            path: `${at}.policy`,
            value: policy,
            rule: "is named twice, and EKS takes one scope for each",
            fix: "Name it once, with all its namespaces.",
        });
        named.add(policy);
        const listed = checkList(problems, `${at}.namespaces`, namespaces, 'Write it like ["apps"].');
        listed.forEach(([place, namespace]) => checkName(problems, place, namespace));
        problems.require(!Array.isArray(namespaces) || namespaces.length > 0, {
            path: `${at}.namespaces`,
            value: namespaces,
            rule: "names no namespace",
            fix: "Name some, or leave it out for the whole cluster.",
        });
    }
}

/**
 * Lets principals into a cluster; answers with all that has to be there while somebody uses it. They are resources of their
 * own and not the EKS component's, so that what waits for them says so and does not hang on the order within a component.
 */
export function accessEntries(
    name: string,
    entries: Record<string, AccessEntryArgs> = {},
    clusterName: pulumi.Input<string>,
    partition: pulumi.Input<string>,
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): pulumi.Resource[] {
    return Object.entries(entries).flatMap(([key, { principalArn, kubernetesGroups, accessPolicies = [] }]) => {
        const childName = `${name}-access-${key}`;
        const entry = new awsEks.AccessEntry(
            childName,
            { clusterName, principalArn, kubernetesGroups, tags },
            { parent },
        );
        const policies = accessPolicies.map(
            ({ policy, namespaces }) =>
                new awsEks.AccessPolicyAssociation(
                    `${childName}-${policy}`,
                    {
                        clusterName,
                        principalArn: entry.principalArn,
                        policyArn: pulumi.interpolate`arn:${partition}:eks::aws:cluster-access-policy/${policy}`,
                        accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces },
                    },
                    { parent },
                ),
        );
        return [entry, ...policies];
    });
}
