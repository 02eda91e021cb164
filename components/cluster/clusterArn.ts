import * as pulumi from "@pulumi/pulumi";

/** Partition, region and account out of a cluster's ARN, which spares asking AWS for each. */
export function clusterArn(
    arn: pulumi.Output<string>,
): Record<"partition" | "region" | "accountId", pulumi.Output<string>> {
    const field = (index: number) => arn.apply((a) => a.split(":")[index] ?? "");
    return { partition: field(1), region: field(3), accountId: field(4) };
}
