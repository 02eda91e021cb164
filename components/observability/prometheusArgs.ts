import { AddonArgs } from "../chartRelease";
import { checkFields, checkPattern, isObject } from "../shape";
import { Problem, Problems, checkName, checkPlain } from "../validation";

/** The Prometheus that reads the mesh's proxies. */
export interface PrometheusAddonArgs extends AddonArgs {
    /**
     * Which chart it comes from: `mesh`, the one that the mesh's makers have for it, or `community`, the one of the Prometheus
     * community with what the mesh needs scraped. A Prometheus of your own is the platform's `metricsServer`.
     * @default - the mesh's, where it has one
     */
    source?: string;
    /**
     * How long it keeps what it has read, as Prometheus writes it: "6h", "15d".
     * @default - the chart's own: 6 hours from App Mesh's, 15 days from the community's
     */
    retention?: string;
    /**
     * A volume for what it has read.
     * @default - none: what it has read goes with its pod
     */
    storage?: StorageArgs;
    /**
     * How often it reads the proxies, at most every 30 seconds: "5s".
     * @default "5s"
     */
    scrapeInterval?: string;
}

/** A volume that is made for a pod. The cluster has to have a driver for it. */
export interface StorageArgs {
    /** Its size as Kubernetes writes it: "20Gi". */
    size: string;
    /**
     * Its storage class.
     * @default - the cluster's default class
     */
    storageClass?: string;
}

/** Where a Prometheus may come from. */
export const PrometheusSource = {
    /** The chart that the mesh's makers have for it. */
    Mesh: "mesh",
    /** The chart of the Prometheus community. */
    Community: "community",
} as const;

/** What decides where a mesh's Prometheus comes from when nobody says. */
interface Choice {
    readonly title: string;
    readonly ownPrometheus: boolean;
}

/** Where the Prometheus of a mesh comes from. */
export function prometheusSource(addon: PrometheusAddonArgs | undefined, mesh: Choice): string {
    return addon?.source ?? (mesh.ownPrometheus ? PrometheusSource.Mesh : PrometheusSource.Community);
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };
// Combined ones, like "1h30m", are newer than the Prometheus of App Mesh's chart.
const duration = /^[1-9]\d*[smhdwy]$/;

/** Seconds of a duration in Prometheus' form, with one unit. */
export function durationSeconds(text: string): number {
    return Number.parseInt(text, 10) * unitSeconds[text.at(-1)!]!;
}

/** Checks the options of Prometheus; those of every add-on are checked elsewhere. */
export function checkPrometheus(
    problems: Problems,
    path: string,
    addon: PrometheusAddonArgs | undefined,
    mesh: Choice | undefined,
): void {
    if (!isObject(addon)) {
        return;
    }
    const sources: string[] = Object.values(PrometheusSource);
    problems.require(addon.source === undefined || sources.includes(addon.source as string), {
        path: `${path}.source`,
        value: addon.source,
        rule: "is not where a Prometheus comes from",
        fix: `Use one of ${sources.join(", ")}; for one that you have, give its address as \`metricsServer\`.`,
    });
    problems.require(addon.source !== PrometheusSource.Mesh || (mesh?.ownPrometheus ?? true), {
        path: `${path}.source`,
        value: addon.source,
        rule: `asks for a chart that ${mesh?.title} does not have`,
        fix: `Use "community".`,
    });
    checkDuration(problems, `${path}.retention`, addon.retention);
    if (checkDuration(problems, `${path}.scrapeInterval`, addon.scrapeInterval)) {
        problems.require(durationSeconds(addon.scrapeInterval as string) <= 30, {
            path: `${path}.scrapeInterval`,
            value: addon.scrapeInterval,
            rule: "is too long: Flagger and the dashboards ask how many requests there were in a minute, which takes two readings",
            fix: `Give at most "30s".`,
        });
    }
    checkStorage(problems, `${path}.storage`, addon.storage);
}

/** Checks a duration in Prometheus' form; answers whether there is one and it is sound. */
function checkDuration(problems: Problems, path: string, value: unknown): boolean {
    const problem: Problem = {
        path,
        value,
        rule: "is not a duration as Prometheus writes them: a whole number and one unit",
        fix: 'Write it like "30s", "6h" or "15d".',
    };
    return value !== undefined && problems.require(typeof value === "string" && duration.test(value), problem);
}

function checkStorage(problems: Problems, path: string, value: unknown): void {
    const storage = checkFields(problems, path, value, 'Write it like { size: "20Gi" }.');
    if (storage === undefined) {
        return;
    }
    const fix = 'Write it like "20Gi".';
    if (storage.size === undefined) {
        problems.add({ path: `${path}.size`, rule: "is required", fix });
    } else if (checkPlain(problems, `${path}.size`, storage.size)) {
        const size = /^[1-9]\d*(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/;
        checkPattern(problems, `${path}.size`, storage.size, size, "is not a size as Kubernetes writes them", fix);
    }
    if (storage.storageClass !== undefined && checkPlain(problems, `${path}.storageClass`, storage.storageClass)) {
        checkName(problems, `${path}.storageClass`, storage.storageClass, 253);
    }
}
