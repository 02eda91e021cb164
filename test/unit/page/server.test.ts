import assert from "node:assert/strict";
import http from "node:http";
import { AddressInfo } from "node:net";

import { report } from "../../../components/page/render/document";
import { rolloutOf } from "../../../components/page/rollout";
import { serve } from "../../../components/page/server";
import { Source } from "../../../components/page/source";
import { event, scene, scenes, sourceOf, start } from "./scenes";

interface Answer {
    code: number;
    headers: http.IncomingHttpHeaders;
    text: string;
}

describe("the page's server", () => {
    let server: http.Server | undefined;

    afterEach(() => {
        server?.close();
        server?.closeAllConnections();
    });

    async function ask(
        source: Source,
        path = "/",
        headers: http.OutgoingHttpHeaders = {},
        method = "GET",
    ): Promise<Answer> {
        server ??= await serve(source, { address: "127.0.0.1", port: 0, grafana: "https://grafana.example/" });
        const { port } = server.address() as AddressInfo;
        return new Promise((resolve, reject) => {
            http.request({ port, host: "127.0.0.1", path, headers, method, agent: false }, (response) => {
                let text = "";
                response.on("data", (data: Buffer) => (text += data.toString()));
                response.on("end", () => resolve({ code: response.statusCode!, headers: response.headers, text }));
            })
                .on("error", reject)
                .end();
        });
    }

    beforeEach(() => {
        server = undefined;
    });

    const bad = () => sourceOf([scenes.promoted(), scenes.rolledBack()]);

    it("shows every Canary with a link to its own page, which says the cause and leads to Grafana", async () => {
        const all = await ask(bad());
        assert.equal(all.code, 200);
        assert.match(all.text, /<a id="to-apps\/rolled-back" href="\/canaries\/apps\/rolled-back"/);
        assert.match(all.text, /Success rate was 50\.31 %, and has to be at least 99 %\./);
        const one = await ask(bad(), "/canaries/apps/rolled-back");
        assert.match(one.text, /<h2 id="cause">Success rate was 50\.31 %/);
        assert.match(
            one.text,
            /href="https:\/\/grafana\.example\/d\/progressive-delivery-canary\?var-namespace=apps&#38;var-canary=rolled-back"/,
        );
        assert.match(one.text, /6\.0\.2-errors50/);
        // The weights and the success rate: Flagger did not come to the duration, and still gives the values of before.
        assert.equal((one.text.match(/<svg /g) ?? []).length, 2);
    });

    it("answers that nothing has changed, and answers anew when something has", async () => {
        const shown = [scenes.promoted()];
        const source = sourceOf(shown);
        const path = "/canaries/apps/promoted";
        const { headers } = await ask(source, path);
        const known = { "If-None-Match": headers.etag };
        assert.deepEqual([(await ask(source, path, known)).code, (await ask(source, path, known)).text], [304, ""]);
        shown[0]!.events.push(event("promoted", [100, "New revision detected! Scaling up podinfo.apps"]));
        const { code, text } = await ask(source, path, known);
        assert.equal(code, 200);
        assert.match(text, /New revision detected! Scaling up promoted\.apps/);
    });

    it("names what Flagger stands still at: in the table by the Canaries alone, on the page of one by what stands around it", async () => {
        const shown = sourceOf([scenes.promoted(), scenes.initialized()]);
        const { canaries } = await shown.look();
        const missing =
            /<section class="cause attention"[\s\S]*Deployment promoted, which it releases, does not exist\./;
        assert.doesNotMatch((await ask(shown, "/canaries/apps/promoted")).text, missing);
        let workloads: object | undefined = {};
        shown.around = () => Promise.resolve({ images: {}, around: { ...(workloads && { workloads }) } });
        assert.match((await ask(shown, "/canaries/apps/promoted")).text, missing);
        workloads = undefined;
        canaries[1]!.spec!.targetRef = canaries[0]!.spec!.targetRef;
        for (const path of ["/", "/canaries/apps/promoted"]) {
            assert.match((await ask(shown, path)).text, /Deployment promoted is the target of another Canary too\./);
        }
    });

    it("says that a fast rollback has the analysis skipped, and how that is taken back", async () => {
        const shown = [scenes.promoted()];
        const source = sourceOf(shown);
        const skipped = /<p class="problem">Its analysis is skipped .* or kubectl -n apps patch canary promoted /;
        assert.doesNotMatch((await ask(source, "/canaries/apps/promoted")).text, skipped);
        shown[0]!.canary.metadata!.annotations = { "progressive-mesh/fast-rollback": "2026-11-28T12:00:00Z" };
        assert.match((await ask(source, "/canaries/apps/promoted")).text, skipped);
    });

    it("is the same for programs", async () => {
        const { text, headers } = await ask(bad(), "/canaries.json");
        assert.match(headers["content-type"]!, /^application\/json/);
        const { rollouts } = JSON.parse(text) as { rollouts: { key: string; cause?: object }[] };
        assert.deepEqual(
            rollouts.map(({ key, cause }) => [key, cause !== undefined]),
            [
                ["apps/rolled-back", true],
                ["apps/promoted", false],
            ],
        );
    });

    it("answers no name but its own, so that no website's name that leads to loopback can read it", async () => {
        const source = bad();
        for (const host of [
            "rebound.example",
            "rebound.example:8765",
            "localhost.rebound.example",
            "127.0.0.1.rebound.example",
        ]) {
            const { code, text } = await ask(source, "/canaries.json", { Host: host });
            assert.equal(code, 421, host);
            assert.doesNotMatch(text, /rolled-back/);
        }
        for (const host of ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "127.0.0.1"]) {
            assert.equal((await ask(source, "/", { Host: host })).code, 200, host);
        }
    });

    it("lets no other origin read it, runs no script but its own, and changes nothing", async () => {
        const source = bad();
        const { headers } = await ask(source, "/", { Origin: "https://other.example" });
        assert.equal(headers["access-control-allow-origin"], undefined);
        assert.equal(headers["cross-origin-resource-policy"], "same-origin");
        assert.match(
            String(headers["content-security-policy"]),
            /^default-src 'none'; script-src 'self'; style-src 'self';/,
        );
        assert.doesNotMatch(String(headers["content-security-policy"]), /unsafe/);
        for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
            assert.equal((await ask(source, "/", {}, method)).code, 405, method);
        }
        assert.equal((await ask(source, "/", {}, "HEAD")).text, "");
    });

    it("asks nobody else for anything: every address in it is its own", async () => {
        const source = sourceOf([scenes.rolledBack()]);
        for (const path of ["/", "/page.css", "/page.js"]) {
            const { code, text } = await ask(source, path);
            assert.equal(code, 200);
            assert.doesNotMatch(text, /(src|href|url|@import)[=( ]["']?(https?:)?\/\/(?!grafana)/, path);
        }
    });

    it("knows no other page, and no Canary that is not there", async () => {
        const source = bad();
        for (const path of [
            "/x",
            "/canaries",
            "/canaries/apps",
            "/canaries/apps/none",
            "/canaries/apps/rolled-back/x",
            "/canaries/%/x",
            "/../etc/passwd",
        ]) {
            assert.equal((await ask(source, path)).code, 404, path);
        }
    });

    it("says what could not be looked at, and goes on", async () => {
        const some = await ask(
            sourceOf([scenes.rolledBack()], ["What Flagger said cannot be shown: events is forbidden."]),
        );
        assert.match(
            some.text,
            /<p class="problem" role="note">What Flagger said cannot be shown: events is forbidden\.<\/p>/,
        );
        server!.close();
        server = undefined;
        const source = { ...bad(), look: () => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:6443")) };
        const none = await ask(source);
        assert.equal(none.code, 200);
        assert.match(none.text, /could not be looked at.*ECONNREFUSED/s);
    });

    it("hides what an address in Flagger's words may hold of secrets, wherever they are shown", async () => {
        const said =
            "!Halt podinfo.apps advancement external check load failed Post https://hooks.example/T0/SECRET: refused";
        const rolledBack = scene("podinfo", { phase: "Failed" }, [
            [0, "New revision detected! Scaling up podinfo.apps"],
            [20, said],
            [30, "!Rolling back podinfo.apps progress deadline exceeded see https://hooks.example/T0/SECRET"],
        ]);
        const halted = scene("halted", { phase: "Progressing" }, [[20, said]]);
        const source = sourceOf([rolledBack, halted]);
        for (const path of ["/", "/canaries.json", "/canaries/apps/podinfo", "/canaries/apps/halted"]) {
            const { text } = await ask(source, path);
            assert.doesNotMatch(text, /SECRET/, path);
        }
        assert.match((await ask(source, "/canaries/apps/podinfo")).text, /https:\/\/hooks\.example\/\[hidden\]/);
    });

    it("shows what the cluster says as text, whatever it is", async () => {
        const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\`\${3}&amp;`;
        const evil = scene(
            "evil",
            { phase: `Failed${hostile}` },
            [
                [0, `!Halt podinfo.apps advancement external check ${hostile} failed ${hostile}`],
                [5, `New revision detected! Scaling up ${hostile}`],
                [10, `!Halt podinfo.apps advancement ${hostile} 1 > 0`],
            ],
            {
                images: { target: hostile, primary: hostile },
                analysis: {
                    metrics: [{ name: hostile, thresholdRange: { min: hostile, max: 1 } }],
                    stepWeights: [hostile],
                },
                values: new Map([[hostile, [{ time: start, value: 2 }]]]),
            },
        );
        evil.canary.metadata!.name = hostile;
        const source = { ...sourceOf([evil], [hostile]), cluster: hostile };
        const key = `/canaries/apps/${encodeURIComponent(hostile)}`;
        const rollout = rolloutOf(evil.canary, {
            events: evil.events,
            images: evil.images,
            measured: { values: evil.values },
            now: start,
        });
        const texts = [
            (await ask(source)).text,
            (await ask(source, key)).text,
            report(rollout, { cluster: hostile, problems: [hostile], now: start }),
        ];
        for (const text of texts) {
            // Of the page itself there is one script, by its address; a report has none.
            assert.doesNotMatch(text.replace('<script src="/page.js" defer></script>', ""), /<script|<img|onerror='/);
            assert.match(text, /&#60;script&#62;alert\(1\)/);
            assert.doesNotMatch(text, /="[^"]*"><script/);
        }
    });
});

describe("the report", () => {
    it("is one file with the cause, the values and the events, without a script or anything from elsewhere", () => {
        const { canary, events, images, values } = scenes.rolledBack();
        const rollout = rolloutOf(canary, { events, images, measured: { values }, now: start + 80_000 });
        const text = report(rollout, { cluster: "recorded", problems: [], now: start + 80_000 });
        assert.match(text, /<title>Rolled back: apps\/rolled-back<\/title>/);
        assert.match(
            text,
            /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/,
        );
        assert.match(text, /Success rate was 50\.31 %/);
        assert.equal((text.match(/<svg /g) ?? []).length, 2);
        assert.match(text, /Rolling back rolled-back\.apps failed checks threshold reached 5/);
        assert.doesNotMatch(text, /<script|<link|<img|<iframe|href="|src=/);
    });
});
