import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";

import * as client from "@kubernetes/client-node";
import { HttpMethod, KubeConfig, RequestContext } from "@kubernetes/client-node";

import { clusterOf, shareConnections } from "../../components/sharedConnections";

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

    // Of EKS it is the aws command: with hundreds of applications there would be as many of it at once.
    it("starts the command that gives a token once for requests that come together", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "token-"));
        const started = path.join(folder, "started");
        const credential = {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            kind: "ExecCredential",
            status: { token: "t", expirationTimestamp: "2999-01-01T00:00:00Z" },
        };
        const args = ["-c", `echo >> "$0"; sleep 0.2; echo '${JSON.stringify(credential)}'`, started];
        const exec = { apiVersion: credential.apiVersion, command: "sh", args };
        try {
            const config = kubeconfig({}, { exec });
            const sent = await Promise.all(Array.from({ length: 20 }, () => request(config)));
            assert.deepEqual(
                sent.map((context) => context.getHeaders().Authorization),
                Array(20).fill("Bearer t"),
            );
            assert.equal(fs.readFileSync(started, "utf8"), "\n");
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });

    it("goes on after a command that failed", async () => {
        const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "false" };
        const config = kubeconfig({}, { exec });
        await Promise.all([assert.rejects(request(config)), assert.rejects(request(config))]);
        await assert.rejects(request(config));
    });
});

describe("clusterOf", () => {
    const text = (token: string) =>
        JSON.stringify({
            clusters: [{ name: "c", cluster: { server: "https://cluster.example" } }],
            users: [{ name: "u", user: { token } }],
            contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
            "current-context": "x",
        });

    it("is one for all who have the same kubeconfig, and opens a bounded number of connections", async () => {
        assert.equal(clusterOf(client, text("a")), clusterOf(client, text("a")));
        assert.notEqual(clusterOf(client, text("a")), clusterOf(client, text("b")));
        const sent = await request(clusterOf(client, text("a")));
        assert.equal((sent.getAgent() as https.Agent).maxSockets, 32);
        assert.equal(sent.getHeaders().Authorization, "Bearer a");
    });
});
