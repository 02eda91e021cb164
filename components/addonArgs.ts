import { AddonPodsArgs, DisruptionBudgetArgs, TolerationArgs, checkPods, podWarnings } from "./addonPods";
import { Chart } from "./charts";
import { checkSource } from "./chartSource";
import { Mirror } from "./connection";
import type { ResourcesArgs } from "./delivery/workloadArgs";
import { checkObject, checkSwitch } from "./shape";
import { Problems, checkName, checkPlain } from "./validation";

/** What can be set of an add-on: the same for each of them. */
export interface AddonArgs extends AddonPodsArgs {
    /**
     * Whether the add-on is installed.
     * @default true
     */
    enabled?: boolean;
    /**
     * The exact version of the chart.
     * @default - the version in the library's catalogue
     */
    version?: string;
    /**
     * Address of the Helm repository: `https://...`, or `oci://...` of the folder in a registry that holds the chart.
     * @default - the mirror's, or else the chart's own
     */
    repository?: string;
    /**
     * The chart's name in its repository.
     * @default - the name in the library's catalogue
     */
    chart?: string;
    /**
     * The digest of the chart in its OCI registry, `sha256:...`, as `helm pull` prints it: Helm takes this one and no other.
     * For `oci://` repositories alone, because Helm compares nothing with the index of another.
     * @default - whatever the registry has under the version
     */
    chartDigest?: string;
    /**
     * Path of a keyring with the public keys of those who may have signed the chart. With it Helm refuses a chart without a
     * provenance file, or with another's.
     * @default - provenance is not checked
     */
    keyring?: string;
    /**
     * The namespace to install in. It is made, and removed at destroy, unless it is one that Kubernetes brings.
     * @default - the namespace in the library's catalogue
     */
    namespace?: string;
    /**
     * Values for the chart. They are merged last, so they win over what the library sets.
     * @default - none
     */
    values?: Record<string, any>;
    /**
     * Whether the chart's CustomResourceDefinitions follow its version. Helm alone installs them once and never again; off, it
     * stays like that. For charts that bring such definitions.
     * @default true
     */
    upgradeDefinitions?: boolean;
    /**
     * Whether destroy deletes the chart's CustomResourceDefinitions, and so every object of these kinds in the whole cluster,
     * other stacks' among them. Takes effect with the update before the destroy. For charts that bring such definitions.
     * @default false
     */
    deleteDefinitions?: boolean;
}

/** What the checks of an add-on have to know beside what its user wrote. */
export interface AddonScope {
    /** The chart that the catalogue has for it; none where that is open, for then something else is wrong. */
    chart?: Chart;
    mirror?: Mirror;
}

/** Checks the options of an add-on that decide what is built. */
export function checkAddon(problems: Problems, path: string, addon: AddonArgs | undefined, scope: AddonScope): void {
    if (addon === undefined || !checkObject(problems, path, addon, "Write it like { enabled: false }.")) {
        return;
    }
    checkPlain(problems, `${path}.enabled`, addon.enabled);
    checkSource(problems, path, addon, scope);
    const { namespace } = addon;
    if (namespace !== undefined && checkPlain(problems, `${path}.namespace`, namespace)) {
        checkName(problems, `${path}.namespace`, namespace);
    }
    for (const key of ["upgradeDefinitions", "deleteDefinitions"] as const) {
        if (addon[key] === undefined || !checkSwitch(problems, `${path}.${key}`, addon[key])) {
            continue;
        }
        problems.require(scope.chart === undefined || scope.chart.definitions === true, {
            path: `${path}.${key}`,
            value: addon[key],
            rule: `is of no use: the chart ${scope.chart?.chart} brings no CustomResourceDefinitions that Helm leaves alone`,
            fix: "Leave it out.",
        });
    }
    problems.require(addon.upgradeDefinitions !== false || addon.deleteDefinitions !== true, {
        path: `${path}.deleteDefinitions`,
        value: true,
        rule: "cannot be done: with `upgradeDefinitions: false` the definitions are Helm's, which never deletes them",
        fix: "Leave one of the two out.",
    });
    checkPods(problems, path, addon, scope.chart);
}

/** What is allowed for an add-on, and yet not what one hopes for. */
export function addonWarnings(path: string, addon: AddonArgs | undefined, chart: Chart): string[] {
    return addon === undefined || !isEnabled(addon) ? [] : podWarnings(path, addon, chart);
}

/** Whether an add-on is wanted. */
export function isEnabled(addon: AddonArgs | undefined, byDefault = true): boolean {
    return addon?.enabled ?? byDefault;
}

export type { AddonPodsArgs, DisruptionBudgetArgs, ResourcesArgs, TolerationArgs };
