import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

const builtIn = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

/** The namespaces of a platform: each is made once, whoever asks for it first. */
export class Namespaces {
    private readonly made = new Map<string, Namespace>();

    constructor(
        private readonly prefix: string,
        private readonly opts: pulumi.CustomResourceOptions,
    ) {}

    /** What to depend on to be in that namespace: nothing for one that Kubernetes brings. */
    require(
        name: string,
        labels: Record<string, pulumi.Input<string>> = {},
        after: pulumi.Resource[] = [],
    ): pulumi.Resource[] {
        if (builtIn.has(name)) {
            return [];
        }
        let namespace = this.made.get(name);
        if (namespace === undefined) {
            namespace = new Namespace(
                `${this.prefix}-${name}`,
                { metadata: { name, labels } },
                { ...this.opts, dependsOn: after },
            );
            this.made.set(name, namespace);
        }
        return [namespace];
    }
}
