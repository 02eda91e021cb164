import type { KubeConfig, V1ConfigMap } from "@kubernetes/client-node";

import { messageOf, orMissing } from "../apiError";
import { fieldManager } from "../fieldManager";
import { CanaryObject } from "../operate/canary";
import { changesFor } from "./bounds";
import { decode } from "./codec";
import { evidenceAnnotation } from "./evidenceArgs";
import { RolloutRecord } from "./record";

type Client = typeof import("@kubernetes/client-node");

/** How often it is tried again where another changed it meanwhile. */
const tries = 5;

/** What is kept of a Canary's rollouts. */
export interface Kept {
    configMap: string;
    /** Newest first. */
    records: RolloutRecord[];
    /** Why it could not be read, or not all of it; a sentence. */
    problem?: string;
}

/** The ConfigMap that the evidence of one Canary is in. */
export class EvidenceConfigMap {
    constructor(
        private readonly client: Client,
        private readonly kubeconfig: KubeConfig,
        private readonly namespace: string,
        private readonly name: string,
    ) {}

    /** The one of a Canary; undefined where its evidence is not kept. */
    static of(client: Client, kubeconfig: KubeConfig, { metadata }: CanaryObject): EvidenceConfigMap | undefined {
        const name = metadata?.annotations?.[evidenceAnnotation];
        return name === undefined
            ? undefined
            : new EvidenceConfigMap(client, kubeconfig, metadata?.namespace ?? "", name);
    }

    /** What it holds of a Canary. Whoever may not read it is told so, and shown the rest. */
    async kept({ metadata }: CanaryObject): Promise<Kept> {
        const configMap = `${this.namespace}/${this.name}`;
        const nothing = (problem?: string): Kept => ({ configMap, records: [], ...(problem && { problem }) });
        try {
            const found = await this.read();
            if (found === undefined) {
                return nothing();
            }
            if (!isFor(found, metadata?.name)) {
                return nothing(`ConfigMap ${configMap} is not of this Canary's evidence.`);
            }
            const texts = Object.values(found.data ?? {});
            const records = texts.map(decode).filter((record): record is RolloutRecord => record !== undefined);
            const unread = texts.length - records.length;
            return {
                configMap,
                records: records.sort((a, b) => b.began.localeCompare(a.began)),
                ...(unread > 0 && {
                    problem: `${unread} of the entries of ConfigMap ${configMap} cannot be read by this version.`,
                }),
            };
        } catch (error) {
            return nothing(`ConfigMap ${configMap}, which has its evidence, could not be read: ${messageOf(error)}.`);
        }
    }

    /**
     * Puts a record into it, beside those that others put there meanwhile.
     *
     * @throws Error where that is refused, or the ConfigMap is somebody else's.
     */
    async put(
        owner: CanaryObject,
        record: RolloutRecord,
        bounds: { rollouts: number; replaces?: string },
    ): Promise<void> {
        for (let left = tries; ; left -= 1) {
            const found = await this.read();
            if (found !== undefined && !isFor(found, owner.metadata?.name)) {
                throw new Error(
                    "it exists and holds something else, which is left as it is. Name another by `waitForPromotion.evidence.configMap`",
                );
            }
            try {
                await this.write(owner, found, changesFor(found?.data ?? {}, record, bounds));
                return;
            } catch (error) {
                if ((error as { code?: unknown }).code !== 409 || left <= 1) {
                    throw error;
                }
            }
        }
    }

    private read(): Promise<V1ConfigMap | undefined> {
        const { name, namespace } = this;
        return orMissing(this.api().readNamespacedConfigMap({ name, namespace }));
    }

    /** Changes what was found and not what came after it: that is answered with 409. */
    private async write(
        owner: CanaryObject,
        found: V1ConfigMap | undefined,
        changes: Record<string, string | null>,
    ): Promise<void> {
        const { name, namespace } = this;
        const metadata = {
            name,
            labels: { "app.kubernetes.io/managed-by": fieldManager },
            annotations: { [ownerAnnotation]: owner.metadata?.name ?? "" },
            // Kubernetes deletes it with the Canary.
            ownerReferences: [
                {
                    apiVersion: "flagger.app/v1beta1",
                    kind: "Canary",
                    name: owner.metadata?.name ?? "",
                    uid: owner.metadata?.uid ?? "",
                },
            ],
        };
        if (found === undefined) {
            const data = Object.fromEntries(
                Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null),
            );
            await this.api().createNamespacedConfigMap({ namespace, fieldManager, body: { metadata, data } });
            return;
        }
        const { resourceVersion } = found.metadata ?? {};
        const body = { metadata: { ...metadata, resourceVersion }, data: changes };
        await this.api().patchNamespacedConfigMap(
            { name, namespace, fieldManager, body },
            this.client.setHeaderOptions("Content-Type", this.client.PatchStrategy.MergePatch),
        );
    }

    private api() {
        return this.kubeconfig.makeApiClient(this.client.CoreV1Api);
    }
}

/** The ConfigMap's annotation that says whose evidence it holds. */
const ownerAnnotation = "progressive-mesh/evidence-of";

function isFor({ metadata }: V1ConfigMap, canary: string | undefined): boolean {
    return metadata?.annotations?.[ownerAnnotation] === canary;
}
