import { AddonArgs, checkAddon, isEnabled } from "./chartRelease";
import { checkPlainText } from "./chartSource";
import { checkCluster, checkIdentities } from "./cluster/clusterChoice";
import { checkFlagger } from "./delivery/flaggerAddon";
import { checkGateway } from "./gateway";
import { checkGitOps } from "./gitops/gitOpsArgs";
import { Mesh } from "./mesh/mesh";
import { MeshArgs } from "./mesh/meshArgs";
import { findMesh, meshes } from "./mesh/meshes";
import { checkGrafana } from "./observability/grafanaArgs";
import { checkMetricsServer } from "./observability/metricsAuth";
import { checkPrometheus } from "./observability/prometheusArgs";
import { PlatformMesh, chartsOf, meshesOf, ownPrometheus } from "./platformMeshes";
import type { ProgressiveMeshClusterArgs } from "./progressiveMeshCluster";
import { asksForSomething, checkFields, checkTexts, isObject, outline, problemsOf } from "./shape";
import { Problems } from "./validation";

/** Every add-on that is written, by its path. */
export function addonsOf({ addons, secondMesh }: ProgressiveMeshClusterArgs): Record<string, AddonArgs | undefined> {
    const under = (path: string, given: object = {}) =>
        Object.entries(given).map(([key, addon]): [string, AddonArgs | undefined] => [
            `${path}.${key}`,
            addon as AddonArgs | undefined,
        ]);
    return Object.fromEntries([...under("addons", addons), ...under("secondMesh.addons", secondMesh?.addons)]);
}

/** The namespaces of the add-ons that are wanted. */
function namespacesOf(args: ProgressiveMeshClusterArgs): string[] {
    const addons = addonsOf(args);
    return Object.entries(chartsOf(meshesOf(args), args.addons ?? {}))
        .map(([path, chart]) => ({ addon: addons[path], chart }))
        .filter(({ addon }) => isEnabled(addon))
        .map(({ addon, chart }) => addon?.namespace ?? chart.namespace);
}

/**
 * Checks the arguments of a platform; answers with its meshes.
 *
 * @throws pulumi.InputPropertiesError with everything that is wrong.
 */
export function checkPlatform(name: string, given: ProgressiveMeshClusterArgs): PlatformMesh[] {
    const problems = problemsOf("ProgressiveMeshCluster", name, given);
    const args = withAddons(problems, given);
    const { addons = {} } = args;
    const found = meshesOf(args);
    checkProvider(problems, "mesh", args.mesh?.provider);
    checkSecondMesh(problems, args);
    for (const { mesh, args: given, addons: ofMesh, paths } of found) {
        checkRead(problems, mesh, given, paths.mesh);
        mesh.checkPlatform(problems, given, ofMesh, paths);
        checkGateway(problems, `${paths.addons}.gateway`, ofMesh.gateway);
    }
    const known = found.length > 0 && findMesh(args.mesh?.provider) !== undefined;
    checkPrometheus(problems, "addons.prometheus", addons.prometheus, known ? ownPrometheus(found) : undefined);
    checkGrafana(problems, "addons.grafana", addons.grafana);
    checkTexts(problems, "tags", args.tags);
    checkMetricsServer(problems, args.metricsServer, args.metricsServerAuth);
    checkCluster(problems, args);
    const catalogue = chartsOf(found, addons);
    for (const [path, addon] of Object.entries(addonsOf(args))) {
        const chart = catalogue[path];
        checkAddon(problems, path, addon, { chart, mirror: args.mirror });
        checkWanted(problems, path, addon, chart, found);
    }
    checkFlagger(problems, "addons.flagger", addons.flagger);
    checkGitOps(problems, "gitOps", args.gitOps, { mirror: args.mirror, taken: namespacesOf(args) });
    problems.require(isEnabled(addons.prometheus) || args.metricsServer !== undefined, {
        path: "metricsServer",
        rule: "is required when the platform's own Prometheus is off: Flagger cannot judge without metrics",
        fix: "Give the address of yours, or enable addons.prometheus.",
    });
    const mirror = checkFields(problems, "mirror", args.mirror, 'Write it like { chartRepository: "https://..." }.');
    if (mirror !== undefined) {
        checkPlainText(problems, "mirror.chartRepository", mirror.chartRepository);
        checkPlainText(problems, "mirror.imageRegistry", mirror.imageRegistry);
    }
    if (known && problems.all.length === 0) {
        const accounts = found.flatMap(({ mesh, addons: ofMesh }) => mesh.accounts(ofMesh));
        const inAws = found.filter(({ mesh, addons: ofMesh }) => mesh.accounts(ofMesh).length > 0);
        checkIdentities(problems, name, args, inAws.map(({ mesh }) => mesh.title).join(" and "), accounts);
    }
    problems.throwIfAny(`ProgressiveMeshCluster "${name}"`);
    return found;
}

