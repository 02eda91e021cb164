import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { GatesArgs, checkGates, gateCommands, gateWebhooks, usesLoadTester } from "../../../components/delivery/gates";
import { linesOf, pathsOf } from "../problems";

const lines = (gates: unknown, strategy: string | undefined = "steps") =>
    linesOf((problems) => checkGates(problems, "gates", gates as GatesArgs, strategy));
const paths = (gates: unknown) => pathsOf((problems) => checkGates(problems, "gates", gates as GatesArgs, "steps"));

const elsewhere = { url: "http://gate.ops/check" };

describe("checkGates", () => {
    it("accepts none, and each alone", () => {
        for (const gates of [
            undefined,
            {},
            { rollout: {} },
            { trafficIncrease: {} },
            { promotion: {} },
            { rollback: {} },
        ]) {
            assert.deepEqual(lines(gates), []);
        }
    });

    it("accepts all of them, each at its own address", () => {
        const gate = { url: "https://gate.ops:8443/check?app=shop", timeout: "1m", muteAlert: true };
        assert.deepEqual(lines({ rollout: gate, trafficIncrease: gate, promotion: gate, rollback: gate }), []);
    });

    it("accepts two in the load tester that are never asked at the same time", () => {
        assert.deepEqual(lines({ rollout: {}, promotion: {}, rollback: {} }), []);
        assert.deepEqual(lines({ trafficIncrease: {}, rollback: {} }), []);
    });

    it("asks for an object", () => {
        for (const gates of [null, "promotion", 5, true, ["promotion"], []]) {
            assert.deepEqual(lines(gates), [
                `gates: ${JSON.stringify(gates)} does not say where to wait. Write it like { promotion: {} }.`,
            ]);
        }
        assert.deepEqual(lines(pulumi.output({})), [
            "gates: a value that is known only at deployment does not say where to wait. Write it like { promotion: " +
                "{} }.",
        ]);
    });

    it("asks each gate for an object", () => {
        for (const gate of ["rollout", "trafficIncrease", "promotion", "rollback"]) {
            for (const value of [null, "http://gate", 5, true, []]) {
                assert.deepEqual(lines({ [gate]: value }), [
                    `gates.${gate}: ${JSON.stringify(value)} is not a gate. ` +
                        "Write {} for the load tester's, or { url: ... }.",
                ]);
            }
        }
        assert.deepEqual(paths({ promotion: Promise.resolve({}) }), ["gates.promotion"]);
    });

    it("refuses an address that Flagger cannot call, unshown, and a time that it misreads", () => {
        assert.deepEqual(lines({ promotion: { url: "gate.ops/check", timeout: "1h" } }), [
            "gates.promotion.url: the value given (a secret, not shown) is not a URL that begins with https:// or " +
                'http://: Flagger could not call it. Write it like "https://server.example".',
            'gates.promotion.timeout: "1h" is not a duration that Flagger reads as written: a whole number of ' +
                'seconds or minutes. Write it like "30s" or "5m".',
        ]);
        assert.deepEqual(paths({ rollback: { url: null, timeout: 10 } }), [
            "gates.rollback.url",
            "gates.rollback.timeout",
        ]);
    });

    it("refuses a gate before each weight where there are no weights", () => {
        for (const strategy of ["abTest", "blueGreen"]) {
            assert.deepEqual(lines({ trafficIncrease: elsewhere }, strategy), [
                `gates.trafficIncrease: {"url":"http://gate.ops/check"} is never asked in ${strategy}: the release ` +
                    "would go on without approval. Use `promotion` or `rollout`, or release in `steps`.",
            ]);
            assert.deepEqual(lines({ rollout: {}, promotion: {}, rollback: {} }, strategy), []);
        }
    });

    it("leaves the strategy to others while there is none", () => {
        const found = linesOf((p) => checkGates(p, "gates", { trafficIncrease: {} }, undefined));
        assert.deepEqual(found, []);
    });

    it("refuses to let one switch of the load tester approve two things", () => {
        const line = (others: string) =>
            `gates.trafficIncrease: {} shares the load tester's one switch with ${others}: opening it once would ` +
            "approve both. Give one of them an address of its own with `url`, or keep one.";
        assert.deepEqual(lines({ trafficIncrease: {}, promotion: {} }), [line("promotion")]);
        assert.deepEqual(lines({ trafficIncrease: {}, rollout: {} }), [line("rollout")]);
        assert.deepEqual(lines({ trafficIncrease: {}, rollout: {}, promotion: {} }), [line("rollout and promotion")]);
        assert.deepEqual(lines({ trafficIncrease: {}, promotion: elsewhere }), []);
        assert.deepEqual(lines({ trafficIncrease: elsewhere, promotion: {}, rollout: {} }), []);
    });

    it("reports instead of breaking, given anything", () => {
        const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.jsonValue());
        const gate = fc.oneof(any, fc.record({ url: any, timeout: any, muteAlert: any }, { requiredKeys: [] }));
        const gates = fc.record(
            { rollout: gate, trafficIncrease: gate, promotion: gate, rollback: gate },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(fc.oneof(any, gates), (given) => {
                const found = paths(given);
                assert.ok(found.length > 0 || Array.isArray(gateWebhooks("http://lt/", given as GatesArgs)));
            }),
            { numRuns: 1000 },
        );
    });
});

