import type { types } from "@pulumi/kubernetes";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { ChartSource } from "./chartSource";
import { runError } from "./runError";
import { Values } from "./values";

/** An object as a chart's template makes it. */
interface Manifest {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string };
}

/** What `kubernetes:helm:template` answers; nothing at a preview where the cluster is still unknown. */
interface Rendered {
    result?: Manifest[];
}

/**
 * The CustomResourceDefinitions of charts, each a resource of its own. Helm installs those of a chart's folder `crds` once and
 * never upgrades them; here they come before the release, and change before it when its version does.
 */
export class Definitions {
    private provider: Provider | undefined;

    constructor(
        private readonly name: string,
        private readonly kubeconfig: pulumi.Input<string>,
        private readonly clusterIdentifier: pulumi.Input<string> | undefined,
        private readonly parent: pulumi.Resource,
    ) {}

    /**
     * The definitions of a chart. Without `deletable` they stay in the cluster, whatever becomes of the program. `values` are for a
     * chart that has them among its templates.
     */
    of(source: ChartSource, deletable: boolean, values?: Values): pulumi.Output<pulumi.Resource[]> {
        const provider = (this.provider ??= this.makeProvider());
        return pulumi
            .output(rendered(source, values, provider, this.parent))
            .apply((manifests) => manifests.filter(isDefinition).map((m) => this.make(m, deletable, provider)));
    }

    /** Only for definitions: it takes over what an earlier release, or an earlier life of the program, left behind. */
    private makeProvider(): Provider {
        return new Provider(
            `${this.name}-definitions`,
            {
                kubeconfig: this.kubeconfig,
                clusterIdentifier: this.clusterIdentifier,
                upsertExistingObjects: true,
            },
            { parent: this.parent },
        );
    }

    private make(manifest: Manifest, deletable: boolean, provider: Provider): pulumi.Resource {
        const { metadata, ...definition } = manifest;
        const { creationTimestamp: _, annotations, ...named } = metadata as Record<string, unknown>;
        return new CustomResourceDefinition(
            `${this.name}-${metadata!.name}`,
            {
                ...definition,
                metadata: {
                    ...named,
                    annotations: {
                        ...(annotations as Record<string, string> | undefined),
                        // What Helm once wrote is Helm's to the API server, and would refuse to change hands.
                        "pulumi.com/patchForce": "true",
                    },
                },
            } as unknown as types.input.apiextensions.v1.CustomResourceDefinition,
            { parent: this.parent, provider, retainOnDelete: !deletable },
        );
    }
}

function isDefinition({ kind, metadata }: Manifest): boolean {
    return kind === "CustomResourceDefinition" && metadata?.name !== undefined;
}

/** All that a chart makes, with its own values unless told otherwise: what is in its folder `crds` is no template and knows none. */
async function rendered(
    source: ChartSource,
    values: Values | undefined,
    provider: Provider,
    parent: pulumi.Resource,
): Promise<Manifest[]> {
    const { chart, repository, version, keyring } = source;
    const jsonOpts = JSON.stringify({
        chart,
        version,
        release_name: "definitions",
        ...(values !== undefined && { values }),
        fetch_opts: {
            ...(repository !== undefined && { repo: repository }),
            ...(keyring !== undefined && { verify: true, keyring }),
        },
    });
    try {
        const answer = (await pulumi.runtime.invoke("kubernetes:helm:template", { jsonOpts }, { parent, provider })) as
            Rendered | undefined;
        return answer?.result ?? [];
    } catch (error) {
        const where = repository === undefined ? "" : ` of ${repository}`;
        throw runError(
            `The CustomResourceDefinitions of the chart ${chart} ${version}${where} could not be read: ${(error as Error).message}`,
        );
    }
}
