import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { run } from "../../components/cli/command";
import { Rollout } from "../../components/page/rollout";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { chromiumHere, startChromium } from "../../scripts/chromium";

/** The rollout page of the lab's cluster, served by the command that users run. */
export class WatchedPage {
    private constructor(
        private readonly lab: Lab,
        private readonly address: string,
        private readonly end: () => Promise<number>,
    ) {}

    static async start(lab: Lab): Promise<WatchedPage> {
        let stop: () => void;
        const ended = new Promise<void>((resolve) => {
            stop = resolve;
        });
        const said: string[] = [];
        const say = (text: string) => said.push(text);
        const code = run(
            ["watch", "--port", "0", "--kubeconfig", lab.controlPlane.kubeconfigFile],
            { out: say, error: say },
            () => ended,
        );
        const address = await poll(() => /(http:\S+)/.exec(said.join(""))?.[1], 30);
        assert.ok(address, said.join(""));
        return new WatchedPage(lab, address, () => {
            stop();
            return code;
        });
    }

    /** What the page says of all Canaries, for programs. */
    async all(): Promise<{ problems: string[]; rollouts: Rollout[] }> {
        return (await (await fetch(`${this.address}canaries.json`)).json()) as {
            problems: string[];
            rollouts: Rollout[];
        };
    }

    /** The page of one Canary. */
    async of(key: string): Promise<string> {
        return (await fetch(`${this.address}canaries/${key}`)).text();
    }

    /** The page of one Canary once it shows this; fails with what it showed last. */
    async until(key: string, shown: RegExp, seconds: number): Promise<string> {
        let last = "";
        const found = await poll(
            async () => {
                last = await this.of(key);
                return shown.test(last) ? last : undefined;
            },
            seconds,
            2000,
        );
        assert.ok(found, `${String(shown)} never stood on the page, but at last:\n${last}`);
        return found;
    }

    /** The report on a Canary's last rollout, as the command writes it. */
    async report(key: string): Promise<string> {
        const file = path.join(this.lab.logs, `report-${key.replace("/", "-")}.html`);
        const said: string[] = [];
        const say = (text: string) => said.push(text);
        const args = ["report", key, "--out", file, "--kubeconfig", this.lab.controlPlane.kubeconfigFile];
        assert.equal(await run(args, { out: say, error: say }), 0, said.join(""));
        return fs.readFileSync(file, "utf8");
    }

    /** The cause that a person reads on a Canary's page in a real Chromium; undefined where none is installed. */
    async causeInChromium(key: string): Promise<string | undefined> {
        const installed = chromiumHere();
        if (installed === undefined) {
            console.log("      there is no Chromium here: the page was not looked at in one");
            return undefined;
        }
        const browser = await startChromium(installed);
        try {
            const page = await browser.newPage();
            const wrong: string[] = [];
            page.on("console", (message) => wrong.push(message.text()));
            page.on("pageerror", (error) => wrong.push(String(error)));
            await page.goto(`${this.address}canaries/${key}`);
            await page.locator(".live.on").waitFor();
            const cause = await page.locator("#cause").innerText();
            await page.screenshot({ path: path.join(this.lab.logs, "page.png"), fullPage: true });
            assert.deepEqual(wrong, []);
            return cause;
        } finally {
            await browser.close();
        }
    }

    /** Ends the command as Ctrl-C does, and answers with its exit code. */
    stop(): Promise<number> {
        return this.end();
    }
}
