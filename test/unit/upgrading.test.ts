import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { charts } from "../../components/charts";
import packageJson from "../../package.json";
import schema from "../../schema.json";
import { root } from "./docs";

const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const page = read("docs/upgrading.md");

describe("docs/upgrading.md", () => {
    it("has the ranges of the peers", () => {
        const rows = [...page.matchAll(/^\| `(@pulumi\/\w+)` +\| `([^`]+)` +\|$/gm)].map((match) => [
            match[1],
            match[2],
        ]);
        assert.deepEqual(Object.fromEntries(rows), packageJson.peerDependencies);
        assert.ok(page.includes(`Node.js ${packageJson.engines.node.replace(">=", "")} or newer`));
    });

    it("names the pinned Flagger, and the Kubernetes that the lab has and that is the default", () => {
        assert.ok(page.includes(`pins one version of Flagger, ${charts.flagger.version} now`));
        const ofLab = /k8s\.io\/kubernetes v(\d+\.\d+)\./.exec(read("lab/toolchain/modules/kubernetes/go.mod"))![1]!;
        assert.match(page, new RegExp(`rehearsed on Kubernetes ${ofLab.replace(".", "\\.")},\\s+which`));
        assert.ok(read("components/cluster/eksCluster.ts").includes(`defaultVersion = "${ofLab}"`));
    });

    it("names tests that there are", () => {
        const named = [...page.matchAll(/`(test\/[\w/.]+)`/g)].map((match) => match[1]!);
        assert.ok(named.length >= 3);
        assert.deepEqual(
            named.filter((file) => !fs.existsSync(path.join(root, file))),
            [],
        );
    });

    it("is right that no argument is deprecated", () => {
        assert.ok(page.includes("There is\nnone so far") || page.includes("There is none so far"));
        assert.ok(!/deprecationMessage/.test(JSON.stringify(schema)));
    });
});
