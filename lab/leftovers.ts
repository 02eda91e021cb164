import https from "node:https";

import { ApisApi, KubeConfig, KubernetesObject } from "@kubernetes/client-node";

import { Lab } from "./lab";

/** What every cluster has, and nobody put there. */
const natural = [
    /^nodes /,
    /^namespaces (default|kube-.*)$/,
    /^(serviceaccounts) .*\/default$/,
    /^configmaps .*\/kube-root-ca\.crt$/,
    /^configmaps kube-system\/(extension-apiserver-authentication|kube-apiserver-legacy-service-account-token-tracking)$/,
    /^(services|endpoints|endpointslices) default\/kubernetes/,
    /^leases /,
    /^events /,
    /^(cluster)?role(binding)?s (.*system:.*|kube-system\/.*|cluster-admin|admin|edit|view)$/,
    /^(componentstatuses|flowschemas|prioritylevelconfigurations|priorityclasses|apiservices|servicecidrs|ipaddresses) /,
    // Definitions stay, those of the library's charts unless it is told to delete them.
    /^customresourcedefinitions /,
];

/** Every object of the cluster and every resource of the AWS account that is left of what a program made. */
export async function leftovers(lab: Lab): Promise<string[]> {
    const found = await clusterObjects(lab.controlPlane.kubeconfig);
    const left = found.filter((line) => !natural.some((pattern) => pattern.test(line)));
    return [...left, ...lab.pulumi.awsResources()];
}

interface ApiResourceList {
    resources: { name: string; namespaced: boolean; verbs: string[] }[];
}

/** "plural namespace/name" of every object that can be listed. */
async function clusterObjects(kubeconfig: KubeConfig): Promise<string[]> {
    return (await everyObject(kubeconfig)).map(({ plural, object: { metadata } }) => {
        const namespace = metadata?.namespace === undefined ? "" : `${metadata.namespace}/`;
        return `${plural} ${namespace}${metadata?.name}`;
    });
}

/** An object of the cluster, and what its kind is called in addresses. */
export interface Listed {
    plural: string;
    object: KubernetesObject;
}

/** Every object of the cluster that can be listed. */
export async function everyObject(kubeconfig: KubeConfig): Promise<Listed[]> {
    const groups = await kubeconfig.makeApiClient(ApisApi).getAPIVersions();
    const versions = [
        "api/v1",
        ...groups.groups.map((group) => `apis/${(group.preferredVersion ?? group.versions[0]!).groupVersion}`),
    ];
    const found: Listed[] = [];
    for (const version of versions) {
        const { resources } = (await get(kubeconfig, version)) as ApiResourceList;
        for (const { name, verbs } of resources) {
            if (name.includes("/") || !verbs.includes("list")) {
                continue;
            }
            const { items } = (await get(kubeconfig, `${version}/${name}`)) as { items: KubernetesObject[] };
            found.push(...items.map((object) => ({ plural: name, object })));
        }
    }
    return found;
}

async function get(kubeconfig: KubeConfig, path: string): Promise<unknown> {
    const options: https.RequestOptions = {};
    await kubeconfig.applyToHTTPSOptions(options);
    return new Promise((resolve, reject) => {
        https
            .get(`${kubeconfig.getCurrentCluster()!.server}/${path}`, options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
            })
            .on("error", reject);
    });
}
