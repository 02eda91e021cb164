import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { credentials } from "@grpc/grpc-js";
import { GetSchemaRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";

import * as index from "../../index";
import { packageSchema } from "../../plugin/packageSchema";
import { servedSchema } from "../../plugin/servedSchema";
import { kubeconfigFor } from "../unit/delivery/promotion/apiServer";

const root = path.resolve(__dirname, "../..");

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;

/** What looks like a secret, or says where it was built. */
const secretPatterns = [
    /\bAKIA[0-9A-Z]{16}\b/,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*$/m,
    /\b_authToken=\S+/,
    /\bgh[pousr]_\w{36}/,
    new RegExp(root.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")),
];

function secretsIn(text: string, file: string): string[] {
    return secretPatterns.filter((pattern) => pattern.test(text)).map((pattern) => `${file}: ${pattern.source}`);
}

/** What a fresh Node.js prints. */
function evaluate(args: string[]): string {
    return execFileSync(process.execPath, args, { cwd: root, env: { ...process.env, NODE_OPTIONS: "" } })
        .toString()
        .trim();
}

/** The schema that a provider answers with. */
function schemaAt(port: string): Promise<unknown> {
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return new Promise<unknown>((resolve, reject) => {
        client.getSchema(new GetSchemaRequest(), (error, response) =>
            error ? reject(error) : resolve(JSON.parse(response.getSchema())),
        );
    }).finally(() => client.close());
}

describe("the package", () => {
    it("holds compiled code, typings and what Pulumi needs to load it, and nothing of the lab or the tests", function () {
        this.timeout(600_000);
        const [packed] = JSON.parse(
            execFileSync("npm", ["pack", "--dry-run", "--json"], {
                cwd: root,
                stdio: ["ignore", "pipe", "ignore"],
            }).toString(),
        ) as [{ files: { path: string; size: number }[]; size: number; unpackedSize: number }];
        console.log(
            `      ${packed.files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
        );
        const files = packed.files.map((file) => file.path);
        assert.deepEqual(files.filter((file) => !/^bin\/parts\/[0-9A-Z]+\.js$/.test(file)).sort(), [
            "CHANGELOG.md",
            "LICENSE",
            "NOTICE",
            "README.md",
            "bin/cli.js",
            "bin/index.d.ts",
            "bin/index.js",
            "bin/plugin/main.js",
            "bin/policy/index.js",
            "package.json",
            "plugin/PulumiPlugin.yaml",
            "plugin/package.json",
            "policy/PulumiPolicy.yaml",
            "policy/package.json",
        ]);
        const sizeOf = (pattern: RegExp) =>
            packed.files.filter((file) => pattern.test(file.path)).reduce((sum, { size }) => sum + size, 0);
        // docs/package.md says what these are made of. More is a decision, and not something that happened.
        const plugin = sizeOf(/^bin\/plugin\//);
        assert.ok(plugin < 125_000, `${plugin} bytes of the plugin for other languages`);
        assert.ok(sizeOf(/\.js$/) - plugin < 540_000, `${sizeOf(/\.js$/) - plugin} bytes of other JavaScript`);
        assert.ok(sizeOf(/\.d\.ts$/) < 115_000, `${sizeOf(/\.d\.ts$/)} bytes of typings`);
        assert.ok(packed.unpackedSize < 820_000, `${packed.unpackedSize} bytes unpacked`);
        const { bin } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { bin: object };
        assert.deepEqual(bin, { "pulumi-progressive-mesh": "bin/cli.js" });
        const told = files.flatMap((file) => secretsIn(fs.readFileSync(path.join(root, file), "utf8"), file));
        assert.deepEqual(told, []);
    });

    it("gives its components to both module systems, and under their own names", () => {
        const names = Object.keys(index).sort();
        const script = `import * as all from ${JSON.stringify(path.join(root, "bin/index.js"))};
            const { default: _, ...named } = all;
            console.log(JSON.stringify(Object.keys(named).filter((key) => key !== "module.exports").sort()));
            console.log(JSON.stringify(Object.values(named).flatMap((one) => one.name ?? [])));`;
        const lines = evaluate(["--input-type=module", "--eval", script]).split("\n");
        assert.deepEqual(JSON.parse(lines[0]!), names);
        // The names of minified classes and functions, which Pulumi and a reader of a stack trace go by.
        const own = Object.values(index as Record<string, unknown>).flatMap((one) =>
            typeof one === "function" ? one.name : [],
        );
        assert.deepEqual((JSON.parse(lines[1]!) as string[]).sort(), own.sort());
    });

    it("reads only what it needs when it is loaded, and a part of an SDK when it makes something of it", () => {
        const script = `const { ProgressiveMeshCluster } = require(${JSON.stringify(path.join(root, "bin/index.js"))});
            const { runtime } = require("@pulumi/pulumi");
            const files = [Object.keys(require.cache)];
            const newResource = ({ inputs }) => ({ id: "id", state: { ...inputs, status: { namespace: "n", name: "r" } } });
            runtime.setMocks({ newResource, call: ({ inputs }) => inputs });
            const existing = { kubeconfig: ${JSON.stringify(kubeconfigFor(1))} };
            new ProgressiveMeshCluster("own", { existing, mesh: { provider: "istio" } });
            files.push(Object.keys(require.cache));
            console.log(JSON.stringify(files));`;
        const [loaded, own] = (JSON.parse(evaluate(["--eval", script])) as string[][]).map((files) =>
            files.map((file) => path.relative(root, file)),
        ) as [string[], string[]];
        const partsOf = (files: string[]) => [
            ...new Set(files.flatMap((file) => /^node_modules\/@pulumi\/(aws|eks|kubernetes)\//.exec(file)?.[1] ?? [])),
        ];
        assert.deepEqual([loaded, own].map(partsOf), [[], ["kubernetes"]]);
        const unneeded = [
            "node_modules/@pulumi/policy/",
            "node_modules/@kubernetes/client-node/",
            "bin/cli.js",
            "bin/plugin/",
            "bin/policy/",
        ];
        assert.deepEqual(
            loaded.filter((file) => unneeded.some((start) => file.startsWith(start))),
            [],
        );
    });

    it("gives programs in other languages its schema, from the plugin as Pulumi starts it", async function () {
        this.timeout(60_000);
        const runner = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");
        const plugin = spawn(process.execPath, [runner, path.join(root, "plugin")], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        try {
            const port = await new Promise<string>((resolve, reject) => {
                plugin.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
                plugin.once("exit", (code) => reject(new Error(`the plugin ended with ${code}`)));
            });
            assert.deepEqual(await schemaAt(port), JSON.parse(JSON.stringify(servedSchema(packageSchema))));
        } finally {
            plugin.kill();
        }
    });

    it("would be caught with a secret or with a path of the machine that built it", () => {
        const texts = [
            `const key = "AKIA${"A".repeat(16)}"`,
            `-----BEGIN ${"EC "}PRIVATE KEY-----`,
            `//registry.example/:_authToken=npm_${"a".repeat(36)}`,
            `token: "ghp_${"a".repeat(36)}"`,
            root,
        ];
        assert.deepEqual(
            texts.map((text) => secretsIn(text, "x").length),
            texts.map(() => 1),
        );
    });

    it("runs nothing when it is installed", () => {
        const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
            scripts: Record<string, string>;
        };
        const hooks = ["preinstall", "install", "postinstall", "prepare"];
        assert.deepEqual(
            hooks.filter((hook) => hook in scripts),
            [],
        );
    });

    it("brings Pulumi's SDKs as peers with ranges, and only the Kubernetes client itself", () => {
        const { dependencies, peerDependencies } = JSON.parse(
            fs.readFileSync(path.join(root, "package.json"), "utf8"),
        ) as Record<string, Record<string, string>>;
        assert.deepEqual(Object.keys(dependencies!), ["@kubernetes/client-node"]);
        assert.deepEqual(Object.keys(peerDependencies!).sort(), [
            "@pulumi/aws",
            "@pulumi/eks",
            "@pulumi/kubernetes",
            "@pulumi/pulumi",
        ]);
        for (const range of Object.values(peerDependencies!)) {
            assert.match(range, /^\^/);
        }
    });
});