/** The arguments without what should be add-ons and is no object, so that all else can be looked at. */
function withAddons(problems: Problems, args: ProgressiveMeshClusterArgs): ProgressiveMeshClusterArgs {
    const fix = "Write it like { gateway: { enabled: false } }.";
    const addons = checkFields(problems, "addons", args.addons, fix);
    const { secondMesh } = args;
    if (!isObject(secondMesh)) {
        return { ...args, addons };
    }
    const others = checkFields(problems, "secondMesh.addons", secondMesh.addons, fix);
    return { ...args, addons, secondMesh: { ...secondMesh, addons: others } };
}

function checkProvider(problems: Problems, path: string, provider: unknown): void {
    problems.require(findMesh(provider) !== undefined, {
        path: `${path}.provider`,
        value: provider,
        rule: provider === undefined ? "is required" : "is not a mesh that this version knows",
        fix: `Use one of ${Object.keys(meshes).join(", ")}.`,
    });
}

function checkSecondMesh(problems: Problems, { mesh, secondMesh }: ProgressiveMeshClusterArgs): void {
    const second = checkFields(problems, "secondMesh", secondMesh, 'Write it like { provider: "istio" }.');
    if (second === undefined) {
        return;
    }
    checkProvider(problems, "secondMesh", second.provider);
    problems.require(second.provider === undefined || second.provider !== mesh?.provider, {
        path: "secondMesh.provider",
        value: second.provider,
        rule: "is the platform's first mesh too: two of a kind would make the same objects",
        fix: "Name another mesh, or leave the second one out.",
    });
}

/** What a mesh does not read would be left out without a word. */
function checkRead(problems: Problems, { title, reads }: Mesh, args: MeshArgs, path: string): void {
    const known: readonly string[] = [...reads, "provider", "addons"];
    for (const [field, value] of Object.entries(args)) {
        problems.require(known.includes(field) || !asksForSomething(value), {
            path: `${path}.${field}`,
            value: typeof value === "object" ? outline(value) : value,
            rule: `is nothing that ${title} reads`,
            fix: "Leave it out, or choose the mesh that has it.",
        });
    }
}

/** An add-on that no mesh of the platform has would be left out without a word. */
function checkWanted(
    problems: Problems,
    path: string,
    addon: AddonArgs | undefined,
    chart: unknown,
    found: readonly PlatformMesh[],
): void {
    // Without a known mesh, that is what is wrong.
    const its = found.find(({ paths }) => path.startsWith(`${paths.addons}.`));
    const known =
        chart !== undefined || (its?.mesh.gatewayWithoutChart === true && path === `${its.paths.addons}.gateway`);
    // What is no add-on at all is told of elsewhere.
    const wanted = isObject(addon) && addon.enabled !== false;
    problems.require(!wanted || its === undefined || known, {
        path,
        value: outline(addon),
        rule: `is nothing that ${its?.mesh.title} has`,
        fix: "Leave it out.",
    });
}
