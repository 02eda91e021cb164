import {
    KubeConfig,
    KubernetesObject,
    KubernetesObjectApi,
    PatchStrategy,
    V1Container,
    V1EnvVar,
    V1Namespace,
} from "@kubernetes/client-node";

import { Watched } from "../kubelet/watch";
import { appMesh, appPortsVariable, resourceVariable } from "../mesh/appMesh/appMesh";
import { Mesh, MeshKind, MeshObjects, VirtualNode, group, plurals, selects, version } from "../mesh/appMesh/objects";
import { Review, Verdict, serveWebhooks } from "./webhookServer";

/**
 * Stands in for AWS' App Mesh controller, which is not to be had as source: the parts of it that decide whether a platform
 * comes up and goes down in the right order. Its webhooks give pods a proxy, refuse pods of the mesh that no virtual node
 * stands for, and refuse members of namespaces without a mesh; its finalizers keep each object until nothing uses it.
 * What it would tell AWS it leaves out.
 */
const certificates = "/tmp/k8s-webhook-server/serving-certs";
const finalizer = `finalizers.${group}/aws-appmesh-resources`;
/** The real one, too, listens only a while after Kubernetes calls its pod ready: its chart has no readiness probe. */
const deafFor = 3000;

const kubeconfig = new KubeConfig();
kubeconfig.loadFromCluster();
const api = KubernetesObjectApi.makeApiClient(kubeconfig);

const namespaces = new Watched<V1Namespace>(kubeconfig, { group: "", version: "v1", plural: "namespaces" });
const kinds = Object.keys(plurals) as MeshKind[];
const objects = Object.fromEntries(
    kinds.map((kind) => [
        kind,
        new Watched<KubernetesObject>(kubeconfig, { group, version, plural: plurals[kind] }, (change, object) => {
            if (change === "set") {
                void keep(kind, object).catch(() => undefined);
            }
        }),
    ]),
) as { [K in MeshKind]: Watched<MeshObjects[K]> };

/** Puts the finalizer on an object that has none, and takes it off one that is to go and that nothing uses. */
async function keep(kind: MeshKind, object: KubernetesObject): Promise<void> {
    const { name, namespace, deletionTimestamp, finalizers = [], resourceVersion } = object.metadata!;
    const set = (list: string[]) =>
        api.patch(
            {
                apiVersion: `${group}/${version}`,
                kind,
                metadata: { name, namespace, finalizers: list, resourceVersion },
            },
            undefined,
            undefined,
            undefined,
            undefined,
            PatchStrategy.MergePatch,
        );
    if (deletionTimestamp === undefined) {
        if (!finalizers.includes(finalizer)) {
            await set([...finalizers, finalizer]);
        }
    } else if (finalizers.includes(finalizer) && !isUsed(kind, object)) {
        await set(finalizers.filter((f) => f !== finalizer));
    }
}

/** Whether AWS would refuse to delete the object because another still refers to it. */
function isUsed(kind: MeshKind, object: KubernetesObject): boolean {
    const { name, namespace } = object.metadata!;
    const near = (other: KubernetesObject) => other.metadata?.namespace === namespace;
    switch (kind) {
        case "Mesh":
            return kinds
                .filter((k) => k !== "Mesh")
                .flatMap((k): KubernetesObject[] => objects[k].all())
                .some((member) => meshesOf(member.metadata!.namespace!).some((m) => m.metadata?.name === name));
        case "VirtualGateway":
            return objects.GatewayRoute.all().some((route) => meshesOf(route.metadata!.namespace!).length > 0);
        case "VirtualService":
            return objects.GatewayRoute.all().some(
                (r) => near(r) && r.spec?.httpRoute?.action.target.virtualService.virtualServiceRef?.name === name,
            );
        case "VirtualRouter":
            return objects.VirtualService.all().some(
                (s) => near(s) && s.spec?.provider?.virtualRouter?.virtualRouterRef?.name === name,
            );
        case "VirtualNode":
            return objects.VirtualRouter.all().some(
                (r) =>
                    near(r) &&
                    (r.spec?.routes ?? []).some((route) =>
                        route.httpRoute?.action.weightedTargets.some((t) => t.virtualNodeRef?.name === name),
                    ),
            );
        case "GatewayRoute":
            return false;
    }
}

