import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, chartRelease, isEnabled } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { Namespaces } from "../namespaces";
import { GitOpsArgs } from "./gitOpsArgs";
import { makeKustomizations } from "./kustomizations";
import { repository, repositoryKind, repositoryName } from "./repository";

/** What a repository's applications are given. */
export interface GitOpsPlatform {
    args: GitOpsArgs;
    /** What the platform tells them, by the names of the variables. */
    variables: Record<string, pulumi.Input<string>>;
    /** What an application needs of the platform. */
    required: pulumi.Output<pulumi.Resource[]>;
    namespaces: Namespaces;
    mirror?: Mirror;
}

/** The name of the ConfigMap with what the platform tells. */
const variablesName = "platform";
/** The controllers that have nothing to do for a repository of plain objects. */
const idle = ["helmController", "imageAutomationController", "imageReflectionController", "notificationController"];

/** Installs Flux, and what tells it of the repository. */
export function gitOps(name: string, platform: GitOpsPlatform, opts: pulumi.CustomResourceOptions): void {
    const { args, namespaces, mirror } = platform;
    const { flux } = args;
    const namespace = flux?.namespace ?? charts.flux.namespace;
    let ready = platform.required;
    // Where Flux is there already, so is its namespace.
    const home = isEnabled(flux) ? namespaces.require(namespace) : [];
    if (isEnabled(flux)) {
        const dependsOn = ready.apply((required) => [...home, ...required]);
        const release = installFlux(name, namespace, flux, mirror, { ...opts, dependsOn });
        ready = ready.apply((required) => [...required, release]);
    }
    const inHome = { ...opts, dependsOn: home };
    const variables = new ConfigMap(
        `${name}-platform`,
        {
            // With this label Flux looks at every change of it, and not only after the interval.
            metadata: { name: variablesName, namespace, labels: { "reconcile.fluxcd.io/watch": "Enabled" } },
            data: platform.variables,
        },
        inHome,
    );
    const source = repository(name, namespace, args.repository, ready, inHome);
    makeKustomizations(
        name,
        args.kustomizations,
        {
            namespace,
            source: { kind: repositoryKind(args.repository.url), name: repositoryName },
            variables: variablesName,
            dependsOn: [source, variables],
        },
        opts,
    );
}

function installFlux(
    name: string,
    namespace: string,
    addon: AddonArgs | undefined,
    mirror: Mirror | undefined,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return chartRelease(
        `${name}-flux`,
        {
            chart: charts.flux,
            releaseName: "flux2",
            namespace,
            mirror,
            addon,
            values: {
                ...Object.fromEntries(idle.map((controller) => [controller, { create: false }])),
                // Its definitions are templates. Without this they would go with the release, and with them every object of
                // these kinds in the cluster, whoever made it.
                crds: { annotations: { "helm.sh/resource-policy": "keep" } },
            },
        },
        opts,
    );
}
