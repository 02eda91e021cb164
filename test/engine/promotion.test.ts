import assert from "node:assert/strict";

import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, podinfo, weightsIn } from "./delivery";
import { theLab } from "./theLab";
import { together } from "./together";
import { WatchedPage } from "./watchedPage";

const wait = { waitForPromotion: { timeout: "6m" } };

/** What `pulumi up` does with `waitForPromotion`, against the real Flagger. */
describe("waiting for the promotion", function () {
    this.timeout(600_000);
    let lab: Lab;
    let platform: SharedPlatform;
    let rollouts: Rollouts;
    let page: WatchedPage;
    const programs: Program[] = [];

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        platform = await SharedPlatform.up(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        page = await WatchedPage.start(lab);
    });

    const program = async (name: string, apps: Program["apps"]): Promise<Program> => {
        const made = await platform.program(name, apps);
        programs.push(made);
        return made;
    };
    const phase = (name: string) => rollouts.canary(`wait-${name}`, name)?.status?.phase;
    const primary = (name: string) => rollouts.primaryImage(`wait-${name}`, name);
    const one = (name: string, changes: Parameters<typeof app>[2] = {}) =>
        program(name, { [name]: { args: app(name, `wait-${name}`, { ...wait, ...changes }) } });

    together({
        "ends with the first version running, goes on through each change until it is promoted, and waits for nothing else":
            async () => {
                const good = await one("good");
                succeeded(await good.up());
                assert.equal(phase("good"), "Initialized");
                assert.equal(primary("good"), podinfo("6.0.0"));

                good.image("good", "6.0.1");
                const update = await good.up();
                succeeded(update);
                assert.deepEqual([phase("good"), primary("good")], ["Succeeded", podinfo("6.0.1")]);
                assert.deepEqual(weightsIn(update), [30, 60]);
                assert.match(update.output, /CanaryApp good .*promoted\n/);

                // Nothing to wait for: nothing changed; a change that starts no rollout (row E7).
                const same = await good.up();
                succeeded(same);
                good.apps.good!.args.analysis.threshold = 4;
                const threshold = await good.up();
                succeeded(threshold);
                for (const { output } of [same, threshold]) {
                    assert.doesNotMatch(output, /CanaryApp good .*(under way|promoted|not begun)/);
                }
                assert.match(threshold.output, /~ 1 updated/);

                // Pods that are started anew are a new version to Flagger (row E7).
                good.apps.good!.args.workload!.podAnnotations = { restarted: "1" };
                const restarted = await good.up();
                succeeded(restarted);
                assert.deepEqual(weightsIn(restarted), [30, 60]);
                succeeded(await good.preview("--expect-no-changes"));
            },

        "fails when the version is rolled back, with Flagger's reason, and takes the next one": async () => {
            const bad = await one("bad");
            succeeded(await bad.up());
            bad.image("bad", "6.0.1-errors50");
            const rolledBack = await bad.up();
            assert.equal(rolledBack.code, 1, rolledBack.output);
            assert.match(
                rolledBack.output,
                /error: CanaryApp "bad": wait-bad\/bad is not promoted: it was rolled back: success rate was [\d.]+ %, and has to be at least 99 %\n +Flagger: [\s\S]*Halt bad\.wait-bad advancement success rate \d+\.\d+% < 99%\n/,
            );
            assert.match(rolledBack.output, /run `pulumi up` again/);
            assert.doesNotMatch(rolledBack.output, /\n\s+at .*\(|serializing/, "the message is enough");
            assert.deepEqual([phase("bad"), primary("bad")], ["Failed", podinfo("6.0.0")]);

            // The page says the same cause.
            const said = /it was rolled back: (.*)\n/.exec(rolledBack.output)![1]!;
            const shown = /<h2 id="cause">(.*)\.<\/h2>/.exec(await page.of("wait-bad/bad"))?.[1];
            assert.equal(shown?.toLowerCase(), said.toLowerCase());

            // What Pulumi believes is what is there.
            succeeded(await bad.preview("--expect-no-changes"));
            const again = await bad.up();
            assert.equal(again.code, 1);
            assert.match(again.output, /it was rolled back/);

            // Back to the version that runs: nothing starts, nothing is waited for.
            bad.image("bad", "6.0.0");
            const reverted = await bad.up();
            succeeded(reverted);
            assert.deepEqual(weightsIn(reverted), []);

            bad.image("bad", "6.0.2");
            succeeded(await bad.up());
            assert.deepEqual([phase("bad"), primary("bad")], ["Succeeded", podinfo("6.0.2")]);
        },

        "brings applications out in their order; what does not depend on a failed one goes on": async () => {
            const chain = await program("chain", {
                slow: {
                    args: app("slow", "wait-slow", {
                        ...wait,
                        analysis: {
                            interval: "10s",
                            threshold: 3,
                            steps: { stepWeights: [50] },
                            metrics: [{ name: "request-duration", max: 500, interval: "30s" }],
                        },
                    }),
                },
                after: { args: app("after", "wait-after", wait) },
                free: { args: app("free", "wait-free", wait) },
            });
            // The first versions need no order.
            succeeded(await chain.up());
            chain.apps.after!.dependsOn = ["slow"];
            chain.image("slow", "6.0.1-slow800");
            chain.image("after", "6.0.1");
            chain.image("free", "6.0.1");
            const update = await chain.up();
            assert.equal(update.code, 1, update.output);
            assert.match(update.output, /CanaryApp "slow": .* it was rolled back/);
            assert.match(update.output, /Flagger: Halt slow\.wait-slow advancement request duration .* > 500ms/);
            assert.equal(update.output.match(/ error: /g)?.length, 2, "one error, on its line and in the summary");
            assert.equal(primary("free"), podinfo("6.0.1"));
            assert.equal(primary("after"), podinfo("6.0.0"));
            const { items } = await lab.controlPlane.kubeconfig
                .makeApiClient(AppsV1Api)
                .listNamespacedDeployment({ namespace: "wait-after" });
            const target = items.find((item) => item.metadata!.name === "after");
            assert.equal(target!.spec!.template.spec!.containers[0]!.image, podinfo("6.0.0"), "it was not touched");

            chain.image("slow", "6.0.2");
            const repaired = await chain.up();
            succeeded(repaired);
            const lines = repaired.output.split("\n");
            const promoted = lines.findIndex((line) => /CanaryApp slow .*promoted/.test(line));
            const begun = lines.findIndex((line) => /Deployment after updating/.test(line));
            assert.ok(promoted >= 0 && promoted < begun, repaired.output);
        },

        "follows a change of the configuration alone, and a wrong one to its end": async () => {
            const config = await one("config", {
                workload: {
                    image: podinfo("6.0.0"),
                    port: 9898,
                    probes: { readiness: { path: "/readyz", periodSeconds: 1 } },
                    config: { COLOUR: "blue" },
                    secrets: { TOKEN: "one" },
                },
            });
            succeeded(await config.up());
            const { workload } = config.apps.config!.args;
            const copies = async () => {
                const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
                const namespace = "wait-config";
                const map = await core.readNamespacedConfigMap({ name: "config-config-primary", namespace });
                const secret = await core.readNamespacedSecret({ name: "config-secrets-primary", namespace });
                return [map.data, Buffer.from(secret.data!.TOKEN!, "base64").toString()];
            };

            workload!.config = { COLOUR: "green" };
            const coloured = await config.up();
            succeeded(coloured);
            assert.deepEqual(weightsIn(coloured), [30, 60]);
            assert.deepEqual(await copies(), [{ COLOUR: "green" }, "one"]);

            workload!.secrets = { TOKEN: "two" };
            const secret = await config.up();
            succeeded(secret);
            assert.deepEqual(weightsIn(secret), [30, 60]);
            assert.deepEqual(await copies(), [{ COLOUR: "green" }, "two"]);
            assert.doesNotMatch(secret.output, /two/);

            // A good version may take its time on a busy machine; the bad one need not.
            config.apps.config!.args.progressDeadlineSeconds = 15;
            workload!.config = { COLOUR: "green", FAULT: "unready" };
            const wrong = await config.up();
            assert.equal(wrong.code, 1, wrong.output);
            assert.match(
                wrong.output,
                /it was rolled back: its pods (did not become ready in time|were not ready when Flagger last said \S+ of them)\n[\s\S]* +Flagger: .*not ready: waiting for rollout to finish/,
            );
            assert.deepEqual(await copies(), [{ COLOUR: "green" }, "two"]);
        },

        "is not fooled by a Canary that is suspended, nor by an analysis that is skipped": async () => {
            const held = await one("held");
            succeeded(await held.up());
            held.image("held", "6.0.1-errors50");
            held.apps.held!.args.suspend = true;
            const suspended = await held.up();
            assert.equal(suspended.code, 1, suspended.output);
            assert.match(suspended.output, /its Canary is suspended, so nothing is released\n/);
            assert.equal(primary("held"), podinfo("6.0.0"));

            Object.assign(held.apps.held!.args, { suspend: false, skipAnalysis: true });
            const skipped = await held.up();
            succeeded(skipped);
            assert.match(skipped.output, /warning: skipAnalysis: whatever starts is promoted/);
            assert.deepEqual([phase("held"), primary("held")], ["Succeeded", podinfo("6.0.1-errors50")]);
            const deployment = await lab.controlPlane.kubeconfig
                .makeApiClient(AppsV1Api)
                .readNamespacedDeployment({ namespace: "wait-held", name: "held-primary" });
            const { replicas, updatedReplicas, availableReplicas } = deployment.status!;
            assert.deepEqual([replicas, updatedReplicas, availableReplicas], [1, 1, 1], "the primary has rolled");
        },

        "can be interrupted, and a newer version takes the place of one under way": async () => {
            const broken = await one("broken");
            succeeded(await broken.up());
            broken.image("broken", "6.0.1");
            await broken.write();
            const began = Date.now();
            const interrupted = await broken.project.upEndedAt({ pattern: /\] +30 %/, signal: "SIGINT" });
            assert.notEqual(interrupted.code, 0);
            assert.match(interrupted.output, /cancel/i);
            assert.ok(Date.now() - began < 120_000, "it ended instead of waiting on");

            // Whoever changes the target meanwhile is told.
            broken.image("broken", "6.0.2");
            const superseded = await broken.up((line) => {
                if (/CanaryApp broken .*under way/.test(line)) {
                    void changeImage(lab, "wait-broken", "broken", podinfo("6.0.3"));
                }
            });
            assert.equal(superseded.code, 1, superseded.output);
            assert.match(superseded.output, /somebody else changed it/);
            // Pulumi does not see what others did unless it looks.
            const blind = await broken.up();
            assert.equal(blind.code, 1, blind.output);
            assert.match(blind.output, /somebody else changed it.*\n.*pulumi up --refresh`/);

            const force = { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
            const retaken = ["up", "--yes", "--skip-preview", "--refresh"];
            succeeded(await broken.project.run(retaken, undefined, undefined, force));
            assert.ok(
                rollouts
                    .messages("wait-broken", "broken")
                    .includes("New revision detected! Restarting analysis for broken.wait-broken"),
            );
            assert.equal(primary("broken"), podinfo("6.0.2"));
        },
    });

    after(async function () {
        rollouts.stop();
        await page.stop();
        const destroyed = await Promise.all(programs.map(({ project }) => project.destroy()));
        destroyed.forEach(succeeded);
        succeeded(await platform.destroy());
        await nothingLeft(lab);
    });
});

async function changeImage(lab: Lab, namespace: string, name: string, image: string): Promise<void> {
    await lab.controlPlane.kubeconfig
        .makeApiClient(AppsV1Api)
        .patchNamespacedDeployment(
            { namespace, name, body: { spec: { template: { spec: { containers: [{ name, image }] } } } } },
            setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
        );
}
