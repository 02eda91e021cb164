import http from "node:http";
import https from "node:https";

import type { KubeConfig, V1ObjectMeta } from "@kubernetes/client-node";

import { messageOf } from "../apiError";

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
    const { groups } = await get<{ groups: { preferredVersion: { groupVersion: string } }[] }>(kubeconfig, "apis");
    const versions = ["v1", ...groups.map((group) => group.preferredVersion.groupVersion)];
    const found: EveryObject = { objects: [], unseen: [] };
    await Promise.all(
        versions.map(async (apiVersion) => {
            const path = apiVersion === "v1" ? "api/v1" : `apis/${apiVersion}`;
            const { resources } = await get<{ resources: ApiResource[] }>(kubeconfig, path).catch((error: unknown) => {
                // A group whose own server is away, as that of a metrics server can be.
                found.unseen.push(`${apiVersion}: ${messageOf(error)}`);
                return { resources: [] };
            });
            for (const { name: plural, kind, verbs } of resources) {
                if (plural.includes("/") || !verbs.includes("list")) {
                    continue;
                }
                try {
                    const { items } = await get<MetadataList>(kubeconfig, `${path}/${plural}`);
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

/** Asks the API server for a path. */
async function get<T>(kubeconfig: KubeConfig, path: string): Promise<T> {
    const options: https.RequestOptions = { headers: { Accept: metadataOnly }, timeout: 30_000 };
    await kubeconfig.applyToHTTPSOptions(options);
    const { server } = kubeconfig.getCurrentCluster()!;
    return new Promise((resolve, reject) => {
        const { get: ask } = server.startsWith("http:") ? http : https;
        const request = ask(`${server}/${path}`, options, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
                const body = Buffer.concat(chunks).toString();
                if (response.statusCode === 200) {
                    resolve(JSON.parse(body) as T);
                } else {
                    reject(Object.assign(new Error(`the API server answered ${response.statusCode}`), { body }));
                }
            });
        });
        request.on("timeout", () => request.destroy(new Error(`${server} did not answer within 30 s`)));
        request.on("error", reject);
    });
}
