import { createHash } from "node:crypto";

import { Markup, html } from "../markup";
import { Rollout } from "../rollout";
import { detail } from "./detail";
import { style } from "./style";
import { dayAndClock, time } from "./times";

/** A page as the server sends it. */
export interface Page {
    title: string;
    /** What somebody who does not see it is told when it changes. */
    headline: string;
    /** Which cluster it is of. */
    cluster: string;
    /** What could not be looked at. */
    problems: string[];
    main: Markup;
}

/** A page that keeps itself up to date, and the mark of what it says. */
export function livePage({ title, headline, cluster, problems, main }: Page): { text: string; tag: string } {
    const content = html`${problems.map((problem) => html`<p class="problem" role="note">${problem}</p>`)}${main}`;
    const tag = `"${createHash("sha256").update(content.text).digest("base64url").slice(0, 22)}"`;
    const { text } = html`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>${title}</title>
                <link rel="stylesheet" href="/page.css" />
                <link rel="icon" href="data:," />
                <script src="/page.js" defer></script>
                <noscript><meta http-equiv="refresh" content="5" /></noscript>
            </head>
            <body>
                <a class="skip" href="#main">To the content</a>
                <header>
                    <a href="/">All canaries</a>
                    <p>${cluster}</p>
                    <p class="live">Reloads every few seconds</p>
                </header>
                <p role="status" class="skip"></p>
                <main id="main" tabindex="-1" data-tag="${tag}" data-headline="${headline}">${content}</main>
                <footer>
                    <p>Read-only: nothing on this page changes anything. <a href="/canaries.json">As JSON</a></p>
                </footer>
            </body>
        </html> `;
    return { text, tag };
}

/** A rollout as one file that needs nothing else: no script, no network. Browsers are told to give it none. */
export function report(
    rollout: Rollout,
    { cluster, problems, now }: { cluster: string; problems: string[]; now: number },
): string {
    const sheet = new Markup(style);
    return html`<!doctype html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
                <title>${rollout.phase.word}: ${rollout.key}</title>
                <style>
                    ${sheet}
                </style>
            </head>
            <body>
                <header>
                    <p>Rollout report</p>
                    <p>${cluster}</p>
                    <p>as of ${time(now, dayAndClock(now))}</p>
                </header>
                <main id="main">
                    ${problems.map((problem) => html`<p class="problem">${problem}</p>`)}${detail(rollout)}
                </main>
            </body>
        </html> `.text;
}
