import fs from "node:fs";
import path from "node:path";

import { CoreV1Api, KubeConfig, KubernetesObject } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";

import { Lab } from "../../lab/lab";
import { root } from "../../lab/paths";
import { FlaggerBench } from "./bench/flaggerBench";

/** A service account with this Role of docs/operating.md and no other right: the way to the cluster that it has. */
export async function userWith(
    role: string,
    lab: Lab,
    bench: Pick<FlaggerBench, "create">,
    namespace: string,
): Promise<KubeConfig> {
    const { kubeconfig } = lab.controlPlane;
    const name = `only-${role}`;
    await bench.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
    await bench.create(documented(role, namespace));
    await bench.create({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name, namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
    } as KubernetesObject);
    const { status } = await kubeconfig.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
        name,
        namespace,
        body: { spec: { audiences: [], expirationSeconds: 3600 } },
    });
    const own = new KubeConfig();
    own.loadFromOptions({
        clusters: kubeconfig.clusters,
        users: [{ name, token: status!.token }],
        contexts: [{ name, user: name, cluster: kubeconfig.getCurrentCluster()!.name }],
        currentContext: name,
    });
    return own;
}

/** The Role as a reader of the page would copy it. */
function documented(role: string, namespace: string): KubernetesObject {
    const page = fs.readFileSync(path.join(root, "docs/operating.md"), "utf8");
    const objects = [...page.matchAll(/```yaml\n(apiVersion: rbac[\s\S]*?)```/g)]
        .flatMap(([, block = ""]) => parseAllDocuments(block))
        .map((document) => document.toJS() as KubernetesObject);
    const found = objects.find(({ metadata }) => metadata?.name === role);
    if (found === undefined) {
        throw new Error(`docs/operating.md has no Role ${role}`);
    }
    return { ...found, metadata: { ...found.metadata, namespace } };
}
