import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, addonWarnings, checkAddon } from "../addonArgs";
import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { Membership } from "../mesh/mesh";
import { Problems } from "../validation";
import { Values, mergeValues } from "../values";

/** The name of the load tester's release, service, service account and mesh member. */
export const loadTesterName = "flagger-loadtester";

/** The load tester's address in its namespace. */
export function loadTesterUrl(namespace: string): string {
    return `http://${loadTesterName}.${namespace}/`;
}

/** Checks the options of a load tester. */
export function checkLoadTester(
    problems: Problems,
    path: string,
    addon: AddonArgs | undefined,
    mirror: Mirror | undefined,
): void {
    checkAddon(problems, path, addon, { chart: charts.loadtester, mirror });
}

/** What is allowed for a load tester, and yet not what one hopes for. */
export function loadTesterWarnings(path: string, addon: AddonArgs | undefined): string[] {
    return addonWarnings(path, addon, charts.loadtester);
}

/** Installs Flagger's load tester in the application's namespace. */
export function loadTester(
    name: string,
    args: {
        namespace: string;
        meshValues: Values;
        membership: readonly Membership[];
        addon?: AddonArgs;
        mirror?: Mirror;
    },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return chartRelease(
        `${name}-loadtester`,
        {
            chart: charts.loadtester,
            releaseName: loadTesterName,
            namespace: args.namespace,
            mirror: args.mirror,
            addon: args.addon,
            values: mergeValues(
                { fullnameOverride: loadTesterName, serviceAccountName: loadTesterName },
                ...args.membership.map(podValuesOf),
                args.meshValues,
            ),
            // Its proxy is configured only once the application's services exist in the mesh. Flagger makes those from the
            // Canary, and the Canary comes after the load tester so that it goes before it.
            skipAwait: true,
        },
        opts,
    );
}

/** The chart's values by which its pods carry what a mesh asks for. */
function podValuesOf({ labels, annotations }: Membership): Values {
    return {
        ...(labels !== undefined && { podLabels: { ...labels } }),
        ...(annotations !== undefined && { podAnnotations: { ...annotations } }),
    };
}
