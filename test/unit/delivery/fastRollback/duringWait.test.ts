import assert from "node:assert/strict";

import { marker } from "../../../../components/delivery/fastRollback/analysisSkip";
import { Follow, withFastRollback } from "../../../../components/delivery/fastRollback/duringWait";
import type { Sight } from "../../../../components/delivery/promotion/verdict";
import { Answer, ApiServer, Script, canary, kubeconfigFor, paths } from "../promotion/apiServer";
import { copied, noon, replicaSets, template } from "./versions";
import { promotedSight } from "../promotion/sights";

const canaryPath = `${paths.canaries}/web?fieldManager=pulumi-progressive-mesh`;
const replicaSetsPath = "/apis/apps/v1/namespaces/shop/replicasets";

const sight = (phase: string, changes: Partial<Sight> = {}): Sight => ({
    ...promotedSight,
    phase,
    promoted: false,
    ...changes,
});
const seen = canary("Succeeded");
const left = canary(
    "Succeeded",
    {},
    { metadata: { name: "web", resourceVersion: "7", annotations: { [marker]: "then" } } },
);

const set = (change: unknown) => (change as { spec: { skipAnalysis: unknown } }).spec.skipAnalysis;

describe("a wait that may go back fast", () => {
    const { now } = Date;
    const { setTimeout: timer } = globalThis;
    let server: ApiServer | undefined;
    let said: string[];

    before(() => {
        Date.now = () => noon;
        // The rest between two tries.
        const hasty = (callback: () => void, ms?: number) => timer(callback, ms === 3_000 ? 5 : ms);
        globalThis.setTimeout = hasty as typeof setTimeout;
    });
    after(() => {
        Date.now = now;
        globalThis.setTimeout = timer;
    });
    afterEach(() => server?.stop());

    /** A wait of these looks, for a target that is web:1 again after web:2 was promoted 12 minutes ago. */
    const wait = async (
        looks: (follow: Follow) => Promise<void>,
        { script = {}, patched = [{}], off = false }: { script?: Script; patched?: Answer[]; off?: boolean } = {},
    ) => {
        said = [];
        server = await new ApiServer({
            [paths.target]: [{ spec: { template: template("web:1") } }],
            [paths.primary]: [{ metadata: { uid: "primary" }, spec: { template: copied("web:2", "b") } }],
            [replicaSetsPath]: [{ items: replicaSets(["web:1", "a", 60], ["web:2", "b", 12]) }],
            [canaryPath]: patched,
            ...script,
        }).start();
        await withFastRollback(
            {
                subject: 'CanaryApp "shop"',
                kubeconfig: kubeconfigFor(server.port),
                namespace: "shop",
                canaryName: "web",
                target: { name: "web" },
                ...(!off && { fastRollback: { revisions: 3, windowSeconds: 3600 } }),
            },
            { info: (line) => said.push(line), warning: (line) => said.push(`warning: ${line}`) },
            looks,
        );
    };
    const rollout = async (follow: Follow) => {
        await follow(seen, sight("Succeeded"));
        await follow(seen, sight("Progressing"));
        await follow(seen, sight("Succeeded", { promoted: true, primaryRolledOut: false }));
    };

    it("has the analysis skipped for the Canary as it was seen, and takes it back once it is promoted", async () => {
        let whilePromoted = 0;
        await wait(async (follow) => {
            await rollout(follow);
            whilePromoted = server!.changes.length;
            await follow(seen, sight("Succeeded", { promoted: true }));
        });
        const [first, second] = server!.changes as { metadata: { resourceVersion?: string; annotations: object } }[];
        assert.deepEqual(server!.changes.map(set), [true, null]);
        assert.equal(first!.metadata.resourceVersion, seen.metadata.resourceVersion);
        assert.deepEqual(Object.keys(first!.metadata.annotations), [marker]);
        assert.deepEqual(second!.metadata.annotations, { [marker]: null });
        assert.equal(whilePromoted, 2, "as soon as Flagger is done, and not only when the primary has rolled");
        assert.equal(said.length, 1);
        assert.match(said[0]!, /^fast rollback to web:1, which the primary ran until 12 min ago/);
    });

    it("leaves it skipped while Flagger is at work", async () => {
        await wait(async (follow) => {
            await follow(seen, sight("Succeeded"));
            // The phase of the rollout before, at which Flagger has not begun yet.
            await follow(seen, sight("Succeeded"));
            for (const phase of ["Waiting", "Progressing", "Progressing"]) {
                await follow(seen, sight(phase));
            }
            assert.deepEqual(server!.changes.map(set), [true]);
            await follow(seen, sight("Failed"));
            assert.deepEqual(server!.changes.map(set), [true, null]);
        });
    });

    for (const [how, end] of Object.entries({
        "somebody else changes the target": (follow: Follow) =>
            follow(seen, sight("Progressing", { superseded: true })),
        "the wait fails": () => Promise.reject(new Error("not promoted")),
    })) {
        it(`takes it back where ${how}`, async () => {
            const waiting = wait(async (follow) => {
                await follow(seen, sight("Succeeded"));
                await end(follow);
            });
            await waiting.catch((error: Error) => assert.equal(error.message, "not promoted"));
            assert.deepEqual(server!.changes.map(set), [true, null]);
        });
    }

    it("skips once, and no other version after it", async () => {
        await wait(async (follow) => {
            await rollout(follow);
            await follow(seen, sight("Succeeded"));
            await follow(seen, sight("Progressing"));
        });
        assert.deepEqual(server!.changes.map(set), [true, null]);
    });

    for (const [what, script] of Object.entries<Script>({
        "a new version": { [paths.target]: [{ spec: { template: template("web:3") } }] },
        "another configuration": {
            [paths.target]: [{ spec: { template: template("web:1", { annotations: { config: "x" } }) } }],
        },
        "what the primary runs": { [paths.target]: [{ spec: { template: template("web:2") } }] },
        "the first version": { [paths.primary]: [[404, "not found"]] },
    })) {
        it(`changes nothing for ${what}, and says nothing`, async () => {
            await wait(rollout, { script });
            assert.deepEqual([server!.changes, said], [[], []]);
        });
    }

    it("says of a version that it goes back to why it is analysed", async () => {
        const script = { [replicaSetsPath]: [{ items: replicaSets(["web:1", "a", 600], ["web:2", "b", 61]) }] };
        await wait(rollout, { script });
        assert.deepEqual(server!.changes, []);
        assert.match(said.join(), /^back to web:1, with its analysis: the primary ran it until 1 h 1 min ago/);
    });

    for (const [state, changes] of Object.entries<[string, Partial<Sight>]>({
        "it is suspended": ["Succeeded", { suspended: true }],
        "all the traffic is on the canary": ["Failed", { weight: 100 }],
        "the version before is being promoted": ["Promoting", {}],
        "Flagger has not seen the Canary": ["", {}],
    })) {
        it(`asks nobody while ${state}`, async () => {
            await wait((follow) => follow(seen, sight(...changes)));
            assert.deepEqual(server!.asked, []);
        });
    }

    it("asks nobody where it is off", async () => {
        await wait(rollout, { off: true });
        assert.deepEqual([server!.asked, said], [[], []]);
    });

    it("looks again where the Canary was changed in between", async () => {
        await wait(
            async (follow) => {
                await follow(seen, sight("Succeeded"));
                await follow(seen, sight("Progressing"));
                await follow(seen, sight("Succeeded", { promoted: true }));
            },
            { patched: [[409, "changed"], {}] },
        );
        assert.deepEqual(server!.changes.map(set), [true, true, null]);
        assert.equal(said.length, 1);
    });

    for (const [what, options] of Object.entries({
        "may not look": { script: { [replicaSetsPath]: [[403, "no right to list"]] as Answer[] } },
        "may not change the Canary": { patched: [[403, "no right to patch"]] as Answer[] },
    })) {
        it(`leaves it to the analysis where it ${what}, and says so`, async () => {
            await wait(rollout, options);
            assert.deepEqual(
                server!.changes.map(set).filter((to) => to === null),
                [],
            );
            assert.match(
                said.join(),
                /^warning: whether this is a fast rollback could not be seen, or done: no right to (list|patch)\. It is analysed\.$/,
            );
        });
    }

    it("takes back at the next look what it may have skipped where the answer is lost", async () => {
        await wait(
            async (follow) => {
                await follow(seen, sight("Succeeded"));
                await follow(seen, sight("Progressing"));
                assert.deepEqual(server!.changes.map(set), [true, null]);
            },
            { patched: [[500, "lost"], {}] },
        );
        assert.match(said.join(), /: lost\. It is analysed\.$/);
    });

    it("fails where it cannot take it back, with the way to do it, after what the wait failed with", async () => {
        const patched: Answer[] = [{}, [500, "down"]];
        const rejects = (looks: (follow: Follow) => Promise<void>, before: string) =>
            assert.rejects(wait(looks, { patched }), {
                message:
                    `${before}CanaryApp "shop": the analysis of shop/web stays skipped, as it could not be taken back: down\n` +
                    "Whatever is released next would be promoted unseen. Run `pulumi up` again, or:\n" +
                    `  kubectl -n shop patch canary web --type merge -p '{"metadata":{"annotations":{"${marker}":null}},"spec":{"skipAnalysis":null}}'`,
            });
        await rejects(rollout, "");
        assert.deepEqual(server!.changes.map(set), [true, null, null, null, null, null, null]);
        await rejects(async (follow) => {
            await follow(seen, sight("Succeeded"));
            throw new Error("it was rolled back");
        }, "it was rolled back\n");
    });

    it("takes back what one that was interrupted has left, also where it is off, and may go back itself then", async () => {
        const interrupted =
            "warning: shop/web had its analysis skipped by a fast rollback that was interrupted; that is taken back";
        await wait((follow) => follow(left, sight("Succeeded")), { off: true });
        assert.deepEqual([server!.changes.map(set), said], [[null], [interrupted]]);

        await wait(async (follow) => {
            await follow(left, sight("Progressing"));
            await rollout(follow);
        });
        assert.deepEqual(server!.changes.map(set), [null, true, null]);
        assert.equal(said[0], interrupted);
    });

    it("needs nothing to be taken back of a Canary that is gone", async () => {
        await wait(rollout, { patched: [{}, [404, "gone"]] });
        assert.deepEqual(server!.changes.map(set), [true, null]);
    });
});
