import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import { CanaryFeed } from "../../../../components/delivery/promotion/canaryFeed";
import { awaitPromotion } from "../../../../components/delivery/promotion/promotion";
import { ApiServer, Script, canaries, canary, deployment, kubeconfigFor, paths } from "./apiServer";

const named = (name: string, phase: string) => ({ metadata: { name }, status: { phase } });

describe("CanaryFeed", function () {
    this.slow(8_000);
    let server: ApiServer;

    const start = async (script: Script): Promise<void> => {
        server = await new ApiServer(script).start();
    };
    const feed = (namespace = "shop", token?: string): CanaryFeed => {
        const kubeconfig = new client.KubeConfig();
        kubeconfig.loadFromString(kubeconfigFor(server.port, token));
        return CanaryFeed.of(client, kubeconfig, namespace);
    };
    const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

    afterEach(() => server.stop());

    it("is one for a namespace of a cluster, and another for another namespace or user", async () => {
        await start({});
        assert.equal(feed(), feed());
        assert.notEqual(feed(), feed("others"));
        assert.notEqual(feed("shop", "a"), feed("shop", "b"));
        assert.equal(feed("others").namespace, "others");
    });

    // A program may be run again in the same process, when the first token is no longer good.
    it("asks with the token that it was made for", async () => {
        await start({ [paths.canaries]: [canaries()] });
        await feed("shop", "old").next(true);
        await feed("shop", "new").next(true);
        assert.deepEqual(server.tokens, ["Bearer old", "Bearer new"]);
    });

    it("answers by name", async () => {
        await start({ [paths.canaries]: [canaries(named("a", "Failed"), named("b", "Succeeded"))] });
        const found = await feed().next(true);
        assert.deepEqual([...found.keys()], ["a", "b"]);
        assert.deepEqual(found.get("b"), named("b", "Succeeded"));
    });

    it("gives all who ask before the question is put the same answer, and who asks later the next", async () => {
        await start({ [paths.canaries]: [canaries(named("a", "Progressing")), canaries(named("a", "Succeeded"))] });
        const [one, two] = [feed().next(true), feed().next(true)];
        assert.equal(one, two);
        await tick();
        const three = feed().next(true);
        const phases = (await Promise.all([one, three])).map((found) => found.get("a")?.status?.phase);
        assert.deepEqual(phases, ["Progressing", "Succeeded"]);
        assert.equal(server.count(paths.canaries), 2);
    });

    it("tells all who wait of a failure, and tries again for the next", async () => {
        await start({ [paths.canaries]: [[500, "down"], canaries()] });
        const refused = { code: 500 };
        await Promise.all([assert.rejects(feed().next(true), refused), assert.rejects(feed().next(true), refused)]);
        assert.deepEqual(await feed().next(true), new Map());
        assert.equal(server.count(paths.canaries), 2);
    });

    it("knows for all of its cluster when Flagger last began with a Canary that was at rest", async () => {
        const looks = [
            canaries(named("a", ""), named("b", "Succeeded"), named("c", "Progressing")),
            canaries(named("a", ""), named("b", "Succeeded"), named("c", "Succeeded"), named("new", "Initializing")),
            canaries(named("a", ""), named("b", "Progressing")),
            canaries(named("a", ""), named("b", "Progressing")),
            canaries(named("a", "Initialized"), named("b", "Progressing")),
        ];
        await start({ [paths.canaries]: looks });
        const moved: boolean[] = [];
        for (const _ of looks) {
            const before = feed().intakeMovedAt;
            await feed().next(true);
            moved.push(feed().intakeMovedAt !== before);
            assert.equal(feed("others").intakeMovedAt, feed().intakeMovedAt);
            assert.equal(feed("shop", "another").intakeMovedAt, undefined);
        }
        assert.deepEqual(moved, [false, false, true, false, true]);
    });

    it("asks for all at once, however many wait", async () => {
        const names = Array.from({ length: 10 }, (_, i) => `web${i}`);
        const all = (phase: string) =>
            canaries(...names.map((name) => canary(phase, {}, { metadata: { name, resourceVersion: phase } })));
        const at = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`;
        // The rollouts go on until each has had its first look.
        const isFirst = () => names.some((name) => server.count(at(name)) === 0);
        await start({
            [paths.canaries]: () => all(isFirst() ? "Progressing" : "Succeeded"),
            [paths.events]: [{ items: [] }],
            ...Object.fromEntries(
                names.flatMap((name) => [at(name), at(`${name}-primary`)]).map((path) => [path, [deployment("web:1")]]),
            ),
        });
        const kubeconfig = kubeconfigFor(server.port);
        await Promise.all(
            names.map((name) =>
                awaitPromotion(
                    {
                        subject: name,
                        kubeconfig,
                        namespace: "shop",
                        canaryName: name,
                        target: { kind: "Deployment", name },
                        intervalSeconds: 10,
                        timeoutSeconds: 60,
                    },
                    () => {},
                ),
            ),
        );
        // Two looks each. On a busy machine not all have the first one at once.
        const lists = server.count(paths.canaries);
        assert.ok(lists < names.length, `${names.length} waiting, ${lists} lists`);
        for (const name of names) {
            assert.deepEqual([server.count(at(name)), server.count(at(`${name}-primary`))], [2, 1]);
        }
    });

    describe("said", () => {
        const event = (name: string, message: string, time: object) => ({
            metadata: { name: message },
            involvedObject: { kind: "Canary", name },
            message,
            ...time,
        });

        it("gives the events of one Canary, oldest first", async () => {
            await start({
                [paths.events]: [
                    {
                        items: [
                            event("web", "third", { lastTimestamp: "2026-01-01T00:00:03Z" }),
                            event("web", "second", { eventTime: "2026-01-01T00:00:02.000000Z" }),
                            event("other", "another's", { lastTimestamp: "2026-01-01T00:00:01Z" }),
                            event("web", "first", {}),
                        ],
                    },
                ],
            });
            assert.deepEqual(
                (await feed().said("web")).map(({ message }) => message),
                ["first", "second", "third"],
            );
            assert.deepEqual(await feed().said("nobody"), []);
        });

        it("asks once for all who want to know at a time, also after a failure", async () => {
            await start({ [paths.events]: [[403, "no"], { items: [event("web", "hello", {})] }] });
            const refused = { code: 403 };
            await Promise.all([
                assert.rejects(feed().said("web"), refused),
                assert.rejects(feed().said("web"), refused),
            ]);
            assert.equal(server.count(paths.events), 1);
            const [mine, yours] = await Promise.all([feed().said("web"), feed().said("other")]);
            assert.deepEqual([mine.map((e) => e.message), yours], [["hello"], []]);
            assert.equal(server.count(paths.events), 2);
        });
    });
});
