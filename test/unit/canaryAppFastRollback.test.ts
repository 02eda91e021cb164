import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { marker } from "../../components/delivery/fastRollback/analysisSkip";
import { afterLeftSkip } from "../../components/delivery/fastRollback/inProgram";
import { CanaryApp, CanaryAppArgs } from "../../index";
import { ApiServer, Script, canaries, canary, deployment, kubeconfigFor, paths } from "./delivery/promotion/apiServer";
import { Update, until } from "./delivery/promotion/update";
import { connection } from "./devStack";
import { at, graph } from "./graph";
import { refusal } from "./problems";

const replicaSetsPath = "/apis/apps/v1/namespaces/shop/replicasets";
const canaryPath = `${paths.canaries}/web?fieldManager=pulumi-progressive-mesh`;

describe("CanaryApp with fastRollback", function () {
    this.slow(8_000);
    this.timeout(60_000);
    let server: ApiServer | undefined;
    let running: Update | undefined;

    const args = (port: number, changes: Partial<CanaryAppArgs> = {}): CanaryAppArgs => ({
        platform: { ...connection, kubeconfig: kubeconfigFor(port), identity: undefined, gateway: undefined },
        namespace: "shop",
        workload: { image: "web:1", port: 80, config: { COLOUR: "blue" } },
        analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 50 } },
        loadTester: { enabled: false },
        waitForPromotion: {},
        fastRollback: {},
        ...changes,
    });
    const start = async (script: Script): Promise<ApiServer> => (server = await new ApiServer(script).start());

    afterEach(() => {
        running?.stop();
        running = undefined;
        server?.stop();
        server = undefined;
    });

    describe("at preview", () => {
        /** What the preview says of it, where the primary has run the program's pods and runs others now. */
        const said = async (script: Script = {}, last = replicaSetsPath): Promise<string[]> => {
            const made = await graph(() => new CanaryApp("web", args(1, { fastRollback: undefined })));
            const template = at(made.node("Deployment web").props, "spec", "template") as object;
            const replicaSet = (revision: number, id: string, minutes: number, of: object) => ({
                metadata: {
                    uid: id,
                    ownerReferences: [{ uid: "primary" }],
                    annotations: { "deployment.kubernetes.io/revision": String(revision) },
                    creationTimestamp: new Date(Date.now() - minutes * 60_000).toISOString(),
                },
                spec: { template: of },
            });
            const other = { spec: { containers: [{ name: "web", image: "web:2" }] } };
            const { port } = await start({
                [paths.primary]: [{ metadata: { uid: "primary" }, spec: { template: other } }],
                [replicaSetsPath]: [{ items: [replicaSet(1, "a", 60, template), replicaSet(2, "b", 5, other)] }],
                ...script,
            });
            const { messages } = await graph(async () => {
                new CanaryApp("web", args(port));
                // A process lives until it is answered; this one has to be told.
                await until(() => server!.asked.includes(last));
            });
            return messages.map(({ severity, text }) => `${severity}: ${text}`).slice(1);
        };

        it("says what it goes back to, after the plan", async () => {
            assert.deepEqual(await said(), [
                "info: web: fast rollback to web:1, which the primary ran until 5 min ago: promoted without analysis as soon as its " +
                    "pods are ready",
            ]);
            assert.deepEqual(server!.changes, []);
        });

        it("says nothing of the first version", async () => {
            assert.deepEqual(await said({ [paths.primary]: [[404, "none"]] }, paths.primary), []);
        });

        it("warns where it cannot tell", async () => {
            assert.deepEqual(await said({ [replicaSetsPath]: [[403, "no right"]] }), [
                "warning: web: whether this is a fast rollback could not be seen: no right. `pulumi up` looks again.",
            ]);
        });

        it("asks nobody where it is off", async () => {
            const { port } = await start({});
            await graph(() => new CanaryApp("web", args(port, { fastRollback: undefined })));
            assert.deepEqual(server!.asked, []);
        });
    });

    it("is in the plan", async () => {
        const { port } = await start({});
        const { messages } = await graph(async () => {
            new CanaryApp("web", args(port, { fastRollback: { window: "2h" } }));
            await until(() => server!.asked.includes(paths.primary));
        });
        assert.match(messages[0]!.text, /; back to one of the last 3 versions within 2 h without analysis$/);
    });

    describe("after one that was interrupted", () => {
        const left = canary("Succeeded", {}, { metadata: { name: "web", annotations: { [marker]: "then" } } });

        it("changes nothing of the application before its skip is taken back", async () => {
            let registeredBefore: string[] = [];
            const { port } = await start({
                [paths.canaries]: [canaries(left), canaries(canary("Succeeded"))],
                [paths.target]: [deployment("web:1")],
                [paths.primary]: [deployment("web:1")],
                [canaryPath]: () => {
                    registeredBefore = [...running!.registered];
                    return {};
                },
            });
            running = await Update.run(() => void new CanaryApp("web", args(port)));
            await until(() => running!.registered.includes("web-config") && server!.asked.includes(paths.primary));
            assert.equal(server!.changes.length, 1);
            assert.match(
                running.messages.join(),
                /^shop\/web had its analysis skipped by a fast rollback that was interrupted/,
            );
            assert.ok(!registeredBefore.includes("web-config"), registeredBefore.join());
        });

        it("lets nothing come after it where it cannot be", async () => {
            const { port } = await start({ [paths.canaries]: [canaries(left)], [canaryPath]: [[403, "no right"]] });
            let followed = false;
            running = await Update.run(() => {
                const app = new pulumi.ComponentResource("test:index:App", "web");
                const place = { subject: 'CanaryApp "web"', namespace: "shop", canaryName: "web" };
                const after = afterLeftSkip(app, kubeconfigFor(port), app, place);
                pulumi.output(after).apply(() => (followed = true));
            });
            await until(() => running!.errors.length > 0);
            assert.match(
                running.errors[0]!,
                /^CanaryApp "web": the analysis of shop\/web is skipped, and that could not be taken back: no right\nThe application is left as it is/,
            );
            assert.equal(followed, false);
        });
    });

    it("refuses all that is wrong with it at once", async () => {
        const changes: Partial<CanaryAppArgs> = {
            fastRollback: { revisions: 0 },
            waitForPromotion: undefined,
            skipAnalysis: true,
        };
        const lines = await refusal(() => new CanaryApp("web", args(1, changes)));
        assert.deepEqual(
            lines.map((line) => line.split(":")[0]),
            ["fastRollback.revisions", "waitForPromotion", "skipAnalysis"],
        );
    });
});
