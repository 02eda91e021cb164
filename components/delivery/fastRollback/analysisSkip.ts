import type { CustomObjectsApi, KubeConfig, KubernetesObject } from "@kubernetes/client-node";

import { fieldManager } from "../../fieldManager";
import { within } from "../../within";
import { patience } from "../promotion/promotion";

type Client = typeof import("@kubernetes/client-node");

/** What a Canary carries while its analysis is skipped, for whoever comes after a process that ended in between. */
export const marker = "progressive-mesh/fast-rollback";

/** Since when a fast rollback has the analysis skipped, or has left it so; undefined where it does not. */
export function skippedSince(canary: KubernetesObject | undefined): string | undefined {
    return canary?.metadata?.annotations?.[marker];
}

/** What somebody who looks at the Canary has to know of it. */
export function skipNote(canary: KubernetesObject): string | undefined {
    const { namespace = "", name = "" } = canary.metadata ?? {};
    const since = skippedSince(canary);
    return since === undefined
        ? undefined
        : `Its analysis is skipped by a fast rollback since ${since}. Where no \`pulumi up\` waits for it any more, whatever comes is ` +
              `promoted unseen: run \`pulumi up\` again, or ${takeBackCommand(namespace, name)}`;
}

/** What is written to take it back. */
const takenBack = { metadata: { annotations: { [marker]: null } }, spec: { skipAnalysis: null } };

/** What somebody types to take it back. */
export function takeBackCommand(namespace: string, name: string): string {
    return `kubectl -n ${namespace} patch canary ${name} --type merge -p '${JSON.stringify(takenBack)}'`;
}

/** That it is skipped where nobody waits. */
export function leftSkip(what: string): string {
    return `${what} had its analysis skipped by a fast rollback that was interrupted; that is taken back`;
}

/**
 * Has Flagger skip the analysis of a Canary, and takes that back. It is no part of what Pulumi keeps of the Canary: that would hold until
 * the next change.
 */
export class AnalysisSkip {
    private readonly api: CustomObjectsApi;

    constructor(
        private readonly client: Client,
        kubeconfig: KubeConfig,
        private readonly namespace: string,
        private readonly name: string,
    ) {
        this.api = kubeconfig.makeApiClient(client.CustomObjectsApi);
    }

    /** Skips it for the Canary as it was seen; one that was changed since is refused, with the code 409. */
    async set(resourceVersion: string | undefined): Promise<void> {
        const since = new Date().toISOString();
        await this.patch({
            metadata: { resourceVersion, annotations: { [marker]: since } },
            spec: { skipAnalysis: true },
        });
    }

    /** Takes it back; what is not there any more needs no taking back. */
    async takeBack(): Promise<void> {
        try {
            await this.patch(takenBack);
        } catch (error) {
            if ((error as { code?: number }).code !== 404) {
                throw error;
            }
        }
    }

    private async patch(body: object): Promise<void> {
        const { namespace, name } = this;
        const patched = this.api.patchNamespacedCustomObject(
            { group: "flagger.app", version: "v1beta1", plural: "canaries", namespace, name, body, fieldManager },
            this.client.setHeaderOptions("Content-Type", this.client.PatchStrategy.MergePatch),
        );
        await within(patience, patched);
    }
}
