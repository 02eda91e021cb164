import type { KubeConfig, V1ObjectMeta } from "@kubernetes/client-node";

import { orMissing } from "../../apiError";
import { getJson } from "../../apiGet";
import { configName, configRevision, secretsName } from "../config";
import { configAnnotation } from "../podTemplate";
import { PodTemplate, configsOf } from "../promotion/podTemplate";

/** Without the contents: they are nobody's business here. */
const metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/** A change so shortly before a promotion may have come too late for it. */
const margin = 60_000;

/** Whose configuration is looked at. */
export interface ConfigsArgs {
    namespace: string;
    /** The application's name. */
    name: string;
}

interface Place {
    kind: "configmaps" | "secrets";
    name: string;
}

/**
 * Why what a template reads from ConfigMaps and Secrets may be something else than when it was promoted; undefined where it is the same. The
 * application's own are in the template, by a digest; the others have to be as old as the promotion.
 *
 * @param promotedAt In milliseconds.
 * @param written Whether the template's own configuration is in the cluster by now; at preview it is not.
 */
export async function changedConfig(
    kubeconfig: KubeConfig,
    args: ConfigsArgs,
    template: PodTemplate,
    { promotedAt, written }: { promotedAt: number; written: boolean },
): Promise<string | undefined> {
    const revision = template.metadata?.annotations?.[configAnnotation];
    const ownName = { configmaps: configName(args.name), secrets: secretsName(args.name) };
    const isOwn = ({ kind, name }: Place) => revision !== undefined && name === ownName[kind];
    const { configMaps, secrets } = configsOf(template);
    const used: Place[] = [
        ...configMaps.map((name): Place => ({ kind: "configmaps", name })),
        ...secrets.map((name): Place => ({ kind: "secrets", name })),
    ];
    for (const place of used.filter((one) => !isOwn(one))) {
        const changed = await changedSince(kubeconfig, args.namespace, place, promotedAt);
        if (changed !== undefined) {
            return changed;
        }
    }
    const own = used.filter(isOwn);
    return own.length > 0 && written && (await ownRevision(kubeconfig, args.namespace, own)) !== revision
        ? `${own.map(({ name }) => name).join(" and ")}: not as this program made it`
        : undefined;
}

async function changedSince(
    kubeconfig: KubeConfig,
    namespace: string,
    { kind, name }: Place,
    promotedAt: number,
): Promise<string | undefined> {
    const what = `${kind === "secrets" ? "Secret" : "ConfigMap"} ${name}`;
    const metadata = await metadataOf(kubeconfig, namespace, { kind, name });
    if (metadata === undefined) {
        return `${what} does not exist`;
    }
    // Kubernetes notes when each of those that write to an object did so last.
    const times = [metadata.creationTimestamp, ...(metadata.managedFields ?? []).map(({ time }) => time)];
    const last = Math.max(...times.map((time) => (time === undefined ? 0 : Number(new Date(time)))));
    const known = metadata.managedFields !== undefined;
    return known && last < promotedAt - margin
        ? undefined
        : `${what} was changed since it was promoted, or shortly before`;
}

/** The revision of what stands in the cluster. */
async function ownRevision(kubeconfig: KubeConfig, namespace: string, own: Place[]): Promise<string> {
    const of = (wanted: Place["kind"]) => own.find(({ kind }) => kind === wanted);
    const [map, secret] = [of("configmaps"), of("secrets")];
    const [data, version] = await Promise.all([
        map && getJson<{ data?: Record<string, string> }>(kubeconfig, pathOf(namespace, map)),
        secret && metadataOf(kubeconfig, namespace, secret),
    ]);
    return configRevision(map && (data?.data ?? {}), version?.resourceVersion);
}

async function metadataOf(kubeconfig: KubeConfig, namespace: string, place: Place): Promise<V1ObjectMeta | undefined> {
    const found = getJson<{ metadata?: V1ObjectMeta }>(kubeconfig, pathOf(namespace, place), metadataOnly);
    return (await orMissing(found))?.metadata;
}

function pathOf(namespace: string, { kind, name }: Place): string {
    return `api/v1/namespaces/${namespace}/${kind}/${name}`;
}