function meshesOf(namespace: string): Mesh[] {
    const labels = namespaces.get(undefined, namespace)?.metadata?.labels;
    return objects.Mesh.all().filter((mesh) => selects(mesh.spec?.namespaceSelector, labels));
}

// Objects that were in use are looked at again, as the real controller does, only more often.
setInterval(() => {
    for (const kind of kinds) {
        for (const object of objects[kind].all()) {
            if (object.metadata?.deletionTimestamp !== undefined) {
                void keep(kind, object).catch(() => undefined);
            }
        }
    }
}, 500);

function judge(path: string, review: Review): Verdict {
    if (path.endsWith("-pod")) {
        return judgePod(review);
    }
    const isMesh = path.endsWith("-mesh");
    if (isMesh || review.operation !== "CREATE" || review.namespace === undefined) {
        return { allowed: true };
    }
    const found = meshesOf(review.namespace);
    return found.length === 1
        ? { allowed: true }
        : {
              allowed: false,
              message: `failed to find matching mesh for namespace: ${review.namespace}, expecting 1 but found ${found.length}`,
          };
}

function judgePod({ namespace, object: pod }: Review): Verdict {
    if (pod?.metadata?.annotations?.["appmesh.k8s.aws/sidecarInjectorWebhook"] === "disabled") {
        return { allowed: true };
    }
    const labels = pod?.metadata?.labels;
    const near = (o: KubernetesObject) => o.metadata?.namespace === namespace;
    const mesh = meshesOf(namespace ?? "")[0]?.metadata?.name;
    const stands = (kind: string, o: KubernetesObject) => ({
        name: resourceVariable,
        value: `mesh/${mesh}/${kind}/${o.metadata!.name}_${namespace}`,
    });
    const gateway = objects.VirtualGateway.all().find((g) => near(g) && selects(g.spec?.podSelector, labels));
    if (gateway !== undefined) {
        const at = pod!.spec!.containers.findIndex((c) => c.name === appMesh.container);
        const env = pod!.spec!.containers[at]?.env ?? [];
        const value = [...env, stands("virtualGateway", gateway)];
        return { allowed: true, patch: [{ op: "add", path: `/spec/containers/${at}/env`, value }] };
    }
    const node = objects.VirtualNode.all().find((n) => near(n) && selects(n.spec?.podSelector, labels));
    if (node === undefined) {
        return {
            allowed: false,
            message: "sidecarInject enabled but no matching VirtualNode found",
        };
    }
    return { allowed: true, patch: [{ op: "add", path: "/spec/containers/-", value: sidecar(node, stands) }] };
}

/** The proxy that is put beside an application, as the real controller does it but for the program in its image. */
function sidecar(node: VirtualNode, stands: (kind: string, o: KubernetesObject) => V1EnvVar): V1Container {
    const listened = (node.spec?.listeners ?? []).map((l) => l.portMapping.port).join(",");
    return {
        name: appMesh.container,
        image: `${argument("--sidecar-image-repository")}:${argument("--sidecar-image-tag")}`,
        env: [stands("virtualNode", node), { name: appPortsVariable, value: listened }],
        ports: [{ name: "stats", containerPort: appMesh.ports.admin }],
        readinessProbe: {
            httpGet: { path: "/ready", port: appMesh.ports.admin },
            initialDelaySeconds: 1,
            periodSeconds: 10,
        },
        lifecycle: { preStop: { exec: { command: ["sh", "-c", `sleep ${argument("--prestop-delay")}`] } } },
    };
}

function argument(name: string): string {
    const inline = process.argv.find((a) => a.startsWith(`${name}=`));
    return inline?.slice(name.length + 1) ?? process.argv[process.argv.indexOf(name) + 1] ?? "";
}

setTimeout(() => serveWebhooks(certificates, 9443, judge), deafFor);
