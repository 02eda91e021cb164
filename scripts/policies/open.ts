/** A part of an ARN that stays open beside the resource's own name, and why. */
interface Open {
    resource: RegExp;
    because: string;
}

/** The few there are, by AWS' service authorization reference. */
export const open: readonly Open[] = [
    {
        resource: /^arn:[^:]+:vpc-lattice:[a-z0-9-]+:\*:servicenetwork\/\*$/,
        because: "AWS RAM shares service networks between accounts, and their ARNs name the account that owns them.",
    },
];
