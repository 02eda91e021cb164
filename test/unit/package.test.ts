import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

describe("the package", () => {
    it("holds compiled code, typings and what Pulumi needs to load it, and nothing of the lab or the tests", function () {
        this.timeout(120_000);
        const [packed] = JSON.parse(
            execFileSync("npm", ["pack", "--dry-run", "--json"], {
                cwd: root,
                stdio: ["ignore", "pipe", "ignore"],
            }).toString(),
        ) as [{ files: { path: string }[] }];
        const files = packed.files.map((file) => file.path);
        const outside = files.filter((file) => !/^bin\/(index|(components|policy)\/.*)\.(js|d\.ts)$/.test(file)).sort();
        assert.deepEqual(outside, [
            "CHANGELOG.md",
            "LICENSE",
            "NOTICE",
            "PulumiPlugin.yaml",
            "README.md",
            "package.json",
            "policy/PulumiPolicy.yaml",
            "policy/package.json",
        ]);
        const sources = ["components", "policy"].flatMap((folder) =>
            fs
                .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
                .filter((file) => file.endsWith(".ts"))
                .map((file) => `bin/${folder}/${file.replace(/\.ts$/, "")}`),
        );
        for (const module of ["bin/index", ...sources]) {
            assert.ok(files.includes(`${module}.js`) && files.includes(`${module}.d.ts`), module);
        }
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
