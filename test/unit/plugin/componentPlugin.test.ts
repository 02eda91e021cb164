import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ComponentPlugin } from "../../../plugin/componentPlugin";
import { ApiServer, canaries, canary, deployment, kubeconfigFor, paths } from "../delivery/promotion/apiServer";
import { Update, until } from "../delivery/promotion/update";
import { connection } from "../devStack";
import { awsAnswers, kubeconfig } from "../graph";

/** What a value is on its way to the engine, if it is one output as a whole. */
async function whole(value: unknown): Promise<{ secret: boolean; value: Record<string, unknown> }> {
    assert.ok(pulumi.Output.isInstance(value), "not an output");
    const output = value as unknown as { promise(): Promise<Record<string, unknown>>; isSecret: Promise<boolean> };
    return { secret: await output.isSecret, value: await output.promise() };
}

describe("the plugin for other languages", () => {
    before(() =>
        pulumi.runtime.setMocks({
            call: awsAnswers,
            newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
        }),
    );

    const construct = (type: string, inputs: pulumi.Inputs) =>
        new ComponentPlugin().construct("platform", type, inputs, { dependsOn: [] });

    it("gives a platform's connection as one secret, because YAML keeps none within a value", async () => {
        const { state } = await construct("pulumi-progressive-mesh:index:ProgressiveMeshCluster", {
            mesh: { provider: "kubernetes" },
            existing: { kubeconfig: pulumi.secret(kubeconfig), clusterName: "kind" },
            addons: { gateway: { enabled: false } },
        });
        const { secret, value } = await whole((state as Record<string, unknown>).connection);
        assert.equal(secret, true);
        assert.deepEqual([value.kubeconfig, value.clusterName], [kubeconfig, "kind"]);
    });

    it("says which components there are, when it is asked for another", async () => {
        await assert.rejects(
            construct("pulumi-progressive-mesh:index:Mesh", {}),
            /There is no component .*:Mesh\. There are: .*CanaryApp/,
        );
    });

    describe("while an application's version is released", function () {
        this.slow(8_000);
        let server: ApiServer;
        let running: Update;
        let phase = "Progressing";

        before(async () => {
            server = await new ApiServer({
                [paths.target]: [deployment("web:2")],
                [paths.primary]: [deployment("web:2")],
                [paths.events]: [{ items: [] }],
                [paths.canaries]: () => canaries(canary(phase)),
            }).start();
        });
        after(() => {
            running.stop();
            server.stop();
        });

        it("answers once it is promoted, because the engine ends it with the last answer", async () => {
            let answered = false;
            running = await Update.run(() => {
                void construct("pulumi-progressive-mesh:index:CanaryApp", {
                    platform: {
                        ...connection,
                        kubeconfig: kubeconfigFor(server.port),
                        identity: undefined,
                        gateway: undefined,
                    },
                    namespace: "shop",
                    appName: "web",
                    workload: { image: "web:2", port: 80 },
                    analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 50 } },
                    loadTester: { enabled: false },
                    waitForPromotion: {},
                }).then(() => (answered = true));
            });
            await until(() => server.count(paths.events) > 0);
            assert.equal(answered, false);
            phase = "Succeeded";
            await until(() => answered);
        });
    });
});
