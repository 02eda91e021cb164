import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { PromotionArgs, awaitPromotion } from "../../../../components/delivery/promotion/promotion";
import { rolledOut } from "../../../../components/delivery/promotion/rolloutProgress";
import { rolloutOf } from "../../../../components/page/rollout";
import { Answer, ApiServer, Script, canaries, canary, deployment, kubeconfigFor, paths } from "./apiServer";

const args = {
    subject: 'CanaryApp "shop"',
    namespace: "shop",
    canaryName: "web",
    target: { kind: "Deployment", name: "web" },
    intervalSeconds: 10,
    timeoutSeconds: 60,
};
/** As if Flagger took no time at all, so that what it says holds at the first look. */
const atOnce = { intervalSeconds: -10 };

const event = (message: string, second: number, changes: object = {}) => ({
    metadata: { name: `web.${second}` },
    involvedObject: { kind: "Canary", name: "web" },
    lastTimestamp: `2026-01-01T00:00:0${second}Z`,
    type: "Normal",
    message,
    ...changes,
});
const warning = (message: string, second: number) => event(message, second, { type: "Warning" });

describe("awaitPromotion", () => {
    let server: ApiServer | undefined;
    let said: string[];

    const wait = async (script: Script, changes: Partial<PromotionArgs> = {}): Promise<void> => {
        said = [];
        server = await new ApiServer(script).start();
        await awaitPromotion({ ...args, kubeconfig: kubeconfigFor(server.port), ...changes }, (line) => {
            said.push(line);
        });
    };
    /** The error of a wait, in lines. */
    const failure = async (script: Script, changes: Partial<PromotionArgs> = {}): Promise<string[]> => {
        try {
            await wait(script, changes);
        } catch (error) {
            assert.ok(pulumi.RunError.isInstance(error), String(error));
            assert.equal(error.stack, error.message);
            return error.message.split("\n");
        }
        throw new assert.AssertionError({ message: "the wait was to fail" });
    };
    const world = (phase: Answer[], target: Answer[], primary: Answer[], more: Script = {}): Script => ({
        [paths.canaries]: phase,
        [paths.target]: target,
        [paths.primary]: primary,
        [paths.events]: [{ items: [] }],
        ...more,
    });
    const [v1, v2] = [deployment("web:1"), deployment("web:2")];

    const { setTimeout: timer } = globalThis;
    // The pause between two looks; another test measures it.
    before(() => {
        const hasty = (callback: () => void, ms?: number) => timer(callback, ms === 2_000 ? 20 : ms);
        globalThis.setTimeout = hasty as typeof setTimeout;
    });
    after(() => {
        globalThis.setTimeout = timer;
    });
    afterEach(() => {
        server?.stop();
        server = undefined;
    });

    it("ends after one look, and in silence, where all is promoted", async () => {
        await wait(world([canaries(canary("Succeeded"))], [v1], [v1]));
        assert.deepEqual(server!.asked, [paths.canaries, paths.target, paths.primary]);
        assert.deepEqual(said, []);
    });

    it("reads no more than the Canary while Flagger has not taken it in, once there is what it releases", async () => {
        const unseen = canaries(canary(""));
        const missing: Answer = [404, "no"];
        await wait(
            world(
                [unseen, unseen, unseen, unseen, canaries(canary("Succeeded"))],
                [missing, v1],
                [missing, missing, v1],
            ),
        );
        assert.deepEqual(
            server!.asked.filter((path) => path !== paths.events),
            [
                ...[paths.canaries, paths.target, paths.primary],
                ...[paths.canaries, paths.target, paths.primary],
                ...[paths.canaries, paths.canaries],
                ...[paths.canaries, paths.target, paths.primary],
            ],
        );
    });

    it("takes the image that the program gave for its own", async () => {
        await wait(world([canaries(canary("Succeeded"))], [v1], [v1]), { image: "web:1" });
        assert.deepEqual(said, []);
    });

    it("follows a rollout to its end, tells each state once, and reads the primary only when Flagger is at rest", async () => {
        await wait(
            world(
                [
                    canaries(canary("Succeeded")),
                    canaries(canary("Progressing", { canaryWeight: 10 })),
                    canaries(canary("Progressing", { canaryWeight: 10 })),
                    canaries(canary("Succeeded")),
                ],
                [v2],
                [v1, v2],
                { [paths.events]: [{ items: [] }, { items: [event("Advance web.shop canary weight 10", 1)] }] },
            ),
        );
        assert.deepEqual(said, ["not begun yet", "[##------------------]  10 %  under way", "ok promoted"]);
        assert.deepEqual(server!.asked, [
            ...[paths.canaries, paths.target, paths.primary, paths.events],
            ...[paths.canaries, paths.target, paths.events],
            // Nothing has moved.
            paths.canaries,
            ...[paths.canaries, paths.target, paths.primary],
        ]);
    });

    it("waits for a Canary that Flagger has not seen yet", async () => {
        await wait(world([canaries(), canaries(canary("Initialized"))], [v1], [[404, "no"], v1]));
        assert.deepEqual(said, ["not seen by Flagger yet", "ok promoted"]);
    });

    it("waits for the primary's pods", async () => {
        const coming = { ...v1, status: { ...v1.status, availableReplicas: 0 } };
        await wait(world([canaries(canary("Succeeded"))], [v1], [coming, v1]));
        assert.deepEqual(said, ["promoted, but not all of the primary's pods are ready", "ok promoted"]);
    });

    describe("the configuration", () => {
        const config = (name: string) => `/api/v1/namespaces/shop/configmaps/${name}`;
        const secretOf = (name: string) => `/api/v1/namespaces/shop/secrets/${name}`;
        const uses = (configMap: string, secret: string) =>
            deployment("web:1", { envFrom: [{ configMapRef: { name: configMap } }, { secretRef: { name: secret } }] });
        const [target, primary] = [uses("a", "b"), uses("a-primary", "b-primary")];
        const atRest = [canaries(canary("Succeeded"))];

        it("is compared with its copies", async () => {
            await wait(
                world(atRest, [target], [primary], {
                    [config("a")]: [{ data: { X: "2" } }],
                    [config("a-primary")]: [{ data: { X: "1" } }, { data: { X: "2" } }],
                    [secretOf("b")]: [{ data: { Y: "Mg==" } }],
                    [secretOf("b-primary")]: [{ data: { Y: "Mg==" } }],
                }),
            );
            assert.deepEqual(said, ["not begun yet", "ok promoted"]);
            assert.equal(server!.count(config("a-primary")), 2);
        });

        it("keeps it waiting when a secret is not the same, nor as much", async () => {
            await wait(
                world(atRest, [target], [primary], {
                    [config("a")]: [{}],
                    [config("a-primary")]: [{}],
                    [secretOf("b")]: [{ data: { Y: "Mg==" } }],
                    [secretOf("b-primary")]: [{ data: { Y: "Mg==", Z: "" } }, { data: { Y: "Mg==" } }],
                }),
            );
            assert.deepEqual(said, ["not begun yet", "ok promoted"]);
        });

        it("keeps it waiting until the copies are there", async () => {
            await wait(
                world(atRest, [target], [primary], {
                    [config("a")]: [{ data: { X: "1" } }],
                    [config("a-primary")]: [[404, "not found"], { data: { X: "1" } }],
                }),
            );
            assert.deepEqual(said, ["not begun yet", "ok promoted"]);
        });

        it("is not read where Flagger does not follow it", async () => {
            await wait(world(atRest, [target], [target]));
            assert.deepEqual(server!.asked, [paths.canaries, paths.target, paths.primary]);
        });
    });

    describe("a DaemonSet", () => {
        const at = (name: string) => `/apis/apps/v1/namespaces/shop/daemonsets/${name}`;
        const daemonSet = (image: string, nodeSelector?: object, available = 3) => ({
            metadata: { generation: 2 },
            spec: { template: { spec: { containers: [{ name: "web", image }], nodeSelector } } },
            status: {
                observedGeneration: 2,
                desiredNumberScheduled: 3,
                updatedNumberScheduled: 3,
                numberAvailable: available,
            },
        });
        const scaledDown = { "flagger.app/scale-to-zero": "true" };
        const asDaemonSet = { target: { kind: "DaemonSet", name: "web" } };

        // Flagger takes its node selector away for the rollout and puts it back after.
        it("is not taken for changed when Flagger scales it", async () => {
            await wait(
                {
                    [paths.canaries]: [
                        canaries(canary("Succeeded")),
                        canaries(canary("Progressing")),
                        canaries(canary("Succeeded")),
                    ],
                    [at("web")]: [daemonSet("web:2", scaledDown), daemonSet("web:2"), daemonSet("web:2", scaledDown)],
                    [at("web-primary")]: [daemonSet("web:1"), daemonSet("web:2")],
                },
                asDaemonSet,
            );
            assert.deepEqual(said, ["not begun yet", "under way", "ok promoted"]);
        });
    });

    describe("where Flagger stands still in the midst", () => {
        const notReady =
            "canary deployment web.shop not ready: waiting for rollout to finish: 3 of 4 updated replicas are available";
        const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
        const standing = (): Answer => ({
            items: [
                event("New revision detected! Scaling up web.shop", 0, { lastTimestamp: ago(4000) }),
                event("Advance web.shop canary weight 5", 1, { lastTimestamp: ago(3000) }),
                event(notReady, 2, { type: "Warning", firstTimestamp: ago(2900), lastTimestamp: ago(1), count: 290 }),
            ],
        });
        const at = (canaryWeight: number) =>
            canaries({
                ...canary("Progressing", { canaryWeight }),
                spec: { analysis: { stepWeight: 5, maxWeight: 50 } },
            });
        const underWay = at(5);
        const why =
            /^It has stood at the same place for 50 min.* after 15 min\. canary deployment web\.shop not ready: .* 3 of 4 .* available\.$/;
        const remedy =
            /^See why not all of the canary's pods are ready.*`canaryReadyThreshold` says how many are enough\./;
        /** The time until it is asked is none. */
        const soon = { intervalSeconds: -12 };

        it("says why, once, and goes on waiting", async () => {
            await wait(
                world([underWay, underWay, underWay, underWay, canaries(canary("Succeeded"))], [v2], [v2], {
                    [paths.events]: standing,
                }),
                soon,
            );
            const warnings = said.filter((line) => line.startsWith("warning: "));
            assert.equal(warnings.length, 1, said.join("\n"));
            const [, reason = "", what = ""] = /^warning: (.* available\.) (See .*)$/.exec(warnings[0]!) ?? [];
            assert.match(reason, why);
            assert.match(what, remedy);
            assert.equal(said.at(-1), "ok promoted");
        });

        it("asks for nothing while it moves", async () => {
            await wait(
                world([at(5), at(10), at(15), canaries(canary("Succeeded"))], [v2], [v2], {
                    [paths.events]: standing,
                }),
                soon,
            );
            assert.doesNotMatch(said.join("\n"), /warning/);
        });

        it("says why when its time is over", async () => {
            const lines = await failure(world([underWay], [v2], [v1], { [paths.events]: standing }), {
                timeoutSeconds: -1,
            });
            assert.equal(lines.length, 4, lines.join("\n"));
            assert.match(lines[0]!, /it was not promoted within/);
            assert.equal(lines[1], `  Flagger: ${notReady}`);
            const [, reason = "", left] = /^(.* available\.) (.*)$/.exec(lines[2]!) ?? [];
            assert.match(reason, why);
            assert.match(left!, /^Each version keeps the traffic that it has\./);
            assert.match(lines[3]!, remedy);
            assert.match(lines[3]!, /Then run `pulumi up` again to go on waiting\.$/);
        });
    });

    describe("fails", () => {
        it("when it is rolled back, in Flagger's own words", async () => {
            const script = world([canaries(canary("Failed", { failedChecks: 2 }))], [v2], [v1], {
                [paths.events]: [
                    {
                        items: [
                            warning("Rolling back web.shop failed checks threshold reached 2", 6),
                            event("New revision detected!", 1),
                            warning("Halt web.shop advancement success rate 40 < 99", 4),
                            warning(
                                "(combined from similar events): Halt web.shop advancement success rate 40 < 99",
                                5,
                            ),
                            warning("first", 0),
                            warning("second", 2),
                            warning("third", 3),
                            event("Canary failed! Scaling down web.shop", 7),
                            { ...warning("another's", 8), involvedObject: { kind: "Canary", name: "other" } },
                        ],
                    },
                ],
            });
            assert.deepEqual(await failure(script, atOnce), [
                'CanaryApp "shop": shop/web is not promoted: it was rolled back: success rate was 40, and has to be at least 99',
                "  Flagger: second",
                "  Flagger: third",
                "  Flagger: Halt web.shop advancement success rate 40 < 99",
                "  Flagger: Rolling back web.shop failed checks threshold reached 2",
                "The primary still runs the version before and has all the traffic. Repair the version, or go back to the " +
                    "one before, and run `pulumi up` again. To try the very same version once more, change " +
                    "`workload.podAnnotations` (on a target of your own, an annotation of its pod template).",
            ]);
            assert.deepEqual(said, ["rolled back, 2 failed checks: Canary failed! Scaling down web.shop"]);
        });

        it("for the cause that the rollout page shows", async () => {
            const items = [
                event("New revision detected!", 0),
                warning("Halt web.shop advancement request duration 815ms > 500ms", 1),
                warning("Halt web.shop advancement success rate 40.00% < 99%", 2),
                warning("Halt web.shop advancement success rate 50.00% < 99%", 3),
                warning("Rolling back web.shop failed checks threshold reached 3", 4),
            ];
            const script = world([canaries(canary("Failed"))], [v2], [v1], { [paths.events]: [{ items }] });
            const [first] = await failure(script, atOnce);
            const events = items.map((item) => ({ ...item, lastTimestamp: new Date(item.lastTimestamp) }));
            const { cause } = rolloutOf({ metadata: { name: "web" }, status: { phase: "Failed" } }, { events, now: 0 });
            assert.equal(cause?.headline, "Success rate was 50.00 %, and has to be at least 99 %.");
            assert.ok(
                first!.endsWith(": it was rolled back: success rate was 50.00 %, and has to be at least 99 %"),
                first,
            );
        });

        it("and does not blame the version where Flagger could not measure it", async () => {
            const gone = 'Prometheus query failed: Get "http://prometheus:9090/": connect: connection refused';
            const said = (...messages: string[]): Answer => ({
                items: [event("New revision detected!", 0), ...messages.map((message, i) => warning(message, i + 1))],
            });
            // As the real Flagger ends it: both are warnings.
            const decision = "Rolling back web.shop failed checks threshold reached 2";
            const end = "Canary failed! Scaling down web.shop";
            const rolledBack = (...messages: string[]) =>
                world([canaries(canary("Failed", { failedChecks: 2 }))], [v2], [v1], {
                    [paths.events]: [said(...messages, decision, end)],
                });
            assert.deepEqual(await failure(rolledBack(gone), atOnce), [
                'CanaryApp "shop": shop/web is not promoted: it was rolled back: Flagger could not measure it, so nothing is ' +
                    "known against the version",
                `  Flagger: ${gone}`,
                `  Flagger: ${decision}`,
                `  Flagger: ${end}`,
                "The primary still runs the version before and has all the traffic. See that the metrics server " +
                    "answers and that the canary gets requests; then run `pulumi up` again. To try the very same version once " +
                    "more, change `workload.podAnnotations` (on a target of your own, an annotation of its pod template).",
            ]);
            server!.stop();
            const both = await failure(rolledBack(gone, "Halt web.shop advancement success rate 40 < 99"), atOnce);
            assert.match(both.at(-1)!, /Repair the version/);
        });

        it("also where Flagger's words cannot be read", async () => {
            const script = world([canaries(canary("Failed"))], [v2], [v1], { [paths.events]: [[403, "no"]] });
            const lines = await failure(script, atOnce);
            assert.equal(lines[0], 'CanaryApp "shop": shop/web is not promoted: it was rolled back');
            assert.equal(lines.length, 2);
        });

        it("when somebody else changes the target, rollout or not", async () => {
            const script = world(
                [canaries(canary("Progressing")), canaries(canary("Progressing", { canaryWeight: 5 }))],
                [v2, deployment("web:3")],
                [v1],
            );
            assert.deepEqual(await failure(script), [
                'CanaryApp "shop": shop/web is not promoted: somebody else changed it, so it is not this ' +
                    "program's version that is being released",
                "See who did; that rollout goes on. Undo that change, or take the Deployment back with `PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh`.",
            ]);
        });

        // Pulumi changes nothing there, for it does not see it without a refresh.
        it("at once when somebody else changed the target before", async () => {
            for (const phase of ["Succeeded", "Progressing"]) {
                const lines = await failure(world([canaries(canary(phase))], [v2], [v2]), { image: "web:1" });
                assert.deepEqual(lines, [
                    'CanaryApp "shop": shop/web is not promoted: somebody else changed it, so it is not this program\'s ' +
                        "version that is being released",
                    "See who did; that rollout goes on. Undo that change, or take the Deployment back with `PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh`.",
                ]);
                assert.equal(server!.count(paths.canaries), 1);
                server!.stop();
            }
        });

        it("when the Canary is suspended", async () => {
            const script = world([canaries(canary("Succeeded", {}, { spec: { suspend: true } }))], [v2], [v1]);
            assert.deepEqual(await failure(script), [
                'CanaryApp "shop": shop/web is not promoted: its Canary is suspended, so nothing is released',
                "Take `suspend` out and run `pulumi up` again; the change itself is made and waits.",
            ]);
        });

        it("when the primary's pods do not come up", async () => {
            const conditions = [{ type: "Progressing", reason: "ProgressDeadlineExceeded", message: "timed out." }];
            const dead = { ...v1, status: { ...v1.status, availableReplicas: 0, conditions } };
            assert.deepEqual(await failure(world([canaries(canary("Succeeded"))], [v1], [dead])), [
                'CanaryApp "shop": shop/web is not promoted: the primary has the new version, but its pods do not become ' +
                    "available: timed out.",
                "See the events of the primary's pods, then release a version that is repaired.",
            ]);
        });

        it("when the time is over", async () => {
            const script = world([canaries(canary("Progressing", { iterations: 3 }))], [v2], [v1]);
            assert.deepEqual(await failure(script, { timeoutSeconds: 0 }), [
                'CanaryApp "shop": shop/web is not promoted: it was not promoted within 0 s; it is under way, check 3',
                "The rollout goes on without this update. Run `pulumi up` again to go on waiting, or give it more time with " +
                    "`waitForPromotion.timeout`.",
            ]);
        });

        describe("after three minutes in which nothing happens", () => {
            // Each look comes three minutes after the one before.
            beforeEach(() => {
                let time = 0;
                performance.now = () => (time += 180_001);
            });
            // The clock itself is the prototype's.
            afterEach(() => {
                delete (performance as { now?: unknown }).now;
            });

            it("when there is no Canary", async () => {
                assert.deepEqual(await failure(world([canaries()], [v1], [[404, "no"]]), { timeoutSeconds: 600 }), [
                    'CanaryApp "shop": shop/web is not promoted: Flagger has not begun a rollout; its last word on this ' +
                        "Canary is none",
                    "See that Flagger runs and watches this namespace: its log says what it does with this Canary.",
                ]);
            });

            it("when there is no target", async () => {
                const nothing: Answer[] = [[404, "no"]];
                const script = world([canaries(canary("Initialized"))], nothing, nothing);
                assert.deepEqual(await failure(script, { timeoutSeconds: 600 }), [
                    'CanaryApp "shop": shop/web is not promoted: what it releases does not exist',
                    "Create the target first, and let this component depend on it.",
                ]);
            });
        });

        for (const [code, words] of [
            [401, "HTTP-Code: 401, Message: Unauthorized"],
            [403, 'deployments.apps "web" is forbidden'],
        ] as const) {
            it(`at once on ${code}, and names the rights`, async () => {
                const script = world([canaries()], [[code, 'deployments.apps "web" is forbidden']], []);
                assert.deepEqual(await failure(script), [
                    `CanaryApp "shop": cannot tell whether shop/web is promoted: ${words}`,
                    "Waiting needs the rights to list canaries and events and to get deployments, daemonsets, configmaps and " +
                        "secrets in the namespace shop. The change itself is made.",
                ]);
                assert.deepEqual(server!.asked, [paths.canaries, paths.target]);
                assert.deepEqual(said, []);
            });
        }

        it("on 403 also after good answers, once it has lasted too long for an API server that starts", async () => {
            const now = performance.now.bind(performance);
            let late = 0;
            performance.now = () => now() + late;
            const script = world([canaries(canary("Progressing"))], [v2], [v1]);
            script[paths.canaries] = () => {
                const first = server!.count(paths.canaries) === 1;
                late += first ? 0 : 20_000;
                return first ? canaries(canary("Progressing")) : [403, "canaries is forbidden"];
            };
            const lines = await failure(script, { timeoutSeconds: 600 }).finally(() => {
                delete (performance as { now?: unknown }).now;
            });
            assert.match(lines[0]!, /cannot tell whether shop\/web is promoted: canaries is forbidden$/);
            assert.equal(server!.count(paths.canaries), 4);
        });

        it("when the cluster does not answer until the time is over", async () => {
            assert.deepEqual(await failure({ [paths.canaries]: [[500, "etcd is down"]] }, { timeoutSeconds: 0 }), [
                'CanaryApp "shop": cannot tell whether shop/web is promoted: etcd is down',
                "It has been tried for 0 s. The change itself is made and its rollout goes on; run `pulumi up` again once the " +
                    "cluster answers.",
            ]);
        });
    });

    // Before it knows its roles, a new API server forbids what is allowed.
    it("goes on where an API server that starts again refuses what it has allowed", async () => {
        await wait(
            world(
                [canaries(canary("Progressing")), [401, "Unauthorized"], [403, "no"], canaries(canary("Succeeded"))],
                [v1],
                [v1],
            ),
        );
        assert.equal(said[0], "under way");
        assert.match(said[1]!, /^warning: the cluster does not answer \(.*\); trying again$/);
        assert.deepEqual(said.slice(2), ["ok promoted"]);
    });

    it("does not count the time in which the cluster did not answer against Flagger", async () => {
        let time = 0;
        // A minute and more, from the last good answer before to the first after.
        const script = world([], [v2], [v1, v1, v2]);
        const phases: Answer[] = [
            canaries(canary("Succeeded")),
            [503, "etcd is down"],
            canaries(canary("Succeeded")),
            canaries(canary("Succeeded", { at: 1 })),
        ];
        script[paths.canaries] = () => {
            const asked = server!.count(paths.canaries);
            time += asked === 2 ? 120_000 : 1_000;
            return phases[Math.min(asked, phases.length) - 1]!;
        };
        performance.now = () => time;
        await wait(script, { timeoutSeconds: 600 }).finally(() => {
            delete (performance as { now?: unknown }).now;
        });
        assert.equal(said.at(-1), "ok promoted");
    });

    it("tries again where nobody answers, and says so once", async () => {
        const away = await new ApiServer({}).start();
        const { port } = away;
        away.stop();
        said = [];
        await awaitPromotion({ ...args, kubeconfig: kubeconfigFor(port) }, (line) => {
            said.push(line);
            server = new ApiServer(world([[503, "starting"], canaries(canary("Succeeded"))], [v1], [v1]));
            void server.start(port);
        });
        assert.equal(said.length, 1);
        assert.match(said[0]!, /^warning: the cluster does not answer \(.*ECONNREFUSED.*\); trying again$/);
        assert.deepEqual(server!.asked, [paths.canaries, paths.canaries, paths.target, paths.primary]);
    });
});

