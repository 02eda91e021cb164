import http from "node:http";
import { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What is answered: an object as it is, a number as the code of a failure with this message. */
export type Answer = object | [code: number, message: string];

/**
 * What each path answers, one after the other, and then the last for ever; or what it answers now. What has no script is not
 * found.
 */
export type Script = Record<string, Answer[] | (() => Answer)>;

/** The paths of what a wait for the application "web" in "shop" reads. */
export const paths = {
    canaries: "/apis/flagger.app/v1beta1/namespaces/shop/canaries",
    /** Whoever has a script for this one lets them be watched. */
    watch: "/apis/flagger.app/v1beta1/namespaces/shop/canaries?watch=true",
    events: "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.kind%3DCanary",
    target: "/apis/apps/v1/namespaces/shop/deployments/web",
    primary: "/apis/apps/v1/namespaces/shop/deployments/web-primary",
};

/** An API server on loopback that reads from a script. */
export class ApiServer {
    /** The paths that were asked, in order. */
    readonly asked: string[] = [];
    /** The tokens that came with the requests, in the same order. */
    readonly tokens: (string | undefined)[] = [];
    /** The forms in which the answers were wanted, in the same order. */
    readonly accepts: (string | undefined)[] = [];
    /** What was sent to be made or changed. */
    readonly sent: { method: string; path: string; body: string }[] = [];
    private readonly watchers = new Set<http.ServerResponse>();
    private readonly server = http.createServer((request, response) => {
        const { url = "", headers, method = "GET" } = request;
        if (url.includes("?watch=true") && this.script[paths.watch] !== undefined) {
            this.asked.push(url);
            this.watchers.add(response.writeHead(200, { "Content-Type": "application/json" }));
            response.on("close", () => this.watchers.delete(response)).flushHeaders();
            return;
        }
        const times = this.asked.filter((path) => path === url).length;
        this.asked.push(url);
        this.tokens.push(headers.authorization);
        this.accepts.push(headers.accept);
        const answers = this.script[url] ?? [[404, "not found"]];
        const answer = Array.isArray(answers) ? answers[Math.min(times, answers.length - 1)]! : answers();
        const [code, body] = Array.isArray(answer)
            ? [answer[0] as number, { kind: "Status", code: answer[0] as number, message: answer[1] as string }]
            : [200, answer];
        // A service behind it refuses in words of its own.
        const own = Array.isArray(answer) && url.includes("/proxy/");
        const answered = own ? (answer[1] as string) : JSON.stringify(body);
        void text(request).then((sent) => {
            if (method !== "GET") {
                this.sent.push({ method, path: url, body: sent });
            }
            response.writeHead(code, { "Content-Type": "application/json" }).end(answered);
        });
    });

    constructor(private readonly script: Script) {}

    async start(port = 0): Promise<this> {
        await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
        return this;
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    /** The bodies of what was sent, in order. */
    get changes(): unknown[] {
        return this.sent.map(({ body }) => JSON.parse(body) as unknown);
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    /** How many watch now. */
    get watching(): number {
        return this.watchers.size;
    }

    /** Tells whoever watches of something. */
    tell(type: string, object: object): void {
        this.watchers.forEach((response) => response.write(`${JSON.stringify({ type, object })}\n`));
    }

    /** Ends what is watched. */
    endWatches(): void {
        this.watchers.forEach((response) => response.end());
    }

    /** How often a path was asked. */
    count(path: string): number {
        return this.asked.filter((asked) => asked === path).length;
    }
}

/** A kubeconfig for a server on loopback. */
export function kubeconfigFor(port: number, token?: string): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        // The client takes plain HTTP only from one who does not care for certificates either.
        clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    });
}

/** A list of Canaries. */
export const canaries = (...items: object[]) => ({ items });

/** A list of Canaries from which on they can be watched. */
export const watchable = (...items: object[]) => ({ metadata: { resourceVersion: "7" }, items });

/** The Canary "web" in this phase. */
export const canary = (phase: string, status: object = {}, changes: object = {}) => ({
    metadata: { name: "web", namespace: "shop", resourceVersion: `${phase}${JSON.stringify(status)}` },
    status: { phase, ...status },
    ...changes,
});

/** A Deployment that runs this image and has rolled out. */
export const deployment = (image: string, spec: object = {}) => ({
    metadata: { generation: 1 },
    spec: { replicas: 1, template: { spec: { containers: [{ name: "web", image, ...spec }] } } },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
});
