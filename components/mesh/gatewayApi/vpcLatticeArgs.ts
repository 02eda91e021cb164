import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkPattern, checkSwitch } from "../../shape";
import { Problems, checkPlain } from "../../validation";

/** What VPC Lattice's controller is told. */
export interface VpcLatticeArgs {
    /**
     * The VPC of the cluster. Without it the controller asks the metadata of its node, which containers reach only where the
     * node's hop limit is 2 or more.
     * @default - the controller asks its node
     */
    vpcId?: pulumi.Input<string>;
    /**
     * Whether the controller makes the service network that the Gateway is named after, and joins the cluster's VPC to it. Off,
     * both have to be there.
     * @default true
     */
    createServiceNetwork?: boolean;
}

/** Checks what VPC Lattice is told. */
export function checkVpcLattice(problems: Problems, path: string, value: unknown): void {
    const given = checkFields(problems, path, value, 'Write it like { vpcId: "vpc-0123456789abcdef0" }.');
    checkPattern(
        problems,
        `${path}.vpcId`,
        given?.vpcId,
        /^vpc-[0-9a-f]{8,17}$/,
        "is not the id of a VPC",
        'Write it like "vpc-0123456789abcdef0".',
    );
    if (checkPlain(problems, `${path}.createServiceNetwork`, given?.createServiceNetwork)) {
        checkSwitch(problems, `${path}.createServiceNetwork`, given?.createServiceNetwork);
    }
}
