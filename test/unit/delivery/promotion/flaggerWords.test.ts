import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { without } from "../../../../components/delivery/promotion/flaggerWords";
import { webhookSecrets } from "../../../../components/delivery/webhooks";
import { valueOf } from "../../graph";

describe("what Flagger says of webhooks", () => {
    const address = "https://hooks.example.com/T0/key";

    it("is told without what was given as a secret, wherever it stands and however often", () => {
        assert.equal(
            without([address, "hunter2", ""], `Post "${address}": gave up; Post "${address}?by=hunter2": refused`),
            'Post "[secret]": gave up; Post "[secret]?by=[secret]": refused',
        );
        assert.equal(without([], address), address);
    });

    it("leaves nothing of a secret that begins with another", () => {
        assert.equal(without(["https://hooks.example.com", address], `Post "${address}"`), 'Post "[secret]"');
    });

    it("counts as secret what is a secret output, and nothing else", async () => {
        const webhooks = [
            { name: "open", url: "http://tests.ops/smoke", metadata: { token: pulumi.secret("hunter2") } },
            { name: "chat", url: pulumi.secret(address) },
            { name: "known-later", url: pulumi.output("http://later.ops") },
        ];
        assert.deepEqual(await valueOf(webhookSecrets(webhooks)), ["hunter2", address]);
        assert.deepEqual(await valueOf(webhookSecrets(undefined)), []);
    });
});
