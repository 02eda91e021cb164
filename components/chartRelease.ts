import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Chart, mirroredImages } from "./charts";
import { Mirror } from "./connection";
import { checkObject } from "./shape";
import { Problems, checkName, checkPlain } from "./validation";
import { Values, mergeValues } from "./values";

/** What can be set of an add-on: the same for each of them. */
export interface AddonArgs {
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
     * Address of the Helm repository.
     * @default - the mirror's, or else the chart's own
     */
    repository?: string;
    /**
     * The chart's name in its repository.
     * @default - the name in the library's catalogue
     */
    chart?: string;
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
}

/** Checks the options of an add-on that decide what is built. */
export function checkAddon(problems: Problems, path: string, addon: AddonArgs | undefined): void {
    if (addon === undefined || !checkObject(problems, path, addon, "Write it like { enabled: false }.")) {
        return;
    }
    for (const key of ["enabled", "repository", "chart"] as const) {
        checkPlain(problems, `${path}.${key}`, addon[key]);
    }
    const { version, namespace } = addon;
    if (version !== undefined && checkPlain(problems, `${path}.version`, version)) {
        problems.require(typeof version === "string" && /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(version), {
            path: `${path}.version`,
            value: version,
            rule: "is not one exact chart version",
            fix: `Pin it, like "1.44.0": a range or "latest" makes two runs of one program differ.`,
        });
    }
    if (namespace !== undefined && checkPlain(problems, `${path}.namespace`, namespace)) {
        checkName(problems, `${path}.namespace`, namespace);
    }
}

/** How a chart is installed beyond what its user may set. */
export interface ChartReleaseArgs {
    /** The chart as the catalogue has it. */
    chart: Chart;
    /** The name of the release, and of the objects that the chart names after it. */
    releaseName: string;
    /** The namespace, which has to exist. */
    namespace: pulumi.Input<string>;
    /** What the library sets. */
    values?: Values;
    /** What the user sets. */
    addon?: AddonArgs;
    mirror?: Mirror;
    /** Whether to go on without waiting for the chart's pods. */
    skipAwait?: boolean;
}

/** Installs a chart: the one way in which this library does it. */
export function chartRelease(
    name: string,
    args: ChartReleaseArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
    const { chart, addon, mirror } = args;
    return new k8s.helm.v3.Release(
        name,
        {
            name: args.releaseName,
            namespace: args.namespace,
            chart: addon?.chart ?? chart.chart,
            version: addon?.version ?? chart.version,
            repositoryOpts: { repo: addon?.repository ?? mirror?.chartRepository ?? chart.repository },
            values: mergeValues(mirroredImages(chart, mirror?.imageRegistry), args.values, addon?.values),
            // A failed first install is taken away again, so that the next `pulumi up` starts clean instead of finding a
            // release that "already exists".
            atomic: !args.skipAwait,
            cleanupOnFail: true,
            skipAwait: args.skipAwait ?? false,
            timeout: 600,
        },
        opts,
    );
}

/** Whether an add-on is wanted. */
export function isEnabled(addon: AddonArgs | undefined): boolean {
    return addon?.enabled ?? true;
}