const url = "http://flagger-loadtester.shop/";

describe("gateWebhooks", () => {
    it("are none without gates", () => {
        assert.deepEqual(gateWebhooks(url, undefined), []);
        assert.deepEqual(gateWebhooks(url, {}), []);
    });

    const check = (name: string, type: string, place: string) => ({
        name,
        type,
        url: `${url}${place}`,
        timeout: "10s",
    });
    const rollout = check("rollout-gate", "confirm-rollout", "gate/check");
    const trafficIncrease = check("traffic-increase-gate", "confirm-traffic-increase", "gate/check");
    const promotion = check("promotion-gate", "confirm-promotion", "gate/check");
    const rollback = check("rollback-gate", "rollback", "rollback/check");
    const closeBefore = check("close-gate-before-analysis", "pre-rollout", "gate/close");
    const close = check("close-gate", "post-rollout", "gate/close");
    const closeRollback = check("close-rollback", "post-rollout", "rollback/close");

    const closeFirst = check("close-gate-at-start", "confirm-rollout", "gate/close");
    const closeRollbackFirst = check("close-rollback-at-start", "confirm-rollout", "rollback/close");

    const table: [string, GatesArgs, object[]][] = [
        // Until it is open there is nothing to roll back.
        ["before the rollout", { rollout: {} }, [rollout, closeBefore, close]],
        [
            "before each weight, and to reject",
            { trafficIncrease: {} },
            [closeFirst, closeRollbackFirst, trafficIncrease, rollback, close, closeRollback],
        ],
        [
            "before the promotion, and to reject",
            { promotion: {} },
            [closeFirst, closeRollbackFirst, promotion, rollback, close, closeRollback],
        ],
        ["to reject alone", { rollback: {} }, [closeRollbackFirst, rollback, closeRollback]],
        [
            "before the rollout and the promotion",
            { rollout: {}, promotion: {} },
            [closeRollbackFirst, rollout, promotion, rollback, closeBefore, close, closeRollback],
        ],
    ];
    for (const [what, gates, expected] of table) {
        it(`ask the load tester ${what}, and close behind the release`, () => {
            assert.deepEqual(gateWebhooks(url, gates), expected);
        });
    }

    it("ask elsewhere as they are told to, and leave closing to whoever answers there", () => {
        const gate = { ...elsewhere, timeout: "1m", muteAlert: true };
        const hook = (name: string, type: string) => ({ name, type, ...gate });
        assert.deepEqual(gateWebhooks(url, { rollout: gate, trafficIncrease: gate, promotion: gate, rollback: gate }), [
            hook("rollout-gate", "confirm-rollout"),
            hook("traffic-increase-gate", "confirm-traffic-increase"),
            hook("promotion-gate", "confirm-promotion"),
            hook("rollback-gate", "rollback"),
        ]);
    });

    it("do not make a way to reject beside one elsewhere", () => {
        assert.deepEqual(gateWebhooks(url, { promotion: { muteAlert: false }, rollback: elsewhere }), [
            closeFirst,
            promotion,
            { ...rollback, ...elsewhere },
            close,
        ]);
        assert.deepEqual(gateWebhooks(url, { promotion: elsewhere }), [{ ...promotion, ...elsewhere }]);
    });

    it("mute what is to be muted in the load tester too", () => {
        assert.deepEqual(gateWebhooks(url, { rollout: { muteAlert: true, timeout: "5s" } }), [
            { ...rollout, timeout: "5s", muteAlert: true },
            closeBefore,
            close,
        ]);
    });

    const gate = fc.option(fc.constantFrom({}, elsewhere, { timeout: "1m" }), { nil: undefined });
    const anyGates = fc.record({ rollout: gate, trafficIncrease: gate, promotion: gate, rollback: gate });
    const urlsOf = (hooks: Record<string, unknown>[], type: string) =>
        hooks.filter((hook) => hook.type === type).map((hook) => hook.url);

    it("of accepted gates never let one switch approve a weight and something else", () => {
        fc.assert(
            fc.property(anyGates, fc.constantFrom("steps", "abTest", "blueGreen"), (gates, strategy) => {
                fc.pre(lines(gates, strategy).length === 0);
                const asked = gateWebhooks(url, gates).filter((hook) => hook.url === `${url}gate/check`);
                const types = asked.map((hook) => hook.type);
                assert.ok(!types.includes("confirm-traffic-increase") || types.length === 1, types.join());
            }),
            { numRuns: 300 },
        );
    });

    it("of any gates close each switch that they ask, once, and no other", () => {
        fc.assert(
            fc.property(anyGates, (gates) => {
                const hooks = gateWebhooks(url, gates);
                const asked = (place: string) => hooks.some((hook) => hook.url === `${url}${place}`);
                assert.deepEqual(urlsOf(hooks, "post-rollout"), [
                    ...(asked("gate/check") ? [`${url}gate/close`] : []),
                    ...(asked("rollback/check") ? [`${url}rollback/close`] : []),
                ]);
                const names = hooks.map((hook) => hook.name);
                assert.equal(new Set(names).size, names.length, names.join());
            }),
        );
    });
});

