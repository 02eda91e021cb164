import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { run } from "../../../components/cli/command";
import { ApiServer, Script, kubeconfigFor } from "../delivery/promotion/apiServer";

const resource = (name: string, kind: string, verbs = ["list", "get"]) => ({ name, kind, verbs });
const group = (groupVersion: string) => ({ preferredVersion: { groupVersion } });
const forbidden: [number, string] = [403, "secrets is forbidden"];
const held = (deletionTimestamp?: string) => ({
    metadata: { name: "web", namespace: "shop", finalizers: ["finalizer.flagger.app"], deletionTimestamp },
});

/** A cluster with one Canary; whoever asks may not see Secrets, and a metrics server does not answer. */
const cluster = (canary: object): Script => ({
    "/apis": [{ groups: [group("flagger.app/v1beta1"), group("metrics.k8s.io/v1beta1")] }],
    "/api/v1": [
        {
            resources: [
                resource("secrets", "Secret"),
                resource("pods/log", "Pod"),
                resource("bindings", "Binding", []),
                resource("endpoints", "Endpoints"),
            ],
        },
    ],
    "/api/v1/secrets": [forbidden],
    // As the API server writes an empty list.
    "/api/v1/endpoints": [{ items: null }],
    "/apis/flagger.app/v1beta1": [{ resources: [resource("canaries", "Canary")] }],
    "/apis/flagger.app/v1beta1/canaries": [{ items: [canary] }],
    "/apis/metrics.k8s.io/v1beta1": [[503, "service unavailable"]],
});

describe("npx pulumi-progressive-mesh stuck", () => {
    const usual = process.env.KUBECONFIG;
    let folder: string;
    let server: ApiServer | undefined;

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "stuck-"));
    });

    afterEach(() => {
        server?.stop();
        if (usual === undefined) {
            delete process.env.KUBECONFIG;
        } else {
            process.env.KUBECONFIG = usual;
        }
    });

    after(() => fs.rmSync(folder, { recursive: true }));

    async function given(script: Script, ...args: string[]) {
        server = await new ApiServer(script).start();
        const file = path.join(folder, "kubeconfig");
        fs.writeFileSync(file, kubeconfigFor(server.port));
        process.env.KUBECONFIG = file;
        return ran(...(args.length > 0 ? args : ["stuck", "--kubeconfig", file]));
    }

    async function ran(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
        const said = { stdout: "", stderr: "" };
        const code = await run(args, {
            out: (text) => (said.stdout += text),
            error: (text) => (said.stderr += text),
        });
        return { code, ...said };
    }

    it("names the object, what holds it and what it could not look at, and ends with 1", async () => {
        const { code, stdout } = await given(cluster(held("2026-11-27T11:50:00Z")));
        assert.equal(code, 1);
        assert.match(
            stdout,
            /^1 object is deleted and still there:\n\nCanary shop\/web, deleted .* ago\n {2}held by finalizer\.flagger\.app: /,
        );
        assert.match(stdout, /kubectl -n shop patch canaries\.flagger\.app web --type merge/);
        assert.match(stdout, /\n {2}secrets \(v1\): secrets is forbidden\n/);
        assert.doesNotMatch(stdout, /endpoints/);
        assert.match(stdout, /\n {2}metrics\.k8s\.io\/v1beta1: service unavailable\n/);
    });

    it("ends with 0 where nothing is stuck, and takes the cluster that kubectl takes", async () => {
        const { code, stdout } = await given(cluster(held()), "stuck");
        assert.equal(code, 0);
        assert.match(stdout, /^Nothing in the cluster waits for its deletion\.\n/);
    });

    it("asks for no object's contents", async () => {
        await given(cluster(held()));
        assert.deepEqual(
            new Set(server!.accepts.map((accept) => accept?.split(";")[1])),
            new Set(["as=PartialObjectMetadataList"]),
        );
    });

    it("says in a line why it could not look, and ends with 2", async () => {
        const refused = await given({ "/apis": [[401, "Unauthorized"]] });
        assert.deepEqual([refused.code, refused.stderr], [2, "The cluster could not be looked at: Unauthorized\n"]);
        const other = await given(cluster(held()), "stuck", "--context", "elsewhere");
        assert.equal(other.code, 2);
        assert.match(
            other.stderr,
            /^The cluster could not be looked at: the kubeconfig has no context "elsewhere".*\n$/,
        );
        const unknown = await given({}, "unstick");
        assert.equal(unknown.code, 2);
        assert.match(unknown.stderr, /^npx pulumi-progressive-mesh stuck /);
    });
});
