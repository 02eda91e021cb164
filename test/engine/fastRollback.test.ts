import assert from "node:assert/strict";

import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";

import { withFastRollback } from "../../components/delivery/fastRollback/duringWait";
import { boundsOf } from "../../components/delivery/fastRollback/fastRollbackArgs";
import { awaitPromotion } from "../../components/delivery/promotion/promotion";
import { marker } from "../../components/delivery/fastRollback/analysisSkip";
import { Lab } from "../../lab/lab";
import { pause } from "../../lab/poll";
import { Canary, Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, keep, podinfo, weightsIn } from "./delivery";
import { userWith } from "./restrictedUser";
import { theLab } from "./theLab";
import { together } from "./together";

/** Going back to a version that was promoted before, against the real Flagger. */
describe("fast rollback", function () {
    this.timeout(600_000);
    let lab: Lab;
    let platform: SharedPlatform;
    let rollouts: Rollouts;
    const programs: Program[] = [];

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        platform = await SharedPlatform.up(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    });

    const one = async (name: string, changes: Parameters<typeof app>[2] = {}) => {
        const made = await platform.program(name, {
            [name]: {
                args: app(name, `fast-${name}`, { waitForPromotion: { timeout: "6m" }, fastRollback: {}, ...changes }),
            },
        });
        programs.push(made);
        return made;
    };
    const primary = (name: string) => rollouts.primaryImage(`fast-${name}`, name);
    const skips = (name: string) =>
        rollouts
            .messages(`fast-${name}`, name)
            .filter((message) => message.startsWith("Promotion completed! Canary analysis was skipped")).length;
    const canary = (name: string) =>
        lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi).getNamespacedCustomObject({
            ...{ group: "flagger.app", version: "v1beta1", plural: "canaries" },
            ...{ namespace: `fast-${name}`, name },
        }) as Promise<Canary & { spec: { skipAnalysis?: boolean } }>;
    const skipOf = async (name: string) => {
        const { spec, metadata } = await canary(name);
        return [spec.skipAnalysis, metadata?.annotations?.[marker] !== undefined];
    };
    const none = [undefined, false];
    /** Brings out an image, and then another over it, both by analysis. */
    const twice = async (program: Program, name: string) => {
        succeeded(await program.up());
        program.image(name, "6.0.1");
        const second = await program.up();
        succeeded(second);
        assert.deepEqual(weightsIn(second), [30, 60]);
        assert.equal(skips(name), 0);
    };

    together({
        "goes back without analysis, for that version alone": async () => {
            const back = await one("back");
            await twice(back, "back");

            back.image("back", "6.0.0");
            const preview = keep(lab, "preview", await back.preview());
            succeeded(preview);
            assert.match(
                preview.output,
                /back: fast rollback to ghcr\.io\/stefanprodan\/podinfo:6\.0\.0, which the primary ran until [^:]+ ago: promoted without analysis/,
            );
            assert.match(preview.output, /; back to one of the last 3 versions within 1 h without analysis\n/);
            const up = keep(lab, "back", await back.up());
            succeeded(up);
            assert.match(up.output, /back: fast rollback to ghcr\.io\/stefanprodan\/podinfo:6\.0\.0/);
            assert.deepEqual(weightsIn(up), []);
            assert.equal(skips("back"), 1);
            assert.equal(primary("back"), podinfo("6.0.0"));
            const { status } = await lab.controlPlane.kubeconfig
                .makeApiClient(AppsV1Api)
                .readNamespacedDeployment({ namespace: "fast-back", name: "back-primary" });
            const { replicas, updatedReplicas, availableReplicas } = status!;
            assert.deepEqual([replicas, updatedReplicas, availableReplicas], [1, 1, 1], "the primary has rolled");

            // Nothing of it is left: not in the cluster, nor in what Pulumi keeps.
            assert.deepEqual(await skipOf("back"), none);
            succeeded(keep(lab, "clean", await back.preview("--expect-no-changes", "--refresh")));

            // The one that was left is not one to go back to.
            back.image("back", "6.0.1");
            const forward = keep(lab, "forward", await back.preview());
            assert.match(
                forward.output,
                /back to \S+:6\.0\.1, with its analysis: it was promoted for the first time after what the primary runs/,
            );

            back.image("back", "6.0.2-errors50");
            const bad = keep(lab, "bad", await back.up());
            assert.equal(bad.code, 1, bad.output);
            assert.match(bad.output, /it was rolled back: success rate was/);
            assert.doesNotMatch(bad.output, /fast rollback to/);
            assert.equal(primary("back"), podinfo("6.0.0"));
            assert.equal(skips("back"), 1);
        },

        "analyses as ever once the window has passed": async () => {
            const late = await one("late", { fastRollback: { window: "1s" } });
            await twice(late, "late");
            late.image("late", "6.0.0");
            const up = await late.up();
            succeeded(up);
            assert.match(
                up.output,
                /late: back to \S+:6\.0\.0, with its analysis: the primary ran it until [^,]+ ago, and fastRollback\.window is 1 s\n/,
            );
            assert.deepEqual(weightsIn(up), [30, 60]);
            assert.equal(skips("late"), 0);
        },

        "goes by the configuration too: back to that of then fast, and not to another": async () => {
            const config = await one("config");
            const { workload } = config.apps.config!.args;
            workload!.config = { COLOUR: "blue" };
            succeeded(await config.up());
            const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
            const namespace = "fast-config";
            const shared = { metadata: { name: "shared", namespace }, data: { SIZE: "small" } };
            await core.createNamespacedConfigMap({ namespace, body: shared });

            // Older than what is promoted with it by more than a minute: what is not taken for it by the analysis.
            await pause(30);
            Object.assign(workload!, { envFrom: [{ configMap: "shared" }] });
            succeeded(await config.up());
            workload!.config = { COLOUR: "green" };
            succeeded(await config.up());

            workload!.config = { COLOUR: "blue" };
            const blue = keep(lab, "blue", await config.up());
            succeeded(blue);
            assert.match(blue.output, /config: fast rollback to \S+:6\.0\.0 as it was before, which/);
            assert.deepEqual(weightsIn(blue), []);
            assert.equal(skips("config"), 1);
            const copy = await core.readNamespacedConfigMap({ name: "config-config-primary", namespace });
            assert.deepEqual(copy.data, { COLOUR: "blue" });

            config.image("config", "6.0.1");
            succeeded(await config.up());
            await core.replaceNamespacedConfigMap({
                ...{ name: "shared", namespace },
                body: { ...shared, data: { SIZE: "large" } },
            });
            config.image("config", "6.0.0");
            const changed = keep(lab, "changed", await config.up());
            succeeded(changed);
            assert.match(
                changed.output,
                /config: back to \S+:6\.0\.0, with its analysis: ConfigMap shared was changed since it was promoted/,
            );
            assert.deepEqual(weightsIn(changed), [30, 60]);
            assert.equal(skips("config"), 1);
            assert.deepEqual(await skipOf("config"), none);
        },

        "needs no other rights than the documented ones": async () => {
            const name = "rights";
            const namespace = `fast-${name}`;
            await twice(await one(name, { fastRollback: undefined }), name);
            const { kubeconfig } = lab.controlPlane;
            const objects = KubernetesObjectApi.makeApiClient(kubeconfig);
            const user = await userWith("progressive-mesh-wait", lab, objects, namespace);
            await objects.patch({
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: { name, namespace },
                spec: { template: { spec: { containers: [{ name, image: podinfo("6.0.0") }] } } },
            } as KubernetesObject);

            const said: string[] = [];
            const warnings: string[] = [];
            const args = {
                ...{ subject: name, kubeconfig: user.exportConfig(), namespace, canaryName: name },
                target: { kind: "Deployment", name },
                ...{ intervalSeconds: 10, timeoutSeconds: 300, fastRollback: boundsOf({}) },
            };
            const told = {
                info: (line: string) => void said.push(line),
                warning: (line: string) => void warnings.push(line),
            };
            await withFastRollback(args, told, (follow) =>
                awaitPromotion({ ...args, follow }, told.info, told.warning),
            );
            assert.deepEqual(warnings, []);
            assert.match(said.join("\n"), /^fast rollback to \S+:6\.0\.0/m);
            assert.equal(skips(name), 1);
            assert.equal(primary(name), podinfo("6.0.0"));
            assert.deepEqual(await skipOf(name), none);
        },

        "is taken back by the next update where Pulumi is killed in between": async () => {
            const killed = await one("killed");
            await twice(killed, "killed");
            killed.image("killed", "6.0.0");
            await killed.write();
            const pattern = /killed: fast rollback to/;
            keep(lab, "killed", await killed.project.upEndedAt({ pattern, signal: "SIGKILL", withChildren: true }));
            await rollouts.phase("fast-killed", "killed", ["Progressing"], 60);
            await rollouts.phase("fast-killed", "killed", ["Succeeded"], 60);
            assert.deepEqual(await skipOf("killed"), [true, true], "Flagger would promote whatever comes");

            await killed.project.must(["cancel", "--yes"]);
            killed.image("killed", "6.0.2-errors50");
            let before: unknown[] | undefined;
            const bad = await killed.up((line) => {
                if (before === undefined && /Deployment \S+ (updating|updated)/.test(line)) {
                    before = [];
                    void skipOf("killed").then((found) => (before = found));
                }
            });
            keep(lab, "bad-after-kill", bad);
            assert.equal(bad.code, 1, bad.output);
            assert.match(
                bad.output,
                /warning: fast-killed\/killed had its analysis skipped by a fast rollback that was interrupted; that is taken back/,
            );
            assert.deepEqual(before, none, "before there is another version");
            assert.match(bad.output, /it was rolled back: success rate was/);
            assert.equal(primary("killed"), podinfo("6.0.0"));
            assert.equal(skips("killed"), 1);
        },
    });

    after(async function () {
        rollouts.stop();
        const destroyed = await Promise.all(programs.map(({ project }) => project.destroy()));
        destroyed.forEach(succeeded);
        succeeded(await platform.destroy());
        await nothingLeft(lab);
    });
});
