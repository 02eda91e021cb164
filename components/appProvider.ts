import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { PlatformConnection } from "./connection";

/** The provider that a platform keeps for the applications of its own program. */
const shared = new WeakMap<PlatformConnection, k8s.Provider>();

/** Makes the provider for a connection. It is usable, and stays, only while the platform behind the connection is whole. */
function connect(name: string, connection: PlatformConnection, parent: pulumi.Resource): k8s.Provider {
    return new k8s.Provider(
        name,
        {
            // From another stack it comes as plain text.
            kubeconfig: pulumi.secret(connection.kubeconfig),
            // Their names are fixed, as Flagger wants it; replaced instead of changed they would be missing for a moment.
            enableConfigMapMutable: true,
            enableSecretMutable: true,
            clusterIdentifier: connection.identity?.issuer ?? connection.clusterName,
        },
        { parent },
    );
}

/** Lets all applications of this program that are given the connection share one provider, which is one process. */
export function shareProvider(name: string, connection: PlatformConnection, parent: pulumi.Resource): void {
    shared.set(connection, connect(`${name}-apps`, connection, parent));
}

/** The provider for an application: the one its user passed, or the platform's, or one of its own. */
export function appProvider(
    name: string,
    connection: PlatformConnection,
    app: pulumi.Resource,
    opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ProviderResource {
    const { provider, providers } = opts ?? {};
    const passed = [provider, ...(Array.isArray(providers) ? providers : Object.values(providers ?? {}))];
    return passed.find((p) => k8s.Provider.isInstance(p)) ?? shared.get(connection) ?? connect(name, connection, app);
}
