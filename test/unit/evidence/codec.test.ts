import assert from "node:assert/strict";

import fc from "fast-check";

import { decode, encode } from "../../../components/evidence/codec";
import { linesOf } from "../../../components/evidence/lines";
import { checksIn, eventsIn } from "../../../components/evidence/record";
import { record } from "./records";

describe("a record as a text", () => {
    it("comes back as it was, with values that are no numbers", () => {
        const [rate] = record().checks;
        const samples: [number, number][] = [
            [1, Number.NaN],
            [2, Infinity],
            [3, -Infinity],
            [4, 0],
        ];
        const whole = record({
            checks: [{ ...rate!, samples }],
            unmeasured: "It could not be asked.",
            leftOut: { said: 3 },
        });
        assert.deepEqual(decode(encode(whole)), whole);
        const { ended: _, ...under } = record({ outcome: "running" });
        assert.deepEqual(decode(encode(under)), under);
    });

    it("that is none is not read", () => {
        for (const text of ["", "{", "null", "[]", "{}", '{"version":2,"began":"2026-11-27T12:00:00Z"}']) {
            assert.equal(decode(text), undefined, text);
        }
        assert.equal(decode('{"version":1,"began":"yesterday"}'), undefined);
    });

    it("with what is no number, or no time of any calendar, is read without it", () => {
        for (const odd of [{ toString: "", valueOf: "" }, "soon", 1e300]) {
            const looks = [{ at: odd, phase: odd, weight: odd, iterations: odd, failedChecks: odd }];
            const said = [
                { at: odd, text: "x" },
                { at: 1, until: odd, text: "y" },
            ];
            const found = decode(JSON.stringify({ ...record(), interval: odd, looks, said, weights: [[odd, 1]] }))!;
            assert.deepEqual([found.looks, found.weights], [[], []]);
            for (const { firstTimestamp, lastTimestamp } of eventsIn(found)) {
                new Date(firstTimestamp!).toISOString();
                new Date(lastTimestamp!).toISOString();
            }
        }
    });

    it("of any content can be shown, or is not read", () => {
        const any = fc.oneof(fc.jsonValue(), fc.array(fc.record({ name: fc.jsonValue(), samples: fc.jsonValue() })));
        const keys = Object.keys(record());
        const changed = fc.record(Object.fromEntries(keys.map((key) => [key, any])), { requiredKeys: [] });
        fc.assert(
            fc.property(changed, (changes) => {
                const { version, began } = record();
                const found = decode(JSON.stringify({ ...record(), ...changes, version, began }));
                assert.ok(found);
                checksIn(found);
                eventsIn(found);
                assert.ok(linesOf({ configMap: "shop/web-evidence", records: [found] }).length > 0);
            }),
        );
    });
});
