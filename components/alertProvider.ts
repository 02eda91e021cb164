import * as pulumi from "@pulumi/pulumi";

import { appProvider } from "./appProvider";
import { PlatformConnection } from "./connection";
import { AlertProviderArgs, alertProvider, checkAlertProvider } from "./delivery/alertProvider";
import { AlertProviderRefArgs } from "./delivery/alerts";
import { boundDeletion } from "./destroy/bounds";
import { checkPlatformConnection } from "./platformCheck";
import { problemsOf } from "./shape";
import { checkName } from "./validation";

/** An alert provider for several applications. */
export interface SharedAlertProviderArgs {
    /** The platform to run on: `connection` of a `ProgressiveMeshCluster`, of this program or another stack. */
    platform: PlatformConnection;
    /** The namespace of the provider and its Secret. It has to exist. Applications of any namespace can refer to it. */
    namespace: string;
    /**
     * The name of the provider.
     * @default - the component's name
     */
    providerName?: string;
    /** Where alerts are sent. */
    provider: AlertProviderArgs;
}

function checkArgs(name: string, args: SharedAlertProviderArgs): void {
    const problems = problemsOf("AlertProvider", name, args);
    checkPlatformConnection(problems, args.platform);
    checkName(problems, "namespace", args.namespace);
    checkName(problems, args.providerName === undefined ? "name" : "providerName", args.providerName ?? name);
    checkAlertProvider(problems, "provider", args.provider);
    problems.throwIfAny(`AlertProvider "${name}"`);
}

/**
 * A place that alerts of several applications are sent to, also from other namespaces.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered.
 */
export class AlertProvider extends pulumi.ComponentResource {
    /** The name of the provider. */
    public readonly providerName: pulumi.Output<string>;
    /** The namespace of the provider. */
    public readonly namespace: pulumi.Output<string>;
    /** What an alert gives as `providerRef` to be sent there. */
    public readonly ref: AlertProviderRefArgs;

    constructor(name: string, args: SharedAlertProviderArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("pulumi-progressive-mesh:index:AlertProvider", name, {}, boundDeletion(opts));

        const { platform, namespace } = args;
        const { ref, resource } = alertProvider(name, args.providerName ?? name, namespace, args.provider, {
            parent: this,
            provider: appProvider(name, platform, this, opts),
        });
        // By way of the object, so that whoever refers to it comes after it and goes before it.
        this.providerName = resource.urn.apply(() => ref.name);
        this.namespace = pulumi.output(namespace);
        this.ref = { name: this.providerName, namespace: this.namespace };
        this.registerOutputs({ providerName: this.providerName, namespace: this.namespace, ref: this.ref });
    }
}
