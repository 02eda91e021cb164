import assert from "node:assert/strict";
import http from "node:http";
import { AddressInfo } from "node:net";

import * as pulumi from "@pulumi/pulumi";

import { answers, webhookReady } from "../../../components/mesh/webhookReady";
import { graph, valueOf } from "../graph";

type Answer = [code: number, message: string];

const unreachable: Answer = [
    500,
    'Internal error occurred: failed calling webhook "mmesh.appmesh.k8s.aws": connect: connection refused',
];
const created: Answer = [201, ""];
const probe = {
    group: "appmesh.k8s.aws",
    version: "v1beta2",
    plural: "meshes",
    body: { apiVersion: "appmesh.k8s.aws/v1beta2", kind: "Mesh", metadata: { name: "probe" }, spec: {} },
};

/** An API server that gives these answers one after the other, and then the last for ever. */
class ApiServer {
    readonly asked: string[] = [];
    readonly bodies: unknown[] = [];
    private readonly server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const [code, message] = this.script[Math.min(this.asked.length, this.script.length - 1)]!;
            this.asked.push(`${request.method} ${request.url}`);
            this.bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
            const body = code < 300 ? probe.body : { kind: "Status", apiVersion: "v1", code, message };
            response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body));
        });
    });

    constructor(private readonly script: Answer[]) {}

    async start(): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    get kubeconfig(): string {
        const { port } = this.server.address() as AddressInfo;
        return JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            // The client takes plain HTTP only from one who does not care for certificates either.
            clusters: [
                { name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
            ],
            users: [{ name: "u", user: {} }],
            contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
            "current-context": "x",
        });
    }
}

describe("webhookReady", () => {
    let server: ApiServer;

    const against = async (script: Answer[]) => {
        server = new ApiServer(script);
        await server.start();
        return server.kubeconfig;
    };
    const wait = async (script: Answer[], seconds: number) => {
        const kubeconfig = await against(script);
        // No resources here: only to leave the preview in which the other tests run.
        await pulumi.runtime.setMocks(
            { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
            "p",
            "s",
            false,
        );
        return valueOf(webhookReady(kubeconfig, "installed", probe, seconds));
    };

    afterEach(() => server.stop());

    it("asks with a dry run, and once where the webhook is up", async () => {
        assert.equal(await wait([created], 30), true);
        assert.deepEqual(server.asked, ["POST /apis/appmesh.k8s.aws/v1beta2/meshes?dryRun=All"]);
        assert.deepEqual(server.bodies, [probe.body]);
    });

    it("asks again until somebody is there", async () => {
        assert.equal(await wait([unreachable, unreachable, created], 30), true);
        assert.equal(server.asked.length, 3);
    });

    const refusals: Answer[] = [
        [400, 'admission webhook "vmesh.appmesh.k8s.aws" denied the request: no'],
        [403, 'admission webhook "vmesh.appmesh.k8s.aws" denied the request: no'],
        [409, "already exists"],
        [422, "spec is invalid"],
    ];
    for (const refusal of refusals) {
        it(`takes a refusal with ${refusal[0]} for an answer`, async () => {
            assert.equal(await wait([refusal], 30), true);
            assert.equal(server.asked.length, 1);
        });
    }

    const silences: Answer[] = [
        unreachable,
        [404, "the server could not find the requested resource"],
        [403, 'failed calling webhook "vmesh.appmesh.k8s.aws": i/o timeout'],
        [503, "service unavailable"],
    ];
    for (const silence of silences) {
        it(`gives up over a ${silence[0]}, "${silence[1].slice(0, 30)}...", with what was said last`, async () => {
            const kubeconfig = await against([silence]);
            const { CustomObjectsApi, KubeConfig } = await import("@kubernetes/client-node");
            const config = new KubeConfig();
            config.loadFromString(kubeconfig);
            const api = config.makeApiClient(CustomObjectsApi);
            const { group, version, plural, body } = probe;
            await assert.rejects(
                answers(() => api.createClusterCustomObject({ group, version, plural, body }), "the webhook", 0),
                (error: Error) => {
                    assert.ok(pulumi.RunError.isInstance(error));
                    assert.equal(
                        error.message,
                        `the webhook did not answer within 0 s: ${silence[1]}\n` +
                            "Nothing that needs it was created. Look at the controller's pods and logs, then run `pulumi up` again.",
                    );
                    return true;
                },
            );
        });
    }

    it("gives up over an API server that is not there", async () => {
        await assert.rejects(
            answers(() => Promise.reject(new Error("connect ECONNREFUSED")), "the webhook", 0),
            /^Error: the webhook did not answer within 0 s: connect ECONNREFUSED\n/,
        );
    });

    it("asks nobody in a preview", async () => {
        const kubeconfig = await against([created]);
        const { result } = await graph(() => webhookReady(kubeconfig, "installed", probe, 30));
        assert.equal(await valueOf(result), true);
        assert.deepEqual(server.asked, []);
    });
});
