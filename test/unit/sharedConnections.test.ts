import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";

import { HttpMethod, KubeConfig, RequestContext } from "@kubernetes/client-node";

import { shareConnections } from "../../components/sharedConnections";

/** A kubeconfig of one cluster and one user, whose requests share connections. */
function kubeconfig(cluster: object = {}, user: object = { token: "t" }): KubeConfig {
    const config = new KubeConfig();
    config.loadFromOptions({
        clusters: [{ name: "c", server: "https://cluster.example", ...cluster }],
        users: [{ name: "u", ...user }],
        contexts: [{ name: "x", cluster: "c", user: "u" }],
        currentContext: "x",
    });
    shareConnections(config);
    return config;
}

/** What a request to the cluster is sent with. */
async function request(config: KubeConfig): Promise<RequestContext> {
    const context = new RequestContext("https://cluster.example/api", HttpMethod.GET);
    await config.applySecurityAuthentication(context);
    return context;
}

const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("shareConnections", () => {
    it("gives all requests one agent that keeps connections, and the credentials that they had", async () => {
        const config = kubeconfig({ caData: encoded("authority") });
        const [first, second] = [await request(config), await request(config)];
        const agent = first.getAgent() as https.Agent;
        assert.equal(second.getAgent(), agent);
        assert.ok(agent instanceof https.Agent);
        assert.equal((agent as unknown as { keepAlive: boolean }).keepAlive, true);
        assert.equal(String(agent.options.ca), "authority");
        assert.equal(second.getHeaders().Authorization, "Bearer t");
    });

    it("takes a new agent when the credentials of connections change", async () => {
        const user = { certData: encoded("one"), keyData: encoded("key") };
        const config = kubeconfig({}, user);
        const before = (await request(config)).getAgent() as https.Agent;
        (config.users[0] as { certData: string }).certData = encoded("two");
        const after = (await request(config)).getAgent() as https.Agent;
        assert.equal(String(before.options.cert), "one");
        assert.equal(String(after.options.cert), "two");
        assert.equal((await request(config)).getAgent(), after);
    });

    it("leaves the agents of proxies and of plain HTTP alone", async () => {
        for (const cluster of [
            { proxyUrl: "http://proxy.example:3128" },
            { server: "http://cluster.example", skipTLSVerify: true },
        ]) {
            const config = kubeconfig(cluster);
            const agent = (await request(config)).getAgent();
            assert.ok(agent instanceof http.Agent);
            assert.notEqual((await request(config)).getAgent(), agent);
        }
    });
});
