import { AddonArgs, checkAddon, isEnabled } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { checkObject } from "../shape";
import { Problems } from "../validation";
import { KustomizationArgs, checkKustomizations } from "./kustomizations";
import { GitRepositoryArgs, checkRepository } from "./repository";

/** Applications out of a repository: Flux applies what is there, and keeps the cluster like it. */
export interface GitOpsArgs {
    /**
     * Flux itself. With `enabled: false` it is there already, and `namespace` says where.
     * @default - installed in the namespace flux-system
     */
    flux?: AddonArgs;
    /** The repository. */
    repository: GitRepositoryArgs;
    /** The folders of the repository to apply, by names of your choice. */
    kustomizations: Record<string, KustomizationArgs>;
}

/** What the checks have to know of the rest of the platform. */
export interface GitOpsScope {
    mirror?: Mirror;
    /** The namespaces of the add-ons that are installed. */
    taken: string[];
}

/** Checks how applications come from a repository; an absent value passes. */
export function checkGitOps(problems: Problems, path: string, gitOps: unknown, { mirror, taken }: GitOpsScope): void {
    const fix = "Write it like { repository: { url: ... }, kustomizations: { apps: { path: ... } } }.";
    if (gitOps === undefined || !checkObject(problems, path, gitOps, fix)) {
        return;
    }
    checkRepository(problems, `${path}.repository`, gitOps.repository);
    checkKustomizations(problems, `${path}.kustomizations`, gitOps.kustomizations);
    const flux = gitOps.flux as AddonArgs | undefined;
    checkAddon(problems, `${path}.flux`, flux, { chart: charts.flux, mirror });
    const namespace = flux?.namespace ?? charts.flux.namespace;
    problems.require(!isEnabled(flux) || !taken.includes(namespace), {
        path: `${path}.flux.namespace`,
        value: namespace,
        rule: "is not Flux's alone: its chart's network policies would keep others from all pods in it",
        fix: "Give Flux a namespace of its own.",
    });
    problems.require(flux?.disruptionBudget === undefined, {
        path: `${path}.flux.disruptionBudget`,
        value: flux?.disruptionBudget,
        rule: "would hold none of Flux's pods: each of its controllers has labels of its own",
        fix: "Leave it out: a controller that is away for a moment goes on where it was.",
    });
}
