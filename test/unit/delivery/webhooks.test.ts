import assert from "node:assert/strict";

import { shown } from "../../../components/shape";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { loadTesterUrl } from "../../../components/delivery/loadTester";
import {
    AcceptanceTestArgs,
    LoadTestArgs,
    WebhookArgs,
    checkTests,
    checkWebhooks,
    testWebhooks,
    webhooksSpec,
} from "../../../components/delivery/webhooks";
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
                'acceptanceTest.command: " " is empty. Give a shell command, like "curl -sf ' +
                    'http://podinfo-canary.test:9898/healthz".',
            ],
        );
        assert.deepEqual(
            pathsOf((p) =>
                checkTests(p, { command: "", timeout: "1h" }, { command: undefined as never, timeout: "5" }),
            ),
            ["acceptanceTest.command", "acceptanceTest.timeout", "loadTest.command", "loadTest.timeout"],
        );
    });

    it("reports what is no test instead of breaking", () => {
        for (const test of [null, "hey", 5, [], true]) {
            assert.deepEqual(
                pathsOf((p) => checkTests(p, test as unknown as AcceptanceTestArgs, test as unknown as LoadTestArgs)),
                ["acceptanceTest.command", "loadTest.command"],
            );
        }
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

const smoke: WebhookArgs = { name: "smoke", url: "http://tests.ops/smoke" };

describe("checkWebhooks", () => {
    const lines = (webhooks: unknown, strategy: string | undefined = "steps") =>
        linesOf((problems) => checkWebhooks(problems, "webhooks", webhooks as WebhookArgs[], strategy));
    const paths = (webhooks: unknown) =>
        pathsOf((problems) => checkWebhooks(problems, "webhooks", webhooks as WebhookArgs[], "steps"));

    it("accepts none, the least and the most", () => {
        assert.deepEqual(lines(undefined), []);
        assert.deepEqual(lines([]), []);
        assert.deepEqual(lines([smoke]), []);
        assert.deepEqual(
            lines([
                {
                    ...smoke,
                    type: "confirm-promotion",
                    timeout: "1m",
                    retries: 3,
                    metadata: { team: "shop" },
                    muteAlert: true,
                    disableTls: true,
                },
            ]),
            [],
        );
    });

    const types = [
        "confirm-rollout",
        "pre-rollout",
        "rollout",
        "confirm-traffic-increase",
        "confirm-promotion",
        "post-rollout",
        "rollback",
        "event",
    ];

    it("accepts every moment at which Flagger calls, and no other", () => {
        assert.deepEqual(lines(types.map((type) => ({ ...smoke, name: type, type }))), []);
        for (const type of ["", "confirm", "Rollout", "rollbacks", null, 5, []]) {
            assert.deepEqual(lines([{ ...smoke, type }]), [
                `webhooks[0].type: ${JSON.stringify(type)} is not a moment at which Flagger calls. ` +
                    "Use one of confirm-rollout, pre-rollout, rollout, confirm-traffic-increase, confirm-promotion, " +
                    "post-rollout, rollback, event.",
            ]);
        }
    });

    it("refuses a call before each weight where there are no weights", () => {
        for (const strategy of ["abTest", "blueGreen"]) {
            assert.deepEqual(lines([{ ...smoke, type: "confirm-traffic-increase" }], strategy), [
                `webhooks[0].type: "confirm-traffic-increase" is never called in ${strategy}: the release would go ` +
                    "on without it. Use confirm-promotion, or release in `steps`.",
            ]);
        }
        const found = linesOf((p) =>
            checkWebhooks(p, "webhooks", [{ ...smoke, type: "confirm-traffic-increase" }], undefined),
        );
        assert.deepEqual(found, []);
    });

    it("asks for a list of webhooks", () => {
        for (const webhooks of [null, "http://tests.ops", 5, smoke]) {
            assert.deepEqual(lines(webhooks), [
                `webhooks: ${JSON.stringify(shown(webhooks))} is not a list. ` +
                    'Write it like [{ name: "smoke", url: "http://tests.ops/smoke" }].',
            ]);
        }
        for (const webhook of [null, "http://tests.ops", 5, true]) {
            assert.deepEqual(lines([webhook]), [
                `webhooks[0]: ${JSON.stringify(shown(webhook))} is not a webhook. ` +
                    'Write it like { name: "smoke", url: "http://tests.ops/smoke" }.',
            ]);
        }
        assert.deepEqual(paths([[]]), ["webhooks[0].name", "webhooks[0].url"]);
    });

    it("asks each for a name and an address", () => {
        const name = (value: string) => `webhooks[0].name: ${value} is not a name. Give one: events and alerts use it.`;
        const url = "webhooks[0].url: nothing given, but it is required. Give the address to call.";
        assert.deepEqual(lines([{}]), [name("nothing given, but it"), url]);
        assert.deepEqual(lines([{ name: "", url: null }]), [name('""'), url]);
        assert.deepEqual(lines([{ name: 5, url: "tests.ops" }]), [
            name("5"),
            "webhooks[0].url: the value given (a secret, not shown) is not a URL that begins with https:// or " +
                'http://: Flagger could not call it. Write it like "https://server.example".',
        ]);
    });

    it("takes an address that is known only at deployment", () => {
        assert.deepEqual(lines([{ ...smoke, url: pulumi.output("anything") }]), []);
        assert.deepEqual(lines([{ ...smoke, url: pulumi.secret("anything") }]), []);
        assert.deepEqual(lines([{ ...smoke, url: Promise.resolve("anything") }]), []);
    });

    it("refuses a time that Flagger misreads, and tries that are none", () => {
        assert.deepEqual(lines([{ ...smoke, timeout: "500ms", retries: -1 }]), [
            'webhooks[0].timeout: "500ms" is not a duration that Flagger reads as written: a whole number of ' +
                'seconds or minutes. Write it like "30s" or "5m".',
            "webhooks[0].retries: -1 is not a whole number from 0 to 100 (tries). Give a number in that range.",
        ]);
        assert.deepEqual(paths([{ ...smoke, retries: 101 }]), ["webhooks[0].retries"]);
        assert.deepEqual(paths([{ ...smoke, retries: 0 }]), []);
    });

    it("refuses a name twice, at the later", () => {
        assert.deepEqual(lines([smoke, { ...smoke, name: "other" }, smoke]), [
            'webhooks[2].name: "smoke" is the name of another webhook, so that events could not tell them apart. ' +
                "Give each a name of its own.",
        ]);
        assert.deepEqual(paths([null, smoke, undefined]), ["webhooks[0]", "webhooks[2]"]);
    });

    it("reports instead of breaking, given anything", () => {
        const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.jsonValue());
        const webhook = fc.record(
            { name: any, type: any, url: any, timeout: any, retries: any, metadata: any },
            { requiredKeys: [] },
        );
        const given = fc.oneof(any, fc.array(fc.oneof(any, webhook)));
        fc.assert(
            fc.property(given, (webhooks) => {
                const found = paths(webhooks);
                assert.ok(found.length > 0 || Array.isArray(webhooksSpec(webhooks as unknown as WebhookArgs[])));
            }),
            { numRuns: 1000 },
        );
    });
});

describe("webhooksSpec", () => {
    it("is none without webhooks", () => {
        assert.deepEqual(webhooksSpec(undefined), []);
        assert.deepEqual(webhooksSpec([]), []);
    });

    it("calls during the analysis and waits ten seconds, unless told otherwise", () => {
        assert.deepEqual(webhooksSpec([smoke]), [
            { name: "smoke", type: "rollout", url: "http://tests.ops/smoke", timeout: "10s" },
        ]);
    });

    it("has all that can be said, also where it is what Flagger would do anyway", () => {
        const said = {
            ...smoke,
            type: "event",
            timeout: "1m",
            retries: 0,
            metadata: { team: "shop" },
            muteAlert: false,
        };
        assert.deepEqual(webhooksSpec([{ ...said, disableTls: false }, smoke]), [
            {
                name: "smoke",
                type: "event",
                url: "http://tests.ops/smoke",
                timeout: "1m",
                retries: 0,
                metadata: { team: "shop" },
                muteAlert: false,
                disableTLS: false,
            },
            { name: "smoke", type: "rollout", url: "http://tests.ops/smoke", timeout: "10s" },
        ]);
    });

    it("hands an address on as the secret that it is", async () => {
        const url = pulumi.secret("http://tests.ops/token");
        const [spec] = webhooksSpec([{ ...smoke, url }]);
        assert.equal(spec!.url, url);
        assert.ok(await pulumi.isSecret(url));
    });
});
