import assert from "node:assert/strict";

import { CanaryApp, CanaryAppArgs } from "../../index";
import { connection } from "./devStack";
import { at, graph } from "./graph";
import { refusal } from "./problems";

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const args: CanaryAppArgs = {
    platform: connection,
    namespace: "apps",
    workload: { image: "ghcr.io/stefanprodan/podinfo:6.0.0", port: 9898 },
    analysis: { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
};
const annotation = "eks.amazonaws.com/role-arn";

describe("an application's roles", () => {
    it("are the platform's where it brings some, and its own before those", async () => {
        const { node, nodes } = await graph(
            () =>
                new CanaryApp("podinfo", {
                    ...args,
                    platform: {
                        ...connection,
                        roles: { "apps/podinfo": role("platform"), "apps/flagger-loadtester": role("tester") },
                    },
                    roles: { "apps/podinfo": role("own") },
                }),
        );
        assert.deepEqual(
            nodes.filter((n) => n.type.startsWith("aws:")),
            [],
        );
        assert.equal(at(node("ServiceAccount podinfo").props, "metadata", "annotations", annotation), role("own"));
        assert.equal(
            at(node("ServiceAccount podinfo-loadtester").props, "metadata", "annotations", annotation),
            role("tester"),
        );
    });

    it("are refused before anything is registered when IAM would not take them", async () => {
        assert.deepEqual(await refusal(() => new CanaryApp("podinfo", { ...args, roles: { podinfo: role("own") } })), [
            'roles.podinfo: "podinfo" does not name a service account with its namespace. ' +
                'Write it like { "namespace/service-account": "arn:aws:iam::123456789012:role/name" }.',
        ]);
        const long = "a".repeat(46);
        assert.deepEqual(await refusal(() => new CanaryApp(long, { ...args, appName: "podinfo" })), [
            `name: "${long}" makes the IAM role "${long}-loadtester-0123abc", 1 more than the 64 characters that AWS takes. ` +
                "Give at most 45 characters.",
        ]);
        const platform = { ...connection, identity: undefined };
        assert.ok(await graph(() => new CanaryApp(long, { ...args, platform, appName: "podinfo" })));
    });
});
