import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { leftovers } from "../../lab/leftovers";
import { PulumiResult } from "../../lab/pulumi";

/** Fails with the command's output unless it ended well. */
export function succeeded(result: PulumiResult): void {
    assert.equal(result.code, 0, result.output);
}

/** What Helm never deletes: of hooks of Envoy Gateway's chart. */
export const envoyGatewayHooks = [
    "clusterrolebindings envoy-gateway-gateway-helm-certgen:envoy-gateway-system",
    "clusterroles envoy-gateway-gateway-helm-certgen:envoy-gateway-system",
    "mutatingwebhookconfigurations envoy-gateway-topology-injector.envoy-gateway-system",
];

/** Fails unless the cluster and the AWS account are as empty as at the start, but for what is known to stay. */
export async function nothingLeft(lab: Lab, known: string[] = []): Promise<void> {
    assert.deepEqual((await leftovers(lab)).sort(), known);
}
