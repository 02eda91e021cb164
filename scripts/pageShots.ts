import fs from "node:fs";
import { AddressInfo } from "node:net";
import path from "node:path";

import { serve } from "../components/page/server";
import { chromiumHere, startChromium } from "./chromium";
import { Scene, scenes, sourceOf, start } from "../test/unit/page/scenes";

/** The scene as long ago as it takes for it to be now. */
function until(now: number, scene: Scene): Scene {
    const later = (date: Date | string | undefined) => new Date(Number(new Date(date ?? 0)) + (now - scene.now) * 1000);
    const { canary } = scene;
    const { lastTransitionTime } = canary.status ?? {};
    return {
        ...scene,
        now,
        canary: {
            ...canary,
            status: {
                ...canary.status,
                ...(lastTransitionTime !== undefined && {
                    lastTransitionTime: later(lastTransitionTime).toISOString(),
                }),
            },
        },
        events: scene.events.map((event) => ({
            ...event,
            firstTimestamp: later(event.firstTimestamp),
            lastTimestamp: later(event.lastTimestamp),
        })),
    };
}

/**
 * Takes pictures of the page in a real Chromium, for somebody to look at: `npm run page-shots -- folder`.
 */
async function main(folder = "page-shots"): Promise<void> {
    fs.mkdirSync(folder, { recursive: true });
    const all = Object.values(scenes).map((scene) => scene());
    const together = all.map((scene) => until(7200, scene));
    const many = Array.from({ length: 60 }, (_, index): Scene => {
        const one = together[index % together.length]!;
        const metadata = { namespace: "apps", name: `${one.canary.metadata!.name}-${index}` };
        return { ...one, canary: { ...one.canary, metadata } };
    });
    const installed = chromiumHere();
    if (installed === undefined) {
        throw new Error("There is no Chromium on PATH: install one, or name one by PROGRESSIVE_MESH_CHROMIUM.");
    }
    const browser = await startChromium(installed);
    const shoot = async (name: string, shown: Scene[], place: string, colorScheme: "light" | "dark", width = 1100) => {
        const now = Math.max(...shown.map((scene) => scene.now));
        const clock = Date.now;
        Date.now = () => start + now * 1000;
        const server = await serve(sourceOf(shown), { address: "127.0.0.1", port: 0 });
        const context = await browser.newContext({
            colorScheme,
            viewport: { width, height: 800 },
            reducedMotion: "reduce",
        });
        const page = await context.newPage();
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${place}`);
        await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true });
        const overflow = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
        console.log(
            `${name} ${colorScheme} ${width}: ${overflow === true ? "WIDER THAN THE WINDOW; " : ""}${said.join("; ") || "no complaints"}`,
        );
        await context.close();
        server.close();
        server.closeAllConnections();
        Date.now = clock;
    };
    for (const scene of all) {
        await shoot(scene.canary.metadata!.name!, [scene], `/canaries/apps/${scene.canary.metadata!.name}`, "light");
    }
    const bad = scenes.rolledBack();
    await shoot("rolled-back", [bad], "/canaries/apps/rolled-back", "dark");
    await shoot("rolled-back", [bad], "/canaries/apps/rolled-back", "light", 360);
    await shoot("fleet", together, "/", "light");
    await shoot("fleet", together, "/", "dark");
    await shoot("fleet", together, "/", "dark", 360);
    await shoot("many", many, "/", "light");
    await shoot("waiting", [scenes.waiting()], "/canaries/apps/waiting", "dark", 360);
    await shoot("none", [scenes.initialized()].slice(1), "/", "light");
    await browser.close();
}

void main(...process.argv.slice(2));
