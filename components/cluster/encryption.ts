import * as awsKms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkPattern, checkSwitch } from "../shape";
import { Problems, checkPlain } from "../validation";

/** How an EKS cluster keeps its Secrets. */
export interface EncryptionArgs {
    /**
     * Whether Secrets are encrypted with a key of yours in AWS KMS, besides AWS' own. Switched on it cannot be switched off:
     * EKS would have to replace the cluster.
     * @default true
     */
    enabled?: boolean;
    /**
     * ARN of a symmetric key in the cluster's region. EKS takes no other key later.
     * @default - a key is made, which AWS rotates each year and deletes 30 days after destroy
     */
    keyArn?: pulumi.Input<string>;
}

/** Checks how Secrets are kept. */
export function checkEncryption(problems: Problems, path: string, args: EncryptionArgs | undefined): void {
    if (checkFields(problems, path, args, "Write it like { enabled: false }.") === undefined) {
        return;
    }
    const { enabled, keyArn } = args!;
    if (checkPlain(problems, `${path}.enabled`, enabled)) {
        checkSwitch(problems, `${path}.enabled`, enabled);
    }
    checkPattern(
        problems,
        `${path}.keyArn`,
        keyArn,
        /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/,
        "is not the ARN of a KMS key",
        'Write it like "arn:aws:kms:us-west-2:123456789012:key/...": the key\'s own ARN, not an alias.',
    );
    problems.require(enabled !== false || keyArn === undefined, {
        path: `${path}.keyArn`,
        value: keyArn,
        rule: "names a key for an encryption that is switched off",
        fix: "Leave out one of enabled and keyArn.",
    });
}

/** The ARN of the key for Secrets; undefined where they are not encrypted with one. */
export function encryptionKey(
    name: string,
    args: EncryptionArgs = {},
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): pulumi.Input<string> | undefined {
    if (args.enabled === false) {
        return undefined;
    }
    return (
        args.keyArn ??
        new awsKms.Key(
            `${name}-secrets`,
            {
                description: `Secrets of the EKS cluster of ${name}.`,
                enableKeyRotation: true,
                deletionWindowInDays: 30,
                tags,
            },
            { parent },
        ).arn
    );
}
