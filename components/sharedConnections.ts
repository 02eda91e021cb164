import https from "node:https";
import { isDeepStrictEqual } from "node:util";

import type { KubeConfig } from "@kubernetes/client-node";

/**
 * Lets the requests to a cluster share connections. The client makes an agent for each request, and with it a connection and a
 * TLS handshake: most of what asking every two seconds costs, at both ends. At most `maxSockets` are open at once; whoever
 * watches holds one for as long.
 */
export function shareConnections(kubeconfig: KubeConfig, maxSockets = Infinity): void {
    let shared: https.Agent | undefined;
    let madeOf: https.AgentOptions | undefined;
    let last: Promise<unknown> = Promise.resolve();
    const authenticate = kubeconfig.applySecurityAuthentication.bind(kubeconfig);
    kubeconfig.applySecurityAuthentication = async (context) => {
        // One after another: a kubeconfig may name a command that gives a token, as EKS's does, and the client remembers the
        // token but not that it is being asked for. Requests that come together would start the command once each.
        const done = last.then(() => authenticate(context));
        last = done.catch(() => undefined);
        await done;
        const agent: unknown = context.getAgent();
        // Those of proxies are of other kinds, and are left alone.
        if (!(agent instanceof https.Agent) || agent.constructor !== https.Agent) {
            return;
        }
        // A plugin may have given new credentials.
        if (shared === undefined || !isDeepStrictEqual(agent.options, madeOf)) {
            madeOf = agent.options;
            shared = new https.Agent({ ...madeOf, keepAlive: true, maxSockets });
        }
        context.setAgent(shared);
    };
}

/**
 * How many connections to a cluster are open at once. Hundreds of applications that look at the same moment would otherwise
 * open one each, and an API server may turn away who asks for too much at a time.
 */
const connections = 32;

const clusters = new Map<string, KubeConfig>();

/** The one way to a cluster by a kubeconfig: whoever in this process has the same text shares connections and token. */
export function clusterOf(client: typeof import("@kubernetes/client-node"), kubeconfig: string): KubeConfig {
    const known = clusters.get(kubeconfig);
    if (known !== undefined) {
        return known;
    }
    const made = new client.KubeConfig();
    made.loadFromString(kubeconfig);
    shareConnections(made, connections);
    clusters.set(kubeconfig, made);
    return made;
}
