/** What is read of a pod template, as the API server gives it. */
export interface PodTemplate {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec?: Record<string, unknown>;
}

const suffix = "-primary";
/** Flagger puts this on the primary's pods alone, another value at each promotion, so that they roll. */
export const idAnnotation = "flagger-id";
/** Flagger leaves out what Flux wrote. */
const fluxMarker = "toolkit.fluxcd.io";
/** What Flagger changes stands below these: names of ConfigMaps and Secrets, labels by which pods keep apart. */
const renamed = ["volumes", "valueFrom", "envFrom", "affinity", "topologySpreadConstraints"];
/** Flagger has no other way to scale a DaemonSet down than a node selector that fits no node. */
const scaledDown = "flagger.app/scale-to-zero";

/** The image of the first container, of which alone Flagger's users speak. */
export function imageOf(template: PodTemplate | undefined): string | undefined {
    const { containers = [] } = (template?.spec ?? {}) as { containers?: { image?: string }[] };
    return containers[0]?.image;
}

/** The template without what Flagger itself puts into a target's. */
export function released(template: PodTemplate | undefined): PodTemplate | undefined {
    if (template?.spec?.nodeSelector === undefined) {
        return template;
    }
    const { nodeSelector, ...spec } = template.spec as { nodeSelector: Record<string, string> };
    const others = Object.entries(nodeSelector).filter(([key]) => key !== scaledDown);
    return { ...template, spec: others.length === 0 ? spec : { ...spec, nodeSelector: Object.fromEntries(others) } };
}

/**
 * Whether the primary runs what the target says: Flagger copies the target's template to the primary at promotion and
 * changes only the names of ConfigMaps and Secrets, the pods' label and the values of affinity's labels, each by the suffix
 * "-primary".
 */
export function isCopy(target: PodTemplate | undefined, primary: PodTemplate | undefined): boolean {
    return (
        target !== undefined &&
        primary !== undefined &&
        equal(kept(target.metadata?.labels), kept(primary.metadata?.labels), true) &&
        equal(kept(target.metadata?.annotations), kept(primary.metadata?.annotations)) &&
        equal(released(target)?.spec, released(primary)?.spec)
    );
}

function kept(metadata: Record<string, string> = {}): Record<string, string> {
    return Object.fromEntries(
        Object.entries(metadata).filter(([key]) => key !== idAnnotation && !key.includes(fluxMarker)),
    );
}

function equal(target: unknown, primary: unknown, mayBeRenamed = false): boolean {
    if (typeof target !== "object" || typeof primary !== "object" || target === null || primary === null) {
        const copy = mayBeRenamed && typeof target === "string" ? `${target}${suffix}` : target;
        return target === primary || copy === primary;
    }
    const [a, b] = [Object.entries(target), Object.entries(primary)];
    return (
        a.length === b.length &&
        a.every(([key, value]) =>
            equal(value, (primary as Record<string, unknown>)[key], mayBeRenamed || renamed.includes(key)),
        )
    );
}

/** The ConfigMaps and Secrets whose contents a template uses: what Flagger tracks and copies. */
export interface UsedConfigs {
    configMaps: string[];
    secrets: string[];
}

interface Named {
    name?: string;
}

interface Source {
    configMap?: Named;
    secret?: Named & { secretName?: string };
}

interface Container {
    env?: { valueFrom?: { configMapKeyRef?: Named; secretKeyRef?: Named } }[];
    envFrom?: { configMapRef?: Named; secretRef?: Named }[];
}

/** Finds the ConfigMaps and Secrets of a template: its volumes, its variables, those of its init containers. */
export function configsOf(template: PodTemplate | undefined): UsedConfigs {
    const spec = (template?.spec ?? {}) as {
        volumes?: (Source & { projected?: { sources?: Source[] } })[];
        containers?: Container[];
        initContainers?: Container[];
    };
    const sources = (spec.volumes ?? []).flatMap((volume) => [volume, ...(volume.projected?.sources ?? [])]);
    const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
    const env = containers.flatMap((c) => (c.env ?? []).map((e) => e.valueFrom));
    const envFrom = containers.flatMap((c) => c.envFrom ?? []);
    return {
        configMaps: names([
            ...sources.map((s) => s.configMap?.name),
            ...env.map((e) => e?.configMapKeyRef?.name),
            ...envFrom.map((e) => e.configMapRef?.name),
        ]),
        secrets: names([
            ...sources.map((s) => s.secret?.secretName ?? s.secret?.name),
            ...env.map((e) => e?.secretKeyRef?.name),
            ...envFrom.map((e) => e.secretRef?.name),
        ]),
    };
}

function names(found: (string | undefined)[]): string[] {
    return [...new Set(found.filter((name) => name !== undefined))].sort();
}
