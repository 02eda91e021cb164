import assert from "node:assert/strict";
import fs from "node:fs";

import { scenes } from "../page/scenes";
import { CommandLine, clusterOf } from "./commandLine";

describe("npx pulumi-progressive-mesh report", () => {
    let line: CommandLine;

    beforeEach(async () => {
        line = await CommandLine.before(clusterOf(scenes.rolledBack(), scenes.underWay()));
    });

    afterEach(() => line.remove());

    it("writes the Canary's last rollout as one file, and asks for its namespace alone", async () => {
        const out = line.file("report.html");
        const ran = line.start("report", "apps/rolled-back", "--out", out);
        assert.equal(await ran.code, 0, ran.stderr);
        assert.equal(ran.stdout, `${out}: apps/rolled-back, rolled back\n`);
        const text = fs.readFileSync(out, "utf8");
        assert.match(text, /<h2 id="cause">Success rate was 50\.31 %, and has to be at least 99 %\.<\/h2>/);
        // Without Flagger's Deployment there are only the values of its events.
        assert.match(text, /its metrics server is not known/);
        assert.equal((text.match(/<svg /g) ?? []).length, 2);
        const lists = line.server.asked.filter((path) => /canaries|events/.test(path));
        assert.ok(lists.length > 0);
        assert.deepEqual(
            lists.filter((path) => !path.includes("/namespaces/apps/")),
            [],
        );
    });

    it("goes to the screen without a file, and says how far a rollout under way is", async () => {
        const shown = line.start("report", "apps/rolled-back");
        assert.equal(await shown.code, 0);
        assert.match(shown.stdout, /^<!doctype html>/);
        const out = line.file("half.html");
        const half = line.start("report", "apps/under-way", "--out", out);
        assert.equal(await half.code, 0);
        assert.match(half.stdout, /; the rollout is still under way, and the report says how far\n$/);
    });

    it("of a Canary that is not there names those that are, and ends with 2", async () => {
        const ran = line.start("report", "apps/none", "--out", line.file("none.html"));
        assert.equal(await ran.code, 2);
        assert.equal(ran.stderr, "There is no Canary apps/none. Its namespace has apps/rolled-back, apps/under-way.\n");
        assert.equal(fs.existsSync(line.file("none.html")), false);
    });

    it("says where Flagger is not there at all", async () => {
        line.remove();
        line = await CommandLine.before({});
        const ran = line.start("report", "apps/web");
        assert.equal(await ran.code, 2);
        assert.match(
            ran.stderr,
            /Flagger is not installed[\s\S]*There is no Canary apps\/web\. The namespace apps has none\.\n$/,
        );
    });

    it("says that a file could not be written, and ends with 2", async () => {
        const ran = line.start("report", "apps/rolled-back", "--out", line.file("no/such/folder.html"));
        assert.equal(await ran.code, 2);
        assert.match(ran.stderr, /^The report could not be written: ENOENT.*Give another file by --out\.\n$/);
    });
});
