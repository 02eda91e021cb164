import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { PromotionArgs, awaitPromotion } from "../../../components/delivery/promotion/promotion";
import { keyOf } from "../../../components/evidence/bounds";
import { decode, encode } from "../../../components/evidence/codec";
import { RolloutRecord } from "../../../components/evidence/record";
import { Answer, ApiServer, Script, deployment, kubeconfigFor, paths } from "../delivery/promotion/apiServer";
import { record } from "./records";

const configMaps = "/api/v1/namespaces/shop/configmaps";
const evidence = {
    read: `${configMaps}/web-evidence`,
    made: `${configMaps}?fieldManager=pulumi-progressive-mesh`,
    changed: `${configMaps}/web-evidence?fieldManager=pulumi-progressive-mesh`,
};
const second = (at: number) => `2026-11-27T12:00:${String(at).padStart(2, "0")}Z`;
const event = (message: string, at: number, type = "Normal") => ({
    metadata: { name: `web.${at}`, uid: `uid-${at}` },
    involvedObject: { kind: "Canary", namespace: "shop", name: "web" },
    firstTimestamp: second(at),
    lastTimestamp: second(at),
    type,
    message,
});
const canary = (phase: string, at: number, status: object = {}) => ({
    items: [
        {
            metadata: { name: "web", namespace: "shop", uid: "uid-of-web", resourceVersion: `${at}` },
            spec: {
                targetRef: { kind: "Deployment", name: "web" },
                analysis: {
                    interval: "10s",
                    threshold: 2,
                    stepWeight: 50,
                    metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 } }],
                },
            },
            status: {
                phase,
                canaryWeight: 0,
                lastTransitionTime: second(at),
                conditions: [{ reason: phase, lastUpdateTime: second(at) }],
                ...status,
            },
        },
    ],
});
const hook = "https://hooks.example/T0/secret";
const begun = event("New revision detected! Scaling up web.shop", 1);
const halted = [
    event("Halt web.shop advancement success rate 40.00% < 99%", 11, "Warning"),
    event(`Halt web.shop advancement external check smoke failed ${hook} refused`, 21, "Warning"),
];
const end = [
    event("Rolling back web.shop failed checks threshold reached 2", 31, "Warning"),
    event("Canary failed! Scaling down web.shop", 31, "Warning"),
];

