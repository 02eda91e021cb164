import http from "node:http";

import { network } from "../network";
import { Json, ProxyConfig } from "./envoy";

/** The types of the resources that a proxy asks for, by the names that the paths of its questions have for them. */
const types = {
    clusters: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
    listeners: "type.googleapis.com/envoy.config.listener.v3.Listener",
    routes: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
} as const;
type Resources = keyof typeof types;
const kinds = Object.keys(types) as Resources[];

/** How long a question may stay open while nothing changes, in milliseconds; the proxy then asks again. */
const patience = 50_000;

/** How long routes and listeners are held back after clusters that they may need, in milliseconds. */
const clustersFirst = 300;

/** When a proxy that asks the very same question again gets the same answer again, in milliseconds. */
const sameAgain = 2000;

/** What a proxy asks, as far as it matters here. */
interface Question {
    node: { id: string };
    version_info?: string;
    resource_names?: string[];
}

/** What a proxy is to know of a kind, and its version. */
interface Known {
    resources: Map<string, { resource: Json; text: string }>;
    version: number;
}

interface Proxy {
    known: Record<Resources, Known>;
    clustersChanged: number;
    /** Questions that wait for something new. */
    waiting: Set<() => void>;
    /** When a question was answered last, and with which version. */
    answered: Map<string, { at: number; version: number; again?: true }>;
}

/**
 * Tells proxies what they have to do, by Envoy's discovery over REST: each asks for what has changed since the version that it
 * has, and the answer waits for a change. Files would do too, but Linux lets all programs of a user together watch 128 of
 * them and no more.
 */
export class Discovery {
    private readonly proxies = new Map<string, Proxy>();
    private readonly server: http.Server;

    constructor(private readonly warn: (text: string) => void) {
        this.server = http.createServer((request, response) => {
            const chunks: Buffer[] = [];
            request.on("data", (chunk: Buffer) => chunks.push(chunk));
            request.on("end", () => {
                const kind = kinds.find((k) => request.url === `/v3/discovery:${k}`);
                if (kind === undefined) {
                    response.writeHead(404).end();
                } else {
                    this.answer(kind, JSON.parse(Buffer.concat(chunks).toString()) as Question, response);
                }
            });
        });
        this.server.keepAliveTimeout = 10 * patience;
        this.server.listen(network.discovery.port, network.discovery.host);
    }

    /** Says what a proxy has to do from now on. */
    set(id: string, config: ProxyConfig): void {
        const none = (): Known => ({ resources: new Map(), version: 0 });
        const proxy = this.proxies.get(id) ?? {
            known: { clusters: none(), listeners: none(), routes: none() },
            clustersChanged: 0,
            waiting: new Set(),
            answered: new Map(),
        };
        this.proxies.set(id, proxy);
        const changed = kinds.filter((kind) => learn(proxy.known[kind], config[kind]));
        if (changed.includes("clusters")) {
            proxy.clustersChanged = Date.now();
        }
        if (changed.length > 0) {
            proxy.waiting.forEach((look) => look());
        }
    }

    forget(id: string): void {
        const proxy = this.proxies.get(id);
        this.proxies.delete(id);
        proxy?.waiting.forEach((look) => look());
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    private answer(kind: Resources, question: Question, response: http.ServerResponse): void {
        const { node, version_info: version = "", resource_names: names = [] } = question;
        const asked = [kind, version, ...names].join(" ");
        const proxy = this.proxies.get(node.id);
        if (proxy === undefined) {
            response.writeHead(404).end();
            return;
        }
        const { waiting, known } = proxy;
        const end = (status: number, body?: Json) => {
            waiting.delete(look);
            clearTimeout(timer);
            response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
        };
        const look = () => {
            const held = proxy.clustersChanged + clustersFirst - Date.now();
            // The first answers are all needed before the proxy begins.
            if (kind !== "clusters" && version !== "" && held > 0) {
                setTimeout(() => waiting.has(look) && look(), held);
                return;
            }
            const { resources, version: now } = known[kind];
            const wanted = [...resources].filter(([name]) => names.length === 0 || names.includes(name));
            // Routes are asked for one by one, and one whose listener is known may still be on its way.
            if (String(now) !== version && wanted.length >= names.length) {
                const last = proxy.answered.get(asked);
                if (last?.version === now && Date.now() < last.at + sameAgain) {
                    // Over REST a proxy does not say that it refuses an answer: it asks again, as soon as it may.
                    if (last.again === undefined) {
                        this.warn(`the proxy ${node.id} does not take its ${kind}: its log says why`);
                    }
                    last.again = true;
                    setTimeout(() => waiting.has(look) && look(), sameAgain);
                    return;
                }
                proxy.answered.set(asked, { ...last, at: Date.now(), version: now });
                end(200, {
                    version_info: String(now),
                    type_url: types[kind],
                    resources: wanted.map(([, { resource }]) => resource),
                });
            } else if (this.proxies.get(node.id) !== proxy) {
                end(304);
            }
        };
        const timer = setTimeout(() => end(304), patience);
        response.on("close", () => {
            waiting.delete(look);
            clearTimeout(timer);
        });
        waiting.add(look);
        look();
    }
}

/** Takes over resources, and answers whether that changed anything. */
function learn(known: Known, resources: Json[]): boolean {
    const next = new Map(resources.map((r) => [String(r.name), { resource: r, text: JSON.stringify(r) }]));
    const same =
        known.version > 0 &&
        next.size === known.resources.size &&
        [...next].every(([name, { text }]) => known.resources.get(name)?.text === text);
    if (!same) {
        known.resources = next;
        known.version += 1;
    }
    return !same;
}
