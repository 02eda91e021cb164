import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import { configRevision } from "../../../../components/delivery/config";
import { changedConfig } from "../../../../components/delivery/fastRollback/configs";
import { configAnnotation } from "../../../../components/delivery/podTemplate";
import { Answer, ApiServer, Script, kubeconfigFor } from "../promotion/apiServer";
import { minutesAgo, noon, template } from "./versions";

const at = (kind: string, name: string) => `/api/v1/namespaces/shop/${kind}/${name}`;
const promotedAt = noon - 10 * 60_000;

/** An object that was made so many minutes ago, and written to at these others. */
const written = (created: number, ...minutes: number[]): Answer => ({
    metadata: {
        creationTimestamp: minutesAgo(created),
        managedFields: minutes.map((ago) => ({ manager: "m", time: minutesAgo(ago) })),
    },
});

describe("changedConfig", () => {
    let server: ApiServer;
    afterEach(() => server.stop());

    const found = async (script: Script, pods: ReturnType<typeof template>, inCluster = true) => {
        server = await new ApiServer(script).start();
        const kubeconfig = new client.KubeConfig();
        kubeconfig.loadFromString(kubeconfigFor(server.port));
        const args = { namespace: "shop", name: "web" };
        return changedConfig(kubeconfig, args, pods, { promotedAt, written: inCluster });
    };

    describe("that others keep", () => {
        const pods = template("web:1", {
            spec: {
                containers: [{ name: "web", image: "web:1", envFrom: [{ configMapRef: { name: "shared" } }] }],
                volumes: [{ name: "v", secret: { secretName: "keys" } }],
            },
        });
        const ask = (shared: Answer, keys: Answer = written(900, 800)) =>
            found({ [at("configmaps", "shared")]: [shared], [at("secrets", "keys")]: [keys] }, pods);

        it("is the same where nobody wrote to it since; only what is known of it is read, and not what is in it", async () => {
            assert.equal(await ask(written(600, 500, 12)), undefined);
            assert.deepEqual(server.asked, [at("configmaps", "shared"), at("secrets", "keys")]);
            assert.deepEqual(
                server.accepts,
                Array(2).fill("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"),
            );
        });

        const changed = "ConfigMap shared was changed since it was promoted, or shortly before";
        for (const [what, answer] of Object.entries<Answer>({
            "somebody wrote to it since": written(600, 500, 9),
            "somebody wrote to it in the last minute before": written(600, 10.5),
            "it was made since": written(9, 9),
            "nobody knows when it was written to": { metadata: { creationTimestamp: minutesAgo(600) } },
        })) {
            it(`may be another where ${what}`, async () => {
                assert.equal(await ask(answer), changed);
            });
        }

        it("may be another where it is a Secret, or is gone", async () => {
            assert.equal(
                await ask(written(600, 500), written(600, 1)),
                "Secret keys was changed since it was promoted, or shortly before",
            );
            assert.equal(await ask([404, "gone"]), "ConfigMap shared does not exist");
        });

        it("is not guessed where it may not be read", async () => {
            await assert.rejects(ask([403, "no"]), /answered 403/);
        });
    });

    describe("of the application itself", () => {
        const data = { COLOUR: "blue", SIZE: "small" };
        const own = (revision: string) =>
            template("web:1", {
                annotations: { [configAnnotation]: revision },
                spec: {
                    containers: [
                        {
                            name: "web",
                            image: "web:1",
                            envFrom: [{ configMapRef: { name: "web-config" } }, { secretRef: { name: "web-secrets" } }],
                        },
                    ],
                },
            });
        const ask = (inCluster: object, secretVersion = "7", ready = true) =>
            found(
                {
                    [at("configmaps", "web-config")]: [{ metadata: {}, data: inCluster }],
                    [at("secrets", "web-secrets")]: [{ metadata: { resourceVersion: secretVersion } }],
                },
                own(configRevision(data, "7")),
                ready,
            );

        it("is what the pods' annotation is the digest of, however new", async () => {
            assert.equal(await ask({ SIZE: "small", COLOUR: "blue" }), undefined);
        });

        it("is not where somebody else changed it", async () => {
            const foreign = "web-config and web-secrets: not as this program made it";
            assert.equal(await ask({ ...data, COLOUR: "red" }), foreign);
            assert.equal(await ask(data, "8"), foreign);
        });

        it("is what the program says before it is written", async () => {
            assert.equal(await ask({ COLOUR: "green" }, "8", false), undefined);
            assert.deepEqual(server.asked, []);
        });
    });
});
