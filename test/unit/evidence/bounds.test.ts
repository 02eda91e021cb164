import assert from "node:assert/strict";

import { allBytes, changesFor, encodeWithin, keyOf } from "../../../components/evidence/bounds";
import { decode, encode } from "../../../components/evidence/codec";
import { RolloutRecord } from "../../../components/evidence/record";
import { record } from "./records";

const bytes = (text: string) => Buffer.byteLength(text);

/** A rollout of a day and more, of which one value in fifty did not pass. */
function long(): RolloutRecord {
    const values = Array.from({ length: 5000 }, (_, at): [number, number] => [at * 10, at % 50 === 7 ? 40.123 : 99.9]);
    return record({
        checks: [{ ...record().checks[0]!, samples: values }],
        looks: values.map(([at]) => ({ ...record().looks[0]!, at })),
        said: values.map(([at]) => ({
            at,
            text: `Advance web.shop canary weight ${at}`,
            ...(at > 49_000 && { warning: true }),
        })),
    });
}

describe("the bounds of what is kept", () => {
    it("leave a record that fits as it is", () => {
        assert.equal(encodeWithin(record(), 10_000), encode(record()));
    });

    it("leave out of a long one what passed before what failed, and say how much that is", () => {
        const whole = long();
        const text = encodeWithin(whole, 20_000);
        assert.ok(bytes(text) <= 20_000, `${bytes(text)} bytes`);
        const found = decode(text)!;
        const [{ samples }] = found.checks as [RolloutRecord["checks"][number]];
        const failed = (all: [number, number][]) => all.filter(([, value]) => value < 99).length;
        assert.equal(failed(samples), failed(whole.checks[0]!.samples), "every value that failed is there");
        assert.deepEqual([samples[0], samples.at(-1)], [whole.checks[0]!.samples[0], whole.checks[0]!.samples.at(-1)]);
        assert.equal(samples.length + found.leftOut!.samples!, 5000);
        assert.equal(found.looks.length + found.leftOut!.looks!, 5000);
        assert.equal(found.said.length + found.leftOut!.said!, 5000);
        assert.deepEqual(found.looks.at(-1), whole.looks.at(-1));
        assert.ok(found.said.length > 0 && found.said.every(({ warning }) => warning === true));
    });

    it("end, however little there is", () => {
        const found = decode(encodeWithin(long(), 10))!;
        assert.deepEqual([found.looks, found.said, found.checks[0]!.samples], [[], [], []]);
        assert.equal(found.says, record().says);
    });

    it("cut a text that has no end", () => {
        const said = [{ at: 0, text: "x".repeat(1_000_000) }];
        const found = decode(encodeWithin(record({ said, says: "y".repeat(5000) }), 20_000))!;
        assert.ok(found.said[0]!.text.length < 1100 && found.says.length < 1100);
        assert.equal(found.leftOut, undefined);
    });

    it("let the oldest rollouts go, and nothing that is no record", () => {
        const at = (minute: number) => `2026-11-27T12:0${minute}:00Z`;
        const data = Object.fromEntries(
            [1, 2, 3].map((minute) => [keyOf(at(minute)), encode(record({ began: at(minute) }))]),
        );
        const changes = changesFor({ ...data, note: "mine" }, record({ began: at(4) }), { rollouts: 3 });
        assert.deepEqual(Object.keys(changes).sort(), [keyOf(at(1)), keyOf(at(4))]);
        assert.equal(changes[keyOf(at(1))], null);
        assert.match(keyOf(at(1)), /^[-._a-zA-Z0-9]+$/, "what a ConfigMap takes");
    });

    it("hold for all of them together, also where fewer were asked for before", () => {
        const big = (began: string) => ({ ...long(), began });
        let data: Record<string, string> = {};
        for (const [index, rollouts] of [1, 2, 20, 20, 20].entries()) {
            const changes = changesFor(data, big(`2026-11-27T12:0${index}:00Z`), { rollouts });
            data = Object.fromEntries(
                Object.entries({ ...data, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null),
            );
            const sum = Object.values(data).reduce((total, text) => total + bytes(text), 0);
            assert.ok(sum <= allBytes, `${sum} bytes after ${index}`);
            assert.ok(Object.keys(data).length <= rollouts);
        }
        assert.ok(Object.keys(data).length > 2);
    });

    it("put what is known later of a rollout in the place of what was known before", () => {
        const before = record({ began: "2026-11-27T12:00:09Z", outcome: "running" });
        const data = { [keyOf(before.began)]: encode(before) };
        assert.deepEqual(Object.entries(changesFor(data, record(), { rollouts: 5, replaces: before.began })), [
            [keyOf(record().began), encode(record())],
            [keyOf(before.began), null],
        ]);
        assert.deepEqual(Object.keys(changesFor(data, before, { rollouts: 5, replaces: before.began })), [
            keyOf(before.began),
        ]);
    });
});
