import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { PlatformConnection } from "./connection";
import { digest } from "./digest";

/** The provider that a platform keeps for the applications of its own program. */
const ofPlatforms = new WeakMap<PlatformConnection, Provider>();

/** The providers that applications on platforms of other stacks share, for each run of a program, by their names. */
const ofOtherStacks = new WeakMap<object, Map<string, { kubeconfig: string; provider: Provider }>>();

/**
 * The provider's own 50 requests a second make hundreds of applications wait for nothing: how much is asked at once is
 * bounded by the engine (`--parallel`), and the API server has limits of its own.
 */
const requestsPerSecond = 500;
const burst = 1000;

/** Makes the provider for a connection. It is usable, and stays, only while the platform behind the connection is whole. */
function connect(name: string, connection: PlatformConnection, parent?: pulumi.Resource): Provider {
    const { PULUMI_K8S_CLIENT_QPS, PULUMI_K8S_CLIENT_BURST } = process.env;
    return new Provider(
        name,
        {
            // From another stack it comes as plain text.
            kubeconfig: pulumi.secret(connection.kubeconfig),
            // Their names are fixed, as Flagger wants it; replaced instead of changed they would be missing for a moment.
            enableConfigMapMutable: true,
            enableSecretMutable: true,
            clusterIdentifier: connection.identity?.issuer ?? connection.clusterName,
            // The provider looks at these variables only where the program says nothing.
            kubeClientSettings: {
                ...(PULUMI_K8S_CLIENT_QPS === undefined && { qps: requestsPerSecond }),
                ...(PULUMI_K8S_CLIENT_BURST === undefined && { burst }),
            },
        },
        { parent },
    );
}

/** Lets all applications of this program that are given the connection share one provider, which is one process. */
export function shareProvider(name: string, connection: PlatformConnection, parent: pulumi.Resource): void {
    ofPlatforms.set(connection, connect(`${name}-apps`, connection, parent));
}

/** The provider for an application: the one its user passed, or one that is shared, or one of its own. */
export function appProvider(
    name: string,
    connection: PlatformConnection,
    app: pulumi.Resource,
    opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ProviderResource {
    const { provider, providers } = opts ?? {};
    const passed = [provider, ...(Array.isArray(providers) ? providers : Object.values(providers ?? {}))];
    return (
        passed.find((p) => Provider.isInstance(p)) ??
        ofPlatforms.get(connection) ??
        ofOtherStack(connection) ??
        connect(name, connection, app)
    );
}

/**
 * The provider for all applications of this run on a platform of another stack. None where the cluster is not known yet by
 * plain values, or where it was reached with other credentials before.
 */
function ofOtherStack(connection: PlatformConnection): Provider | undefined {
    const { kubeconfig } = connection;
    if (typeof kubeconfig !== "string") {
        return undefined;
    }
    const name = sharedName(connection, kubeconfig);
    if (name === undefined) {
        return undefined;
    }
    // A process may run programs one after another, or side by side; each has a monitor of its own.
    const run = pulumi.runtime.getMonitor()!;
    const known = ofOtherStacks.get(run) ?? new Map<string, { kubeconfig: string; provider: Provider }>();
    ofOtherStacks.set(run, known);
    const found = known.get(name);
    if (found !== undefined) {
        return found.kubeconfig === kubeconfig ? found.provider : undefined;
    }
    const provider = connect(name, connection);
    known.set(name, { kubeconfig, provider });
    return provider;
}

/**
 * A name that stays while the cluster does, whichever application comes first: of the cluster's own name and of what is
 * unique to it, which its credentials are not.
 */
function sharedName({ clusterName, identity }: PlatformConnection, kubeconfig: string): string | undefined {
    const servers = kubeconfig.match(/\bserver["']?\s*:\s*["']?[^\s"',}]+/g) ?? [];
    const unique = identity === undefined ? servers.sort().join("\n") : identity.issuer;
    return typeof clusterName === "string" && typeof unique === "string" && unique !== ""
        ? `${clusterName}-apps-${digest(unique).slice(0, 8)}`
        : undefined;
}
