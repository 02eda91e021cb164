import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import { CanaryFeed } from "../../../../components/delivery/promotion/canaryFeed";
import { Answer, ApiServer, Script, kubeconfigFor, paths, watchable } from "./apiServer";
import { until } from "./update";

const named = (name: string, phase: string, status: object = {}) => ({
    metadata: { name },
    status: { phase, ...status },
});

describe("CanaryWatch", () => {
    let server: ApiServer;
    let feed: CanaryFeed;

    const start = async (lists: Answer[], more: Script = { [paths.watch]: [] }): Promise<void> => {
        server = await new ApiServer({ [paths.canaries]: lists, ...more }).start();
        const kubeconfig = new client.KubeConfig();
        kubeconfig.loadFromString(kubeconfigFor(server.port));
        feed = CanaryFeed.of(client, kubeconfig, "shop");
    };
    const { setTimeout: timer } = globalThis;
    /** Makes the pause between two looks so long, in milliseconds. */
    const pause = (milliseconds: number): void => {
        globalThis.setTimeout = ((callback: () => void, ms?: number) =>
            timer(callback, ms === 2_000 ? milliseconds : ms)) as typeof setTimeout;
    };
    const look = async (name = "web"): Promise<string | undefined> => (await feed.next(false)).get(name)?.status?.phase;
    /** What was told has time to come. */
    const arrived = () => new Promise((resolve) => timer(resolve, 100));
    const watching = (count: number) => until(() => server.watching === count);
    const lists = () => server.count(paths.canaries);

    beforeEach(() => pause(20));
    afterEach(() => {
        globalThis.setTimeout = timer;
        server.stop();
    });

    it("is told of what changes from the list on, and lists no more", async () => {
        await start([watchable(named("web", "Progressing"), named("gone", "Succeeded"))]);
        await feed.whileWaiting(async () => {
            await feed.next(true);
            await watching(1);
            assert.match(server.asked.at(-1)!, /\?watch=true&resourceVersion=7&timeoutSeconds=30$/);
            server.tell("MODIFIED", named("web", "Progressing", { canaryWeight: 10 }));
            server.tell("DELETED", named("gone", "Succeeded"));
            server.tell("ADDED", named("new", "Initializing"));
            await arrived();
            const seen = await feed.next(false);
            assert.deepEqual(
                [...seen].map(([name, { status }]) => [name, status]),
                [
                    ["web", { phase: "Progressing", canaryWeight: 10 }],
                    ["new", { phase: "Initializing" }],
                ],
            );
            assert.equal(await look("new"), "Initializing");
            assert.equal(lists(), 1);
        });
    });

    for (const [when, early] of [
        ["while it is waited for", false],
        ["between two looks", true],
    ] as const) {
        it(`looks at once when a Canary comes to rest ${when}`, async () => {
            await start([watchable(named("web", "Progressing"))]);
            await feed.whileWaiting(async () => {
                await feed.next(true);
                await watching(1);
                // Only the word of the API server can end it in time.
                pause(600_000);
                const seen = early ? undefined : look();
                server.tell("MODIFIED", named("web", "Finalising"));
                server.tell("MODIFIED", named("web", "Succeeded"));
                await arrived();
                assert.equal(await (seen ?? look()), "Succeeded");
            });
        });
    }

    it("lists for whoever looks for the first time", async () => {
        await start([watchable(named("web", "Progressing")), watchable(named("web", "Succeeded"))]);
        await feed.whileWaiting(async () => {
            await feed.next(true);
            await watching(1);
            assert.equal((await feed.next(true)).get("web")?.status?.phase, "Succeeded");
            assert.equal(server.watching, 1);
        });
    });

    it("lets go when nobody waits any more, so that the program can end", async () => {
        await start([watchable()]);
        await Promise.all(
            [1, 2].map(() =>
                feed.whileWaiting(async () => {
                    await feed.next(true);
                    await watching(1);
                }),
            ),
        );
        await watching(0);
        await feed.next(true);
        await watching(0);
        assert.equal(server.asked.filter((path) => path.includes("watch")).length, 1);
    });

    it("lets go of what is answered only when nobody waits any more", async () => {
        await start([watchable()]);
        await feed.whileWaiting(async () => {
            await feed.next(true);
        });
        await until(() => server.asked.some((path) => path.includes("watch")));
        await watching(0);
    });

    for (const [how, end] of [
        ["has ended", () => server.endWatches()],
        ["fails", () => server.tell("ERROR", { kind: "Status", code: 410, message: "too old resource version" })],
    ] as [string, () => void][]) {
        it(`lists and watches anew where the watch ${how}`, async () => {
            await start([watchable(named("web", "Progressing")), watchable(named("web", "Succeeded"))]);
            await feed.whileWaiting(async () => {
                await feed.next(true);
                await watching(1);
                end();
                await watching(0);
                assert.equal(await look(), "Succeeded");
                await watching(1);
                assert.equal(lists(), 2);
            });
        });
    }

    it("asks after each pause where it may not watch, and tries that once", async () => {
        await start([watchable(named("web", "Progressing")), watchable(named("web", "Succeeded"))], {});
        await feed.whileWaiting(async () => {
            await feed.next(true);
            assert.equal(await look(), "Succeeded");
            assert.equal(await look(), "Succeeded");
            assert.equal(lists(), 3);
            assert.equal(server.asked.length, 4);
        });
    });

    it("says what the API server says once it is gone", async () => {
        await start([watchable(named("web", "Progressing")), [500, "down"]]);
        await feed.whileWaiting(async () => {
            await feed.next(true);
            await watching(1);
            server.endWatches();
            await watching(0);
            await assert.rejects(feed.next(false), { code: 500 });
        });
    });
});
