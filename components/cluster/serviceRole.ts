import * as awsIam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

/** A role that a service of AWS takes, with policies that AWS writes for just that. */
export interface ServiceRoleArgs {
    description: string;
    /** The host name of the service. */
    service: string;
    /**
     * What the service may do to take it.
     * @default - `sts:AssumeRole`
     */
    actions?: string[];
    /** Names of AWS' own policies. */
    policies: string[];
    partition: pulumi.Input<string>;
    permissionsBoundary?: pulumi.Input<string>;
    path?: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
}

/** Makes a role for a service; what uses it has to come after its policies and to go before them. */
export function serviceRole(
    name: string,
    args: ServiceRoleArgs,
    opts: pulumi.CustomResourceOptions,
): { role: awsIam.Role; policies: pulumi.Resource[] } {
    const [action, ...more] = args.actions ?? ["sts:AssumeRole"];
    const role = new awsIam.Role(
        name,
        {
            description: args.description,
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Service: args.service },
                        Action: more.length === 0 ? action : [action, ...more],
                    },
                ],
            }),
            permissionsBoundary: args.permissionsBoundary,
            path: args.path,
            tags: args.tags,
        },
        opts,
    );
    const policies = args.policies.map(
        (policy) =>
            new awsIam.RolePolicyAttachment(
                `${name}-${policy}`,
                {
                    role: role.name,
                    policyArn: pulumi.interpolate`arn:${args.partition}:iam::aws:policy/${policy}`,
                },
                opts,
            ),
    );
    return { role, policies };
}
