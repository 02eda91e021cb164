import {
    AlertProvider,
    CanaryApp,
    CanaryAppArgs,
    MeshBackend,
    MeshBackendArgs,
    MetricTemplate,
    ProgressiveMeshCluster,
    ProgressiveMeshClusterArgs,
    SharedAlertProviderArgs,
    SharedMetricTemplateArgs,
} from "../../index";
import type { Input } from "@pulumi/pulumi";

type Of<T> = Record<string, Omit<T, "platform">>;

/** A program as data, so that a release's can be kept beside what it made. */
export interface Program {
    /** The name of the platform. */
    name: string;
    platform: ProgressiveMeshClusterArgs;
    apps: Of<CanaryAppArgs>;
    backends?: Of<MeshBackendArgs>;
    alertProviders?: Of<SharedAlertProviderArgs>;
    metricTemplates?: Of<SharedMetricTemplateArgs>;
}

/** Builds a program; on a cluster that exists, by its kubeconfig. */
export function build(program: Program, kubeconfig?: Input<string>): void {
    const { existing } = program.platform;
    const { connection: platform } = new ProgressiveMeshCluster(program.name, {
        ...program.platform,
        ...(existing !== undefined && { existing: { ...existing, kubeconfig } }),
    });
    const apps = Object.entries(program.apps).map(([name, args]) => new CanaryApp(name, { ...args, platform }));
    // They are in the applications' namespaces.
    const after = { dependsOn: apps };
    for (const [name, args] of Object.entries(program.backends ?? {})) {
        new MeshBackend(name, { ...args, platform }, after);
    }
    for (const [name, args] of Object.entries(program.alertProviders ?? {})) {
        new AlertProvider(name, { ...args, platform }, after);
    }
    for (const [name, args] of Object.entries(program.metricTemplates ?? {})) {
        new MetricTemplate(name, { ...args, platform }, after);
    }
}
