import type { KubeConfig, V1ObjectMeta } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { getJson } from "../apiGet";

/** A kind of object, as the API server serves it. */
export interface Kind {
    /** "v1", "apps/v1". */
    apiVersion: string;
    kind: string;
    /** Its name in addresses and for kubectl. */
    plural: string;
}

/** An object, of which only what is the same for all kinds is read: no Secret's contents. */
export interface FoundObject extends Kind {
    metadata: V1ObjectMeta;
}

/** All objects of a cluster that could be listed, and what could not be. */
export interface EveryObject {
    objects: FoundObject[];
    /** "secrets (v1): secrets is forbidden: ..." */
    unseen: string[];
}

interface ApiResource {
    name: string;
    kind: string;
    verbs: string[];
}

interface MetadataList {
    items: { metadata: V1ObjectMeta }[] | null;
}

const metadataOnly = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

/**
 * Lists every object of a cluster, of each kind in the version that its group prefers.
 *
 * @throws Error when the cluster does not answer.
 */
export async function everyObject(kubeconfig: KubeConfig): Promise<EveryObject> {
    const { groups } = await getJson<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
        kubeconfig,
        "apis",
        metadataOnly,
    );
    const versions = ["v1", ...groups.map((group) => group.preferredVersion.groupVersion)];
    const found: EveryObject = { objects: [], unseen: [] };
    await Promise.all(
        versions.map(async (apiVersion) => {
            const path = apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`;
            const { resources } = await getJson<{ resources: ApiResource[] }>(kubeconfig, path, metadataOnly).catch(
                (error: unknown) => {
                    // A group whose own server is away, as that of a metrics server can be.
                    found.unseen.push(`${apiVersion}: ${messageOf(error)}`);
                    return { resources: [] };
                },
            );
            for (const { name: plural, kind, verbs } of resources) {
                if (plural.includes("/") || !verbs.includes("list")) {
                    continue;
                }
                try {
                    const { items } = await getJson<MetadataList>(kubeconfig, `${path}/${plural}`, metadataOnly);
                    // The API server writes an empty list of this form as null.
                    found.objects.push(
                        ...(items ?? []).map(({ metadata }) => ({ apiVersion, kind, plural, metadata })),
                    );
                } catch (error) {
                    found.unseen.push(`${plural} (${apiVersion}): ${messageOf(error)}`);
                }
            }
        }),
    );
    return found;
}
