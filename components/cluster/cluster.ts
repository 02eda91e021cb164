import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";
import { PodIdentityAgent } from "./podIdentityAgent";

/** What the rest of the platform needs of its cluster. */
export interface Cluster {
    /** The kubeconfig as text; a secret. */
    kubeconfig: pulumi.Output<string>;
    name: pulumi.Output<string>;
    /** What tells providers one cluster from another while its kubeconfig is not known, where there is such a thing. */
    identifier?: pulumi.Input<string>;
    /** What is needed to give a pod an AWS identity, where it can have one. */
    identity?: IdentityConnection;
    /** The agent of EKS Pod Identity, where it is for the platform to install. */
    podIdentityAgent?: PodIdentityAgent;
    /** The provider for everything inside. It waits for the nodes, so what uses it does, and goes before them. */
    provider: Provider;
}
