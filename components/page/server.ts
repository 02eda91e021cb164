import http from "node:http";
import net from "node:net";

import { messageOf } from "../apiError";
import { uids } from "../observability/canaryDashboard";
import { html } from "./markup";
import { detail } from "./render/detail";
import { Page, livePage } from "./render/document";
import { fleet } from "./render/fleet";
import { script } from "./render/script";
import { style } from "./render/style";
import { Rollout, urgentFirst } from "./rollout";
import { Source, rolloutsOf, wholeRollout } from "./source";

/** Where the page is served. */
export interface ServeArgs {
    address: string;
    port: number;
    /** Grafana's address, for links. */
    grafana?: string;
}

const headers = {
    "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
};

/** Serves the page of a source; answers with the server once it listens. */
export function serve(source: Source, args: ServeArgs): Promise<http.Server> {
    const server = http.createServer((request, response) => {
        void answer(source, args, request).then(({ code, type, text, tag }) => {
            response.writeHead(code, {
                ...headers,
                "Content-Type": `${type}; charset=utf-8`,
                ...(tag !== undefined && { ETag: tag }),
            });
            response.end(request.method === "HEAD" ? undefined : text);
        });
    });
    return new Promise((resolve, reject) => {
        server.on("error", reject);
        server.listen(args.port, args.address, () => resolve(server));
    });
}

interface Answer {
    code: number;
    type: string;
    text?: string;
    tag?: string;
}

const plain = (code: number, text: string): Answer => ({ code, type: "text/plain", text: `${text}\n` });

async function answer(source: Source, args: ServeArgs, request: http.IncomingMessage): Promise<Answer> {
    if (!isOwnName(request.headers.host, args.address)) {
        return plain(
            421,
            "This page answers to localhost and to addresses in numbers alone, so that no website can read it.",
        );
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
        return plain(405, "This page is read-only.");
    }
    const path = new URL(request.url ?? "/", "http://page").pathname;
    switch (path) {
        case "/page.css":
            return { code: 200, type: "text/css", text: style };
        case "/page.js":
            return { code: 200, type: "text/javascript", text: script };
        default:
            return content(source, args, path, request.headers["if-none-match"]);
    }
}

/**
 * Whether a request was meant for this server. A website whose name leads to loopback all at once (DNS rebinding) has its browser
 * send that name.
 */
function isOwnName(host: string | undefined, address: string): boolean {
    const name = host?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1") ?? "";
    return name === "localhost" || name === address || net.isIP(name) !== 0;
}

async function content(source: Source, args: ServeArgs, path: string, known: string | undefined): Promise<Answer> {
    const [, area, namespace, name, more] = path.split("/");
    const key =
        area === "canaries" && name !== undefined && more === undefined ? decoded(`${namespace}/${name}`) : undefined;
    if (path !== "/" && path !== "/canaries.json" && key === undefined) {
        return plain(404, "There is no such page.");
    }
    const now = Date.now();
    const { cluster } = source;
    try {
        const sight = await source.look();
        const { problems } = sight;
        if (key === undefined) {
            const rollouts = rolloutsOf(sight, now);
            return path === "/"
                ? page(
                      { title: "Canaries", headline: headlineOf(rollouts), cluster, problems, main: fleet(rollouts) },
                      known,
                  )
                : {
                      code: 200,
                      type: "application/json",
                      text: JSON.stringify({ cluster, problems, rollouts: urgentFirst(rollouts) }),
                  };
        }
        const rollout = await wholeRollout(source, sight, key, now);
        return rollout === undefined
            ? {
                  ...page(
                      { title: key, headline: "", cluster, problems, main: html`<h1>There is no Canary ${key}</h1>` },
                      undefined,
                  ),
                  code: 404,
              }
            : page(
                  {
                      title: `${rollout.phase.word}: ${key}`,
                      headline: headlineOf([rollout]),
                      cluster,
                      problems,
                      main: detail(rollout, linksOf(rollout, args)),
                  },
                  known,
              );
    } catch (error) {
        const main = html`<h1>The cluster could not be looked at</h1>
            <p class="problem">${messageOf(error)}</p>
            <p>This page tries again by itself.</p>`;
        return page(
            { title: "No answer", headline: "The cluster could not be looked at", cluster, problems: [], main },
            known,
        );
    }
}

function page(content: Page, known: string | undefined): Answer {
    const { text, tag } = livePage(content);
    return tag === known ? { code: 304, type: "text/html", tag } : { code: 200, type: "text/html", text, tag };
}

/** What is worth being told of: not each step, but what asks for somebody, and what has ended. */
function headlineOf(rollouts: Rollout[]): string {
    return urgentFirst(rollouts)
        .filter(({ phase }) => phase.tone === "bad" || phase.tone === "attention")
        .slice(0, 3)
        .map(({ key, phase }) => `${key}: ${phase.word}`)
        .join("; ");
}

function linksOf({ namespace, name }: Rollout, { grafana }: ServeArgs): { text: string; address: string }[] {
    if (grafana === undefined) {
        return [];
    }
    const asked = new URLSearchParams({ "var-namespace": namespace, "var-canary": name });
    return [{ text: "In Grafana", address: `${grafana.replace(/\/+$/, "")}/d/${uids().canary}?${asked.toString()}` }];
}

function decoded(text: string): string | undefined {
    try {
        return decodeURIComponent(text);
    } catch {
        return undefined;
    }
}
