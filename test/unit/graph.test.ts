import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { failure, graph, plain, secret, valueOf } from "./graph";

// The other tests believe this helper, so what it must not overlook is shown here.
describe("graph", () => {
    it("fails when an apply fails that nobody waits for", async () => {
        await assert.rejects(
            graph(() => {
                pulumi.output(1).apply(() => {
                    throw new Error("nobody waits for me");
                });
            }),
            /nobody waits for me/,
        );
    });

    it("sees what is registered only in an apply of an apply", async () => {
        const { nodes } = await graph(() => {
            const map = new k8s.core.v1.ConfigMap("first", { metadata: { name: "first" } });
            map.metadata.name.apply((name) =>
                pulumi.output(Promise.resolve(name)).apply((n) => new k8s.core.v1.ConfigMap(`after-${n}`, {})),
            );
        });
        assert.deepEqual(
            nodes.map((n) => n.key),
            ["ConfigMap after-first", "ConfigMap first"],
        );
    });

    it("tells a secret from a value that is none", async () => {
        const { node } = await graph(
            () => new k8s.core.v1.ConfigMap("m", { data: { hidden: pulumi.secret("x"), open: "y" } }),
        );
        const { data } = node("ConfigMap m").props as { data: Record<string, unknown> };
        assert.equal(secret(data.hidden), "x");
        assert.throws(() => secret(data.open), /not a secret: "y"/);
        assert.deepEqual(plain(data), { hidden: "x", open: "y" });
    });

    it("does not wait for ever for an unknown value", async () => {
        const { result } = await graph(
            () => new k8s.core.v1.Service("s", {}),
            () => ({}),
        );
        await assert.rejects(valueOf(result.status), /the output is unknown/);
    });

    it("fails where the engine would because two resources cannot be told apart", async () => {
        class Twin extends pulumi.ComponentResource {
            constructor(name: string) {
                super("test:index:Twin", name);
                new k8s.core.v1.ConfigMap("same", {}, { parent: this });
            }
        }
        await assert.rejects(
            graph(() => [new Twin("a"), new Twin("b")]),
            /duplicate resource URN: .*test:index:Twin\$kubernetes:core\/v1:ConfigMap::same$/,
        );
    });

    it("answers with the error of a program and with what came before it", async () => {
        const { error, nodes } = await failure(() => {
            new k8s.core.v1.ConfigMap("first", {});
            throw new Error("then this");
        });
        assert.equal((error as Error).message, "then this");
        assert.deepEqual(
            nodes.map((n) => n.key),
            ["ConfigMap first"],
        );
    });
});
