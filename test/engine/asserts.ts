import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { leftovers } from "../../lab/leftovers";
import { PulumiResult } from "../../lab/pulumi";

/** Fails with the command's output unless it ended well. */
export function succeeded(result: PulumiResult): void {
    assert.equal(result.code, 0, result.output);
}

/** Fails unless the cluster and the AWS account are as empty as at the start. */
export async function nothingLeft(lab: Lab): Promise<void> {
    assert.deepEqual(await leftovers(lab), []);
}
