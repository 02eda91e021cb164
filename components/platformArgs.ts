import { AddonArgs, checkAddon, isEnabled } from "./chartRelease";
import { Chart, charts } from "./charts";
import { checkCluster, checkIdentities } from "./cluster/clusterChoice";
import { checkFlagger } from "./delivery/flaggerAddon";
import { checkGateway } from "./gateway";
import { checkGitOps } from "./gitops/gitOpsArgs";
import { Mesh } from "./mesh/mesh";
import { findMesh, meshes } from "./mesh/meshes";
import { checkGrafana } from "./observability/grafanaArgs";
import { checkMetricsServer } from "./observability/metricsAuth";
import { PrometheusSource, checkPrometheus, prometheusSource } from "./observability/prometheusArgs";
import type { AddonsArgs, ProgressiveMeshClusterArgs } from "./progressiveMeshCluster";
import { Problems, checkPlain } from "./validation";

/** The name of an add-on among the arguments. */
export type AddonName = keyof AddonsArgs;

/** The chart behind each add-on. */
export function chartsOf(mesh: Mesh, { prometheus }: AddonsArgs): Record<AddonName, Chart> {
    const { flagger, grafana, metricsServer } = charts;
    return {
        ...mesh.charts,
        ...(prometheusSource(prometheus, mesh) === PrometheusSource.Community && { prometheus: charts.prometheus }),
        flagger,
        grafana,
        metricsServer,
    };
}

/** The namespaces of the add-ons that are wanted. */
function namespacesOf(mesh: Mesh | undefined, addons: AddonsArgs): string[] {
    const catalogue = mesh === undefined ? {} : chartsOf(mesh, addons);
    return Object.entries<Chart>(catalogue)
        .map(([key, chart]) => ({ addon: addons[key as AddonName], chart }))
        .filter(({ addon }) => isEnabled(addon))
        .map(({ addon, chart }) => addon?.namespace ?? chart.namespace);
}

/**
 * Checks the arguments of a platform; answers with its mesh.
 *
 * @throws pulumi.InputPropertiesError with everything that is wrong.
 */
export function checkPlatform(name: string, args: ProgressiveMeshClusterArgs): Mesh {
    const problems = new Problems();
    const { addons = {} } = args;
    const mesh = findMesh(args.mesh?.provider);
    if (mesh === undefined) {
        problems.add({
            path: "mesh.provider",
            value: args.mesh?.provider,
            rule: args.mesh?.provider === undefined ? "is required" : "is not a mesh that this version knows",
            fix: `Use one of ${Object.keys(meshes).join(", ")}.`,
        });
    } else {
        mesh.checkPlatform(problems, args.mesh, addons);
    }
    checkPrometheus(problems, "addons.prometheus", addons.prometheus, mesh);
    checkGrafana(problems, "addons.grafana", addons.grafana);
    checkGateway(problems, "addons.gateway", addons.gateway);
    checkMetricsServer(problems, args.metricsServer, args.metricsServerAuth);
    checkCluster(problems, args);
    for (const [key, addon] of Object.entries(addons)) {
        checkAddon(problems, `addons.${key}`, addon as AddonArgs, {
            chart: mesh && chartsOf(mesh, addons)[key as AddonName],
            mirror: args.mirror,
        });
    }
    checkFlagger(problems, "addons.flagger", addons.flagger);
    checkGitOps(problems, "gitOps", args.gitOps, { mirror: args.mirror, taken: namespacesOf(mesh, addons) });
    problems.require(isEnabled(addons.prometheus) || args.metricsServer !== undefined, {
        path: "metricsServer",
        rule: "is required when the platform's own Prometheus is off: Flagger cannot judge without metrics",
        fix: "Give the address of yours, or enable addons.prometheus.",
    });
    if (args.mirror !== undefined) {
        checkPlain(problems, "mirror.chartRepository", args.mirror.chartRepository);
        checkPlain(problems, "mirror.imageRegistry", args.mirror.imageRegistry);
    }
    if (mesh !== undefined && problems.all.length === 0) {
        checkIdentities(problems, name, args, mesh.title, mesh.accounts(addons));
    }
    problems.throwIfAny(`ProgressiveMeshCluster "${name}"`);
    return mesh!;
}
