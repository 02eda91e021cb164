import { isEnabled } from "./addonArgs";
import { Chart, charts } from "./charts";
import { Mesh, MeshAddons, MeshPaths } from "./mesh/mesh";
import { MeshArgs } from "./mesh/meshArgs";
import { findMesh } from "./mesh/meshes";
import { PrometheusAddonArgs, PrometheusSource, prometheusSource } from "./observability/prometheusArgs";
import { ScrapeJob } from "./observability/scrapeJobs";
import type { AddonsArgs, ProgressiveMeshClusterArgs } from "./progressiveMeshCluster";
import { isObject } from "./shape";

/** A mesh that a platform asks for, with what it says of it. */
export interface PlatformMesh {
    mesh: Mesh;
    args: MeshArgs;
    addons: MeshAddons;
    paths: MeshPaths;
}

/** The meshes of a platform that this version knows: the first one, and the second where there is one. */
export function meshesOf({ mesh, secondMesh, addons = {} }: ProgressiveMeshClusterArgs): PlatformMesh[] {
    const asked = [
        { args: mesh, addons: addons as MeshAddons, paths: { mesh: "mesh", addons: "addons" } },
        {
            args: secondMesh,
            addons: secondMesh?.addons ?? {},
            paths: { mesh: "secondMesh", addons: "secondMesh.addons" },
        },
    ];
    return asked.flatMap(({ args, ...rest }) => {
        const found = isObject(args) ? findMesh(args.provider) : undefined;
        return args === undefined || found === undefined ? [] : [{ mesh: found, args, ...rest }];
    });
}

/** Whether the meshes of a platform bring a Prometheus of their own: one mesh's reads no other's proxies. */
export function ownPrometheus(meshes: readonly PlatformMesh[]): { title: string; ownPrometheus: boolean } {
    return {
        title: meshes.map(({ mesh }) => mesh.title).join(" beside "),
        ownPrometheus: meshes.length === 1 && meshes[0]!.mesh.ownPrometheus,
    };
}

/** The chart behind each add-on of a platform, by its path among the arguments. An add-on without one does not exist there. */
export function chartsOf(meshes: readonly PlatformMesh[], { prometheus }: AddonsArgs): Record<string, Chart> {
    const { flagger, grafana, metricsServer } = charts;
    const community = prometheusSource(prometheus, ownPrometheus(meshes)) === PrometheusSource.Community;
    const ofMeshes = meshes.flatMap(({ mesh, paths }) =>
        Object.entries(mesh.charts).map(([key, chart]) => [`${paths.addons}.${key}`, chart]),
    );
    return {
        ...(Object.fromEntries(ofMeshes) as Record<string, Chart>),
        ...(community && { "addons.prometheus": charts.prometheus }),
        "addons.flagger": flagger,
        "addons.grafana": grafana,
        "addons.metricsServer": metricsServer,
    };
}

/** Whether the platform's mesh is to bring its own Prometheus. */
export function wantsOwnPrometheus(addon: PrometheusAddonArgs | undefined, meshes: readonly PlatformMesh[]): boolean {
    return isEnabled(addon) && prometheusSource(addon, ownPrometheus(meshes)) === PrometheusSource.Mesh;
}

/**
 * What the platform's Prometheus has to scrape, for all its meshes, by the names of the jobs. A job that two meshes have goes by the
 * rules of both: what the proxies of either export is another job's.
 */
export function scrapeJobsOf(meshes: readonly PlatformMesh[]): Record<string, ScrapeJob> {
    const jobs: Record<string, ScrapeJob> = {};
    for (const { mesh } of meshes) {
        for (const [name, job] of Object.entries(mesh.scrapeJobs)) {
            jobs[name] = jobs[name] === undefined ? job : sharedJob(jobs[name], job);
        }
    }
    return jobs;
}

/** A job that two meshes have: it leaves out what either leaves out, or pods of one mesh would be scraped twice for the other. */
function sharedJob(first: ScrapeJob, second: ScrapeJob): ScrapeJob {
    const rulesOf = ({ relabel_configs: rules }: ScrapeJob) => (rules ?? []) as object[];
    const known = new Set(rulesOf(first).map((rule) => JSON.stringify(rule)));
    const more = rulesOf(second).filter((rule) => !known.has(JSON.stringify(rule)));
    return { ...first, relabel_configs: [...rulesOf(first), ...more] };
}
