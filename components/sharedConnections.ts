import https from "node:https";
import { isDeepStrictEqual } from "node:util";

import type { KubeConfig } from "@kubernetes/client-node";

/**
 * Lets the requests to a cluster share connections. The client makes an agent for each request, and with it a connection and a
 * TLS handshake: most of what asking every two seconds costs, at both ends.
 */
export function shareConnections(kubeconfig: KubeConfig): void {
    let shared: https.Agent | undefined;
    let madeOf: https.AgentOptions | undefined;
    const authenticate = kubeconfig.applySecurityAuthentication.bind(kubeconfig);
    kubeconfig.applySecurityAuthentication = async (context) => {
        await authenticate(context);
        const agent: unknown = context.getAgent();
        // Those of proxies are of other kinds, and are left alone.
        if (!(agent instanceof https.Agent) || agent.constructor !== https.Agent) {
            return;
        }
        // A plugin may have given new credentials.
        if (shared === undefined || !isDeepStrictEqual(agent.options, madeOf)) {
            madeOf = agent.options;
            shared = new https.Agent({ ...madeOf, keepAlive: true });
        }
        context.setAgent(shared);
    };
}
