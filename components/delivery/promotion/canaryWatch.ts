import type { KubeConfig } from "@kubernetes/client-node";

import type { Canary } from "./canaryFeed";

/** For so long the API server tells of changes, in seconds; then the Canaries are listed anew, so that nothing lost stays lost. */
const seconds = 30;
/** A connection that was cut without a word says nothing for ever: so much later than it ought to, it is given up; in milliseconds. */
const grace = 5_000;

/** What the API server tells of the Canaries of a namespace, from a list on. */
export class CanaryWatch {
    private open = false;
    private stopped = false;
    private connection?: AbortController;
    private overdue?: NodeJS.Timeout;

    private constructor(
        private readonly canaries: Map<string, Canary>,
        private readonly changed: (now: Canary | undefined, before: Canary | undefined) => void,
    ) {}

    /**
     * Begins to watch, after a list of this version. Until the API server has answered, and where it does not, nothing is known.
     * @param refused is called when the API server does not let this user watch
     */
    static from(
        client: typeof import("@kubernetes/client-node"),
        kubeconfig: KubeConfig,
        { path, resourceVersion, canaries }: { path: string; resourceVersion: string; canaries: Map<string, Canary> },
        { changed, refused }: { changed: CanaryWatch["changed"]; refused: () => void },
    ): CanaryWatch {
        const watch = new CanaryWatch(new Map(canaries), changed);
        void new client.Watch(kubeconfig)
            .watch(
                path,
                { resourceVersion, timeoutSeconds: seconds },
                (type: string, object: Canary) => watch.take(type, object),
                (error: unknown) => {
                    watch.stop();
                    const { statusCode = 0 } = (error ?? {}) as { statusCode?: number };
                    // One that is too old (410) or comes too often (429) may have better luck later.
                    if ([401, 403, 404, 405].includes(statusCode)) {
                        refused();
                    }
                },
            )
            .then((connection) => watch.connected(connection))
            // Without a connection there is nothing to stop, and the next list says why.
            .catch(() => watch.stop());
        return watch;
    }

    /** The Canaries as they are now, or undefined where the API server does not tell of them any more. */
    get now(): Map<string, Canary> | undefined {
        return this.open ? new Map(this.canaries) : undefined;
    }

    /** Whether it is over; one that is not answered yet is not. */
    get isOver(): boolean {
        return this.stopped;
    }

    /** Lets go of the connection, which would keep the program from ending. */
    stop(): void {
        this.open = false;
        this.stopped = true;
        clearTimeout(this.overdue);
        this.connection?.abort();
    }

    private connected(connection: AbortController): void {
        this.connection = connection;
        if (this.stopped) {
            connection.abort();
            return;
        }
        this.open = true;
        this.overdue = setTimeout(() => this.stop(), seconds * 1000 + grace);
    }

    private take(type: string, object: Canary): void {
        const name = object.metadata?.name;
        // An error is no Canary, and there is nothing to go on from.
        if (name === undefined) {
            this.stop();
            return;
        }
        const before = this.canaries.get(name);
        const now = type === "DELETED" ? undefined : object;
        if (now === undefined) {
            this.canaries.delete(name);
        } else {
            this.canaries.set(name, now);
        }
        this.changed(now, before);
    }
}
