import fs from "node:fs";

import { CustomObjectsApi, KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";

interface Definition extends KubernetesObject {
    spec: { group: string; names: { plural: string }; versions: { name: string }[] };
}

/** Makes the objects of a YAML file in the lab's cluster, or changes them to what it says. A new kind can be used at once. */
export async function applyYaml(lab: Lab, file: string): Promise<void> {
    const objects = parseAllDocuments(fs.readFileSync(file, "utf8")).map((d) => d.toJS() as KubernetesObject | null);
    for (const object of objects.filter((o) => o !== null)) {
        if (object.kind === "CustomResourceDefinition") {
            await define(lab, object as Definition);
        } else {
            const api = KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig);
            await api.patch(object, undefined, undefined, "lab", true, PatchStrategy.ServerSideApply);
        }
    }
}

/** Makes a definition, unless it is there, and waits until its kind is served. */
async function define(lab: Lab, definition: Definition): Promise<void> {
    const [group, version, plural] = ["apiextensions.k8s.io", "v1", "customresourcedefinitions"];
    // As it is: the client's own type for definitions loses `x-kubernetes-int-or-string` and its like.
    await lab.controlPlane.kubeconfig
        .makeApiClient(CustomObjectsApi)
        .createClusterCustomObject({ group, version, plural, body: definition })
        .catch((error: { code?: number }) => {
            if (error.code !== 409) {
                throw error as Error;
            }
        });
    await served(lab, definition);
}

/** A kind is served a moment after its definition is there. */
async function served(lab: Lab, definition: Definition): Promise<void> {
    const { group, names, versions } = definition.spec;
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    const list = () =>
        api.listClusterCustomObject({ group, version: versions[0]!.name, plural: names.plural }).catch(() => undefined);
    if ((await poll(list, 30)) === undefined) {
        throw new Error(`${names.plural}.${group} is not served`);
    }
}

/** A route of a virtual router, as far as tests look. */
export interface Route {
    name: string;
    httpRoute?: {
        match: { prefix: string; headers?: { name: string; match: Record<string, string> }[] };
        timeout?: object;
        retryPolicy?: { maxRetries: number };
        action: { weightedTargets: { virtualNodeRef: { name: string }; weight: number }[] };
    };
    tcpRoute?: object;
}

/** What tests look at in the specs of objects that Flagger or the library makes, whatever their kind. */
export interface Spec {
    routes: Route[];
    listeners: { portMapping: { port: number; protocol: string } }[];
    backends: { virtualService: { virtualServiceARN?: string; virtualServiceRef?: { name: string } } }[];
    serviceDiscovery: object;
    awsName: string;
    scaleTargetRef: { name: string };
    minReplicas: number;
    minReplicaCount: number;
    maxReplicaCount: number;
    triggers: { metadata: Record<string, string> }[];
}

/** The spec of an object of the lab's cluster. */
export async function specOf(
    lab: Lab,
    group: string,
    version: string,
    plural: string,
    namespace: string,
    name: string,
): Promise<Spec> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    const object: unknown = await api.getNamespacedCustomObject({ group, version, plural, namespace, name });
    return (object as { spec: Spec }).spec;
}

/** The spec of an object of App Mesh. */
export function meshSpecOf(lab: Lab, plural: string, namespace: string, name: string): Promise<Spec> {
    return specOf(lab, "appmesh.k8s.aws", "v1beta2", plural, namespace, name);
}