describe("what a wait keeps of a rollout", () => {
    let server: ApiServer | undefined;
    let warned: string[];

    const { setTimeout: timer } = globalThis;
    // The pause between two looks.
    before(() => {
        const hasty = (callback: () => void, ms?: number) => timer(callback, ms === 2_000 ? 20 : ms);
        globalThis.setTimeout = hasty as typeof setTimeout;
    });
    after(() => {
        globalThis.setTimeout = timer;
    });
    afterEach(() => server?.stop());

    /** The lines of the error that a wait ends with; none where it ends well. */
    async function wait(script: Script, changes: Partial<PromotionArgs> = {}): Promise<string[]> {
        warned = [];
        server = await new ApiServer({
            [paths.target]: [deployment("web:2")],
            [paths.primary]: [deployment("web:1")],
            ...script,
        }).start();
        const args = {
            subject: 'CanaryApp "web"',
            namespace: "shop",
            canaryName: "web",
            target: { kind: "Deployment", name: "web" },
            // As if Flagger took no time at all.
            intervalSeconds: -10,
            timeoutSeconds: 60,
            kubeconfig: kubeconfigFor(server.port),
            hidden: [hook],
            evidence: { configMap: "web-evidence", rollouts: 2 },
            metricsServer: "http://prometheus.mon:9090",
        };
        try {
            await awaitPromotion(
                { ...args, ...changes },
                () => undefined,
                (line) => warned.push(line),
            );
            return [];
        } catch (error) {
            assert.ok(pulumi.RunError.isInstance(error), String(error));
            return error.message.split("\n");
        }
    }
    const rolledBack = {
        [paths.canaries]: [
            canary("Succeeded", 0),
            canary("Progressing", 2, { canaryWeight: 50 }),
            canary("Progressing", 11, { canaryWeight: 50, failedChecks: 1 }),
            canary("Failed", 31),
        ],
        // The first of them is dropped before the end.
        [paths.events]: [
            { items: [] },
            { items: [begun] },
            { items: [begun, halted[0]!] },
            { items: [...halted, ...end] },
        ],
        [evidence.made]: [{}],
        [evidence.changed]: [{}],
    };
    const sent = () =>
        server!.sent.map(({ method, path, body }) => ({
            method,
            path,
            body: JSON.parse(body) as {
                metadata: { ownerReferences: object[]; resourceVersion?: string };
                data: Record<string, string | null>;
            },
        }));
    function lastRecord(): RolloutRecord {
        const last = sent().at(-1)!;
        return decode(Object.values(last.body.data).find((text) => text !== null)!)!;
    }

    it("is its looks, its checks, what Flagger said and its end, and no secret", async () => {
        const lines = await wait(rolledBack);
        const [first, ...more] = sent();
        assert.deepEqual([first!.method, first!.path], ["POST", evidence.made]);
        assert.deepEqual(first!.body.metadata.ownerReferences, [
            { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "web", uid: "uid-of-web" },
        ]);
        const kept = lastRecord();
        assert.deepEqual(
            [kept.outcome, kept.began, kept.ended, kept.image, kept.over],
            ["rolled-back", second(1), second(31), "web:2", "web:1"],
        );
        assert.deepEqual(
            kept.looks.map(({ at, weight, failedChecks }) => [at, weight, failedChecks]),
            [
                [1, 50, 0],
                [10, 50, 1],
                [30, 0, 0],
            ],
        );
        assert.deepEqual(kept.checks[0]!.samples, [[10, 40]]);
        assert.match(kept.unmeasured!, /could not be asked/);
        assert.ok(
            kept.said.some(({ text }) => text.startsWith("New revision detected!")),
            "what was dropped is there",
        );
        assert.ok(kept.said.some(({ text }) => text.includes("external check smoke failed [secret] refused")));
        const everything = JSON.stringify([first, ...more]);
        assert.ok(!everything.includes("hooks.example"), "no address that was a secret");
        assert.deepEqual(warned, []);

        assert.ok(
            lines.includes("  request-success-rate: last 40 %, has to be at least 99 %; failed once"),
            lines.join("\n"),
        );
        assert.equal(
            lines.at(-1),
            "What every check saw is kept in ConfigMap shop/web-evidence; `npx pulumi-progressive-mesh explain shop/web` shows it.",
        );
    });

    it("asks the metrics server that it was told of, and nobody where that is", async () => {
        await wait(rolledBack);
        const asked = server!.asked.filter((path) => /proxy|labelSelector/.test(path));
        assert.ok(asked.length > 0);
        assert.ok(
            asked.every((path) => path.startsWith("/api/v1/namespaces/mon/services/http:prometheus:9090/proxy/")),
            asked.join("\n"),
        );
    });

    it("is nothing where nothing was released, and then nobody is asked for it", async () => {
        await wait({
            [paths.canaries]: [canary("Succeeded", 0)],
            [paths.primary]: [deployment("web:2")],
            [paths.events]: [{ items: [] }],
        });
        assert.deepEqual(server!.asked, [paths.canaries, paths.target, paths.primary]);
    });

    it("is nothing where it is not asked for", async () => {
        const lines = await wait(rolledBack, { evidence: undefined });
        assert.deepEqual(server!.sent, []);
        assert.ok(!server!.asked.some((path) => path.includes("configmaps")));
        assert.match(lines.at(-1)!, /^The primary still runs the version before/);
    });

    it("that is refused is a warning with the rights, and the error still has the checks", async () => {
        const lines = await wait({
            ...rolledBack,
            [evidence.read]: [[403, 'configmaps "web-evidence" is forbidden']],
        });
        assert.deepEqual(warned, [
            'What the checks of this rollout saw is not kept in ConfigMap shop/web-evidence: configmaps "web-evidence" is forbidden. ' +
                "That takes the rights to get, create and patch configmaps in shop. The rollout itself is not touched by it.",
        ]);
        assert.ok(lines.some((line) => line.includes("request-success-rate: last 40 %")));
        assert.match(lines.at(-1)!, /^The primary still runs the version before/);
    });

    it("never fails what was promoted", async () => {
        const lines = await wait({
            ...rolledBack,
            [paths.canaries]: [canary("Progressing", 2, { canaryWeight: 50 }), canary("Succeeded", 31)],
            [paths.primary]: [deployment("web:1"), deployment("web:2")],
            [evidence.read]: [[500, "etcd has no leader"]],
        });
        assert.deepEqual(lines, []);
        assert.match(warned.join(), /is not kept .*etcd has no leader/);
    });

    const held = (data: Record<string, string>, owner = "web"): Answer => ({
        metadata: { resourceVersion: "7", annotations: { "progressive-mesh/evidence-of": owner } },
        data,
    });

    it("never takes the place of what is somebody else's", async () => {
        await wait({ ...rolledBack, [evidence.read]: [held({ colour: "blue" }, "other")] });
        assert.deepEqual(server!.sent, []);
        assert.match(
            warned.join(),
            /it exists and holds something else, .*Name another by `waitForPromotion\.evidence\.configMap`/,
        );
    });

    it("is written again where another wrote meanwhile, over what that one saw", async () => {
        await wait({ ...rolledBack, [evidence.read]: [held({})], [evidence.changed]: [{}, [409, "conflict"], {}] });
        const patches = sent();
        assert.ok(patches.length >= 3);
        assert.ok(patches.every(({ body }) => body.metadata.resourceVersion === "7"));
        assert.deepEqual(warned, []);
    });

    it("goes on with what an interrupted wait has kept of the same rollout", async () => {
        // The revision of this target, as a first wait finds it.
        await wait(rolledBack);
        const { revision } = lastRecord();
        server!.stop();
        const before = record({ revision, outcome: "running", began: second(1), ended: undefined });
        const other = record({ began: "2026-11-27T11:00:00Z" });
        const data = { [keyOf(before.began)]: encode(before), [keyOf(other.began)]: encode(other) };
        await wait({ ...rolledBack, [evidence.read]: [held(data)], [paths.events]: [{ items: [] }] });
        const now = lastRecord();
        assert.deepEqual([now.outcome, now.began, now.over], ["rolled-back", second(1), "web:1"]);
        assert.ok(now.said.some(({ text }) => text.includes("success rate 50.31% < 99%")));
        assert.ok(now.looks.length > 3);
        assert.deepEqual(Object.keys(sent().at(-1)!.body.data), [keyOf(before.began)]);
    });

    it("of a rollout that another wait saw to its end is told, and not written again", async () => {
        const known = record({ ended: second(31) });
        const lines = await wait({
            ...rolledBack,
            [paths.canaries]: [canary("Failed", 31)],
            [evidence.read]: [held({ [keyOf(known.began)]: encode(known) })],
        });
        assert.deepEqual(server!.sent, []);
        assert.ok(lines.includes("  request-success-rate: last 50.31 %, has to be at least 99 %; failed once"));
        assert.match(lines.at(-1)!, /is kept in ConfigMap/);
    });
});
