import assert from "node:assert/strict";

import { loadTesterUrl } from "../../../components/delivery/loadTester";
import { checkTests, testWebhooks } from "../../../components/delivery/webhooks";
import { linesOf, pathsOf } from "../problems";

describe("checkTests", () => {
    it("accepts none, and tests with and without a time", () => {
        assert.deepEqual(
            linesOf((p) => checkTests(p, undefined, undefined)),
            [],
        );
        assert.deepEqual(
            linesOf((p) => checkTests(p, { command: "true", timeout: "5m" }, { command: "true" })),
            [],
        );
    });

    it("refuses a command that is none, and a time that Flagger misreads, of either test", () => {
        assert.deepEqual(
            linesOf((p) => checkTests(p, { command: " " }, undefined)),
            [
                'acceptanceTest.command: " " is empty. ' +
                    'Give a shell command, like "curl -sf http://podinfo-canary.test:9898/healthz".',
            ],
        );
        assert.deepEqual(
            pathsOf((p) =>
                checkTests(p, { command: "", timeout: "1h" }, { command: undefined as never, timeout: "5" }),
            ),
            ["acceptanceTest.command", "acceptanceTest.timeout", "loadTest.command", "loadTest.timeout"],
        );
    });
});

describe("testWebhooks", () => {
    const url = loadTesterUrl("shop");

    it("are none where there is no test", () => {
        assert.deepEqual(testWebhooks(url, undefined, undefined), []);
    });

    it("ask the load tester in the application's namespace, within times that suit each", () => {
        assert.deepEqual(testWebhooks(url, { command: "curl a" }, { command: "hey b" }), [
            {
                name: "acceptance-test",
                type: "pre-rollout",
                url: "http://flagger-loadtester.shop/",
                timeout: "30s",
                metadata: { type: "bash", cmd: "curl a" },
            },
            {
                name: "load-test",
                type: "rollout",
                url: "http://flagger-loadtester.shop/",
                timeout: "5s",
                metadata: { type: "cmd", cmd: "hey b" },
            },
        ]);
    });

    it("take the user's times", () => {
        const hooks = testWebhooks(url, { command: "a", timeout: "2m" }, { command: "b", timeout: "15s" });
        assert.deepEqual(
            hooks.map((h) => h.timeout),
            ["2m", "15s"],
        );
    });
});