describe("usesLoadTester", () => {
    it("is so where a gate has no address of its own", () => {
        assert.equal(usesLoadTester(undefined), false);
        assert.equal(usesLoadTester({}), false);
        assert.equal(usesLoadTester({ promotion: elsewhere, rollback: elsewhere }), false);
        for (const gate of ["rollout", "trafficIncrease", "promotion", "rollback"]) {
            assert.equal(usesLoadTester({ [gate]: { timeout: "5s" } }), true, gate);
        }
    });
});

describe("gateCommands", () => {
    const commands = (gates: GatesArgs | undefined) => gateCommands(gates, "shop", "web", "flagger-loadtester");
    const command = (place: string) =>
        `kubectl -n shop exec deploy/flagger-loadtester -- curl -sS -d '{"name":"web","namespace":"shop"}' ` +
        `http://localhost:8080/${place}`;
    const [approve, hold, reject] = [command("gate/open"), command("gate/close"), command("rollback/open")];

    it("are those that the gates in the load tester answer to", () => {
        assert.deepEqual(commands({ rollout: {} }), { approve, hold });
        assert.deepEqual(commands({ trafficIncrease: {} }), { approve, hold, reject });
        assert.deepEqual(commands({ promotion: {} }), { approve, hold, reject });
        assert.deepEqual(commands({ rollback: {} }), { reject });
        assert.deepEqual(commands({ promotion: {}, rollback: elsewhere }), { approve, hold });
    });

    it("are none for gates elsewhere, and without gates", () => {
        assert.deepEqual(commands(undefined), {});
        assert.deepEqual(commands({}), {});
        assert.deepEqual(commands({ promotion: elsewhere, rollout: elsewhere, rollback: elsewhere }), {});
    });
});
