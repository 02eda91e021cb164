import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

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

describe("the package", () => {
    it("holds compiled code, typings and what Pulumi needs to load it, and nothing of the lab or the tests", function () {
        this.timeout(120_000);
        const [packed] = JSON.parse(
            execFileSync("npm", ["pack", "--dry-run", "--json"], {
                cwd: root,
                stdio: ["ignore", "pipe", "ignore"],
            }).toString(),
        ) as [{ files: { path: string; size: number }[]; size: number; unpackedSize: number }];
        console.log(
            `      ${packed.files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
        );
        assert.ok(packed.size < 1_000_000, `${packed.size} bytes: something is in it that does not belong there`);
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
        const { bin } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { bin: object };
        assert.deepEqual(bin, { "pulumi-progressive-mesh": "bin/components/cli/main.js" });
        for (const module of ["bin/index", ...sources]) {
            assert.ok(files.includes(`${module}.js`) && files.includes(`${module}.d.ts`), module);
        }
        const told = files.flatMap((file) => secretsIn(fs.readFileSync(path.join(root, file), "utf8"), file));
        assert.deepEqual(told, []);
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
