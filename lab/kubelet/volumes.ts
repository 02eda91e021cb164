import fs from "node:fs";
import path from "node:path";

import { CoreV1Api, KubeConfig, V1Container, V1EnvVar, V1Pod, V1Volume } from "@kubernetes/client-node";

/** Puts the content of a pod's volumes into folders, as a kubelet would, and answers each volume's folder. */
export async function writeVolumes(kubeconfig: KubeConfig, pod: V1Pod, folder: string): Promise<Map<string, string>> {
    const folders = new Map<string, string>();
    for (const volume of pod.spec?.volumes ?? []) {
        const place = path.join(folder, volume.name);
        fs.mkdirSync(place, { recursive: true });
        for (const [file, content] of Object.entries(await contents(kubeconfig, pod, volume))) {
            fs.mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
            fs.writeFileSync(path.join(place, file), content);
        }
        folders.set(volume.name, place);
    }
    return folders;
}

type Files = Record<string, string | Buffer>;

async function contents(kubeconfig: KubeConfig, pod: V1Pod, volume: V1Volume): Promise<Files> {
    if (volume.configMap?.name !== undefined) {
        return configMap(kubeconfig, pod, volume.configMap.name, volume.configMap.items);
    }
    if (volume.secret?.secretName !== undefined) {
        return secret(kubeconfig, pod, volume.secret.secretName, volume.secret.items);
    }
    const files: Files = {};
    for (const source of volume.projected?.sources ?? []) {
        if (source.serviceAccountToken !== undefined) {
            files[source.serviceAccountToken.path] = await token(kubeconfig, pod, source.serviceAccountToken.audience);
        }
        if (source.configMap?.name !== undefined) {
            Object.assign(files, await configMap(kubeconfig, pod, source.configMap.name, source.configMap.items));
        }
        if (source.secret?.name !== undefined) {
            Object.assign(files, await secret(kubeconfig, pod, source.secret.name, source.secret.items));
        }
        for (const item of source.downwardAPI?.items ?? []) {
            files[item.path] = field(pod, item.fieldRef?.fieldPath ?? "");
        }
    }
    return files;
}

type Items = { key: string; path: string }[] | undefined;

function pick(files: Files, items: Items): Files {
    return items === undefined
        ? files
        : Object.fromEntries(items.filter((i) => i.key in files).map((i) => [i.path, files[i.key]!]));
}

async function configMap(kubeconfig: KubeConfig, pod: V1Pod, name: string, items: Items): Promise<Files> {
    const api = kubeconfig.makeApiClient(CoreV1Api);
    const { data } = await api.readNamespacedConfigMap({ name, namespace: pod.metadata!.namespace! });
    return pick(data ?? {}, items);
}

async function secret(kubeconfig: KubeConfig, pod: V1Pod, name: string, items: Items): Promise<Files> {
    const api = kubeconfig.makeApiClient(CoreV1Api);
    const { data } = await api.readNamespacedSecret({ name, namespace: pod.metadata!.namespace! });
    const decoded = Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64")] as const);
    return pick(Object.fromEntries(decoded), items);
}

async function token(kubeconfig: KubeConfig, pod: V1Pod, audience: string | undefined): Promise<string> {
    const api = kubeconfig.makeApiClient(CoreV1Api);
    const answer = await api.createNamespacedServiceAccountToken({
        name: pod.spec?.serviceAccountName ?? "default",
        namespace: pod.metadata!.namespace!,
        body: {
            spec: {
                audiences: audience === undefined ? (undefined as unknown as string[]) : [audience],
                expirationSeconds: 86_400,
            },
        },
    });
    return answer.status!.token;
}

function field(pod: V1Pod, fieldPath: string): string {
    const [, kind, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath) ?? [];
    if (key !== undefined) {
        return pod.metadata?.[kind as "labels" | "annotations"]?.[key] ?? "";
    }
    const value = fieldPath
        .split(".")
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], pod);
    return typeof value === "string" ? value : "";
}

/** The environment of a container. */
export async function environment(
    kubeconfig: KubeConfig,
    pod: V1Pod,
    container: V1Container,
): Promise<Record<string, string>> {
    const result: Record<string, string> = {};
    for (const { configMapRef, secretRef, prefix = "" } of container.envFrom ?? []) {
        const files = {
            ...(configMapRef?.name !== undefined && (await configMap(kubeconfig, pod, configMapRef.name, undefined))),
            ...(secretRef?.name !== undefined && (await secret(kubeconfig, pod, secretRef.name, undefined))),
        };
        for (const [key, value] of Object.entries(files)) {
            result[prefix + key] = String(value);
        }
    }
    for (const variable of container.env ?? []) {
        result[variable.name] = await valueOf(kubeconfig, pod, variable);
    }
    return result;
}

async function valueOf(kubeconfig: KubeConfig, pod: V1Pod, { value, valueFrom }: V1EnvVar): Promise<string> {
    if (valueFrom?.fieldRef !== undefined) {
        return field(pod, valueFrom.fieldRef.fieldPath);
    }
    if (valueFrom?.secretKeyRef?.name !== undefined) {
        const files = await secret(kubeconfig, pod, valueFrom.secretKeyRef.name, undefined);
        return String(files[valueFrom.secretKeyRef.key] ?? "");
    }
    if (valueFrom?.configMapKeyRef?.name !== undefined) {
        const files = await configMap(kubeconfig, pod, valueFrom.configMapKeyRef.name, undefined);
        return String(files[valueFrom.configMapKeyRef.key] ?? "");
    }
    return value ?? "";
}
