import * as pulumi from "@pulumi/pulumi";

import { messageOf } from "../apiError";
import { runError } from "../runError";

/** An object that the API server shows to a webhook without keeping it. */
export interface Probe {
    group: string;
    version: string;
    plural: string;
    body: object;
}

const pause = 1_000;

/**
 * Waits until the admission webhook behind a kind of object answers, by asking the API server to create such an object as
 * a dry run. A controller whose pods have no readiness probe is called ready by Kubernetes before it listens, and with
 * `failurePolicy: Fail` whatever is created in that moment fails. Any answer of the webhook counts, a refusal too.
 *
 * Costs nothing at preview, and one request where the webhook is up.
 *
 * @throws pulumi.RunError when there is no answer within the time; it says what the API server said last.
 */
export function webhookReady(
    kubeconfig: pulumi.Input<string>,
    installed: pulumi.Input<unknown>,
    probe: Probe,
    timeoutSeconds: number,
): pulumi.Output<boolean> {
    return pulumi.all([kubeconfig, installed]).apply(async ([config]) => {
        if (pulumi.runtime.isDryRun()) {
            return true;
        }
        // Loaded only here: no preview and no program without such a webhook pays for the client.
        const { CustomObjectsApi, KubeConfig } = await import("@kubernetes/client-node");
        const client = new KubeConfig();
        client.loadFromString(config);
        const api = client.makeApiClient(CustomObjectsApi);
        const { group, version, plural, body } = probe;
        return answers(
            () => api.createClusterCustomObject({ group, version, plural, body, dryRun: "All" }),
            `the admission webhook for ${plural}.${group}`,
            timeoutSeconds,
        );
    });
}

/** Asks until something other than "nobody is there" comes back. */
export async function answers(ask: () => Promise<unknown>, what: string, timeoutSeconds: number): Promise<boolean> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
        try {
            await ask();
            return true;
        } catch (error) {
            if (isFinal(error)) {
                return true;
            }
            if (Date.now() >= deadline) {
                throw runError(
                    `${what} did not answer within ${timeoutSeconds} s: ${messageOf(error)}\n` +
                        "Nothing that needs it was created. Look at the controller's pods and logs, then run `pulumi up` again.",
                );
            }
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
}

/**
 * Whether waiting is over: the webhook said no, or the API server said something that waiting does not change and that the
 * real request will report. "failed calling webhook" and a kind not yet served are neither.
 */
function isFinal(error: unknown): boolean {
    const code = (error as { code?: unknown }).code;
    const known = typeof code === "number" && [400, 401, 403, 409, 422].includes(code);
    return known && !messageOf(error).includes("failed calling webhook");
}