describe("rolledOut", () => {
    const spec = { replicas: 2 } as never;
    const done = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const metadata = { generation: 3 };
    const onNodes = {
        observedGeneration: 3,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 2,
        currentNumberScheduled: 2,
        numberMisscheduled: 0,
        numberReady: 2,
    };
    const cases: [string, boolean, Parameters<typeof rolledOut>[0]][] = [
        ["all its pods", true, { metadata, spec, status: done }],
        ["a change that nobody has noticed", false, { metadata, spec, status: { ...done, observedGeneration: 2 } }],
        ["no status yet", false, { metadata, spec }],
        ["old pods still", false, { metadata, spec, status: { ...done, replicas: 3 } }],
        ["not enough new pods", false, { metadata, spec, status: { ...done, replicas: 1, updatedReplicas: 1 } }],
        ["a pod that is not available", false, { metadata, spec, status: { ...done, availableReplicas: 1 } }],
        [
            "one replica where it says no number",
            true,
            { metadata, status: { ...done, replicas: 1, updatedReplicas: 1 } },
        ],
        ["no pod where it says no number", false, { metadata, status: { observedGeneration: 3 } }],
        ["no pod where none is wanted", true, { metadata, spec: { replicas: 0 }, status: { observedGeneration: 3 } }],
        ["a pod on each node", true, { metadata, status: onNodes }],
        ["an old pod on a node", false, { metadata, status: { ...onNodes, updatedNumberScheduled: 1 } }],
        ["a pod on a node that is not available", false, { metadata, status: { ...onNodes, numberAvailable: 1 } }],
    ];
    for (const [what, expected, workload] of cases) {
        it(`is ${expected} of one with ${what}`, () => {
            assert.equal(rolledOut(workload), expected);
        });
    }
});
