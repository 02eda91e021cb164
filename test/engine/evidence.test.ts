import assert from "node:assert/strict";

import { CoreV1Api, CustomObjectsApi, KubernetesObjectApi, V1ConfigMap } from "@kubernetes/client-node";

import { decode } from "../../components/evidence/codec";
import { RolloutRecord } from "../../components/evidence/record";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { PulumiResult } from "../../lab/pulumi";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, keep, podinfo } from "./delivery";
import { Operator } from "./operating";
import { theLab } from "./theLab";
import { WatchedPage } from "./watchedPage";

const namespace = "evidence";
const name = "podinfo";
const key = `${namespace}/${name}`;
const configMap = `${name}-evidence`;

/** What `pulumi up` keeps of rollouts, and what is left to see of them when the cluster has forgotten. */
describe("the evidence of rollouts", function () {
    this.timeout(600_000);
    let lab: Lab;
    let core: CoreV1Api;
    let platform: SharedPlatform;
    let program: Program;
    let page: WatchedPage;
    /** Somebody with the rights that docs/operating.md has, and so without the metrics server's values. */
    let operator: Operator;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        platform = await SharedPlatform.up(lab);
        page = await WatchedPage.start(lab);
        program = await platform.program("evidence", {
            // It makes the namespace, so that the other can go without that.
            home: { args: app("home", namespace, { gateway: undefined }) },
            [name]: {
                args: app(name, namespace, {
                    createNamespace: false,
                    loadTester: { enabled: false },
                    waitForPromotion: { timeout: "6m", evidence: { rollouts: 2 } },
                    analysis: {
                        interval: "10s",
                        threshold: 3,
                        steps: { stepWeights: [30, 60] },
                        metrics: [
                            { name: "request-success-rate", min: 99, interval: "30s" },
                            { name: "request-duration", max: 500, interval: "30s" },
                        ],
                    },
                }),
                dependsOn: ["home"],
            },
        });
        succeeded(await program.up());
        const objects = KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig);
        operator = await Operator.in(lab, { create: (object) => objects.create(object) }, namespace);
    });

    const found = (): Promise<V1ConfigMap | undefined> =>
        core.readNamespacedConfigMap({ namespace, name: configMap }).catch((error: { code?: number }) => {
            assert.equal(error.code, 404);
            return undefined;
        });
    async function records(): Promise<RolloutRecord[]> {
        const texts = Object.entries((await found())?.data ?? {}).sort();
        return texts.map(([, text]) => decode(text)!);
    }
    async function release(tag: string): Promise<PulumiResult> {
        program.image(name, tag);
        return keep(lab, `evidence-${tag}`, await program.up());
    }

    it("of a first version is none: nothing was checked", async () => {
        assert.equal(await found(), undefined);
    });

    it("of a good one is every value that Flagger judged by, at which weight, in a ConfigMap of the Canary's", async () => {
        succeeded(await release("6.0.1"));
        const [good, ...others] = await records();
        assert.deepEqual(others, []);
        assert.deepEqual([good!.outcome, good!.image, good!.over], ["promoted", podinfo("6.0.1"), podinfo("6.0.0")]);
        assert.match(good!.revision!, /^[0-9a-f]{10}$/);
        assert.deepEqual(
            good!.checks.map((check) => [check.name, check.from, check.min ?? check.max]),
            [
                ["request-success-rate", "metrics", 99],
                ["request-duration", "metrics", 500],
            ],
        );
        assert.ok(good!.checks.every(({ samples }) => samples.length > 0));
        const weights = new Set(good!.weights.map(([, weight]) => weight));
        assert.ok(
            [30, 60].every((weight) => weights.has(weight)),
            JSON.stringify(good!.weights),
        );
        assert.ok(good!.looks.some(({ phase, weight }) => phase === "Progressing" && weight === 60));
        assert.ok(Date.parse(good!.ended!) > Date.parse(good!.began));

        const { metadata } = (await found())!;
        const canary = (await lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi).getNamespacedCustomObject({
            group: "flagger.app",
            version: "v1beta1",
            plural: "canaries",
            namespace,
            name,
        })) as V1ConfigMap;
        assert.deepEqual(
            metadata!.ownerReferences?.map(({ kind, uid }) => [kind, uid]),
            [["Canary", canary.metadata!.uid]],
        );
        succeeded(await program.preview("--expect-no-changes"));
    });

    it("of a bad one stands in the error of the failed update, short, with the way to the rest", async () => {
        const failed = await release("6.0.2-errors50");
        assert.equal(failed.code, 1, failed.output);
        assert.match(
            failed.output,
            /\n +request-success-rate: last [\d.]+ %, has to be at least 99 %; failed \d times\n/,
        );
        // Flagger did not come to it: the one before had failed.
        assert.match(failed.output, /\n +request-duration: no value, has to be at most 500 ms\n/);
        assert.match(
            failed.output,
            /What every check saw is kept in ConfigMap evidence\/podinfo-evidence; `npx pulumi-progressive-mesh explain evidence\/podinfo` shows it\./,
        );
        const [, bad] = await records();
        assert.equal(bad!.outcome, "rolled-back");
        assert.match(bad!.says, /^Success rate was [\d.]+ %, and has to be at least 99 %\.$/);
        assert.ok(bad!.looks.some(({ failedChecks }) => failedChecks === 2));
        assert.ok(bad!.said.some(({ text, warning }) => warning && /Halt .* success rate/.test(text)));
    });

    it("is not kept twice of one rollout, and is told again with the next update", async () => {
        const before = await found();
        const again = await program.up();
        assert.equal(again.code, 1, again.output);
        assert.match(again.output, /request-success-rate: last [\d.]+ %, has to be at least 99 %/);
        assert.deepEqual((await found())!.data, before!.data);
    });

    it("is shown when the cluster holds no event any more, to somebody who may not ask the metrics server", async () => {
        await core.deleteCollectionNamespacedEvent({ namespace });
        const explained = await operator.run("explain", key);
        assert.equal(explained.code, 0, explained.error);
        assert.match(explained.out, /\nSuccess rate was [\d.]+ %, and has to be at least 99 %\.\n/);
        assert.match(explained.out, /request-duration: no value, has to be at most 500 ms\n/);
        assert.match(explained.out, /These values were kept in ConfigMap evidence\/podinfo-evidence\./);
        assert.match(
            explained.out,
            /\nThe last rollouts, as ConfigMap \S+ has them\n +\S+Z {2}rolled-back after .*podinfo:6\.0\.2-errors50 over .*podinfo:6\.0\.1\n/,
        );
        assert.match(explained.out, /request-success-rate \(at least 99 %\): .*[\d.]+ % at 30 % FAILED/);
        assert.match(explained.out, /request-success-rate \(at least 99 %\): .*[\d.]+ % at [36]0 %\n/);
        assert.match(explained.out, /promoted after .*podinfo:6\.0\.1 over .*podinfo:6\.0\.0\n +It was promoted\./);

        const json = JSON.parse((await operator.run("explain", key, "--output", "json")).out) as {
            kept: { rollouts: RolloutRecord[] };
        };
        assert.deepEqual(
            json.kept.rollouts.map(({ outcome }) => outcome),
            ["rolled-back", "promoted"],
        );

        // The page asks as the lab's administrator.
        const shown = await page.of(key);
        assert.match(shown, /<h2 id="cause">Success rate was [\d.]+ %, and has to be at least 99 %\.<\/h2>/);
        assert.match(shown, /<h2 id="kept">The last rollouts<\/h2>/);
    });

    it("of more rollouts than are asked for leaves the oldest out; what is somebody else's is left alone", async () => {
        succeeded(await release("6.0.3"));
        assert.deepEqual(
            (await records()).map(({ outcome }) => outcome),
            ["rolled-back", "promoted"],
        );
        const taken = { metadata: { name: "taken" }, data: { colour: "blue" } };
        await core.createNamespacedConfigMap({ namespace, body: taken });
        program.apps[name]!.args.waitForPromotion!.evidence = { configMap: "taken" };
        const refused = await release("6.0.4");
        succeeded(refused);
        assert.match(
            refused.output,
            /warning: What the checks of this rollout saw is not kept in ConfigMap evidence\/taken: it exists and holds something else/,
        );
        const { data } = await core.readNamespacedConfigMap({ namespace, name: "taken" });
        assert.deepEqual(data, taken.data);
    });

    it("goes with the Canary", async () => {
        assert.ok(await found());
        delete program.apps[name];
        succeeded(await program.up());
        assert.ok(await poll(async () => (await found()) === undefined || undefined, 60), "it is still there");
    });

    after(async () => {
        await page?.stop();
        if (program !== undefined) {
            succeeded(await program.project.destroy());
        }
        succeeded(await platform.destroy());
        await nothingLeft(lab);
    });
});
