import assert from "node:assert/strict";
import http from "node:http";
import { AddressInfo } from "node:net";

import axe from "axe-core";
import type { Browser, Page } from "playwright-core";

import { report } from "../../components/page/render/document";
import { rolloutOf } from "../../components/page/rollout";
import { serve } from "../../components/page/server";
import { chromiumHere, startChromium } from "../../scripts/chromium";
import { scenes, sourceOf, start } from "../unit/page/scenes";

const installed = chromiumHere();

/** What axe finds, in lines: the rule, and where. */
async function findings(page: Page): Promise<string[]> {
    await page.addScriptTag({ content: axe.source });
    const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
    return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id} (${help}): ${target.join(" ")}`),
    );
}

describe(`the page in a real Chromium${installed === undefined ? " (skipped: there is none on this machine)" : ""}`, function () {
    this.timeout(180_000);
    const all = Object.values(scenes).map((scene) => scene());
    let browser: Browser;
    let server: http.Server;
    let address: string;

    before(async function () {
        if (installed === undefined) {
            this.skip();
        }
        browser = await startChromium(installed);
        server = await serve(sourceOf(all), { address: "127.0.0.1", port: 0 });
        address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });

    after(async () => {
        await browser?.close();
        server?.close();
        server?.closeAllConnections();
    });

    async function open(place: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
        // axe is put into the page, which otherwise runs no script but its own.
        const context = await browser.newContext({ bypassCSP: true, ...options });
        const page = await context.newPage();
        await page.goto(`${address}${place}`);
        return page;
    }

    for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [1100, 360]) {
            it(`has nothing that axe complains of: ${colorScheme}, ${width} pixels wide`, async () => {
                for (const place of [
                    "/",
                    "/canaries/apps/rolled-back",
                    "/canaries/apps/waiting",
                    "/canaries/apps/under-way",
                ]) {
                    const page = await open(place, { colorScheme, viewport: { width, height: 800 } });
                    assert.deepEqual(await findings(page), [], place);
                    assert.equal(
                        await page.evaluate("document.documentElement.scrollWidth > innerWidth"),
                        false,
                        place,
                    );
                    await page.context().close();
                }
            });
        }
    }

    it("is as good as a report", async () => {
        const { canary, events, images, values } = scenes.rolledBack();
        const rollout = rolloutOf(canary, { events, images, measured: { values }, now: start + 80_000 });
        const page = await open("/");
        await page.setContent(report(rollout, { cluster: "recorded", problems: [], now: start }));
        assert.deepEqual(await findings(page), []);
        await page.context().close();
    });

    it("says the cause of a failed rollout without scrolling, on a phone too", async () => {
        const page = await open("/canaries/apps/rolled-back", { viewport: { width: 360, height: 640 } });
        const box = await page.locator("#cause").boundingBox();
        assert.ok(box !== null && box.y + box.height < 320, JSON.stringify(box));
        await page.context().close();
    });

    it("is used by keys alone: past the heading, into a Canary and its tables", async () => {
        const page = await open("/");
        const focused = () => page.evaluate("document.activeElement.id || document.activeElement.className");
        await page.keyboard.press("Tab");
        assert.equal(await focused(), "skip");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        assert.match(String(await focused()), /^to-apps\//);
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/canaries\/apps\//);
        const summary = page.locator("summary").first();
        await summary.focus();
        await page.keyboard.press("Enter");
        assert.equal(await page.locator("details").first().getAttribute("open"), "");
        await page.context().close();
    });

    it("moves nothing for whoever asks for no motion", async () => {
        const moving = "document.getAnimations().length";
        const still = await open("/", { reducedMotion: "reduce" });
        await still.locator(".live.on").waitFor();
        assert.equal(await still.evaluate(moving), 0);
        await still.context().close();
        const usual = await open("/", { reducedMotion: "no-preference" });
        await usual.locator(".live.on").waitFor();
        assert.equal(await usual.evaluate(moving), 1);
        await usual.context().close();
    });
});
