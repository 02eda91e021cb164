import { execFileSync } from "node:child_process";

import { Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium of this machine: what PROGRESSIVE_MESH_CHROMIUM names, or the first on PATH; undefined where there is none. */
export function chromiumHere(): string | undefined {
    const named = process.env.PROGRESSIVE_MESH_CHROMIUM;
    if (named !== undefined && named !== "") {
        return named;
    }
    for (const name of names) {
        try {
            return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
        } catch {
            // The next one may be there.
        }
    }
    return undefined;
}

/** Starts it without a window. Its own sandbox needs what neither root nor the lab's namespaces have. */
export function startChromium(executablePath: string): Promise<Browser> {
    return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
