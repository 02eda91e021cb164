import assert from "node:assert/strict";

import fc from "fast-check";

import { Answer } from "../../../lab/ask";
import { perSecond, quantile, tally } from "../../../lab/tally";

const answer = (changes: Partial<Answer> = {}): Answer => ({
    at: 0,
    version: "1",
    status: 200,
    milliseconds: 1,
    ...changes,
});

const answers = fc.array(
    fc.record({
        at: fc.nat(100_000),
        version: fc.constantFrom(undefined, "1", "2", "10"),
        status: fc.constantFrom(0, 200, 302, 404, 500, 503),
        milliseconds: fc.nat(2000),
    }),
    { minLength: 1 },
);

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

describe("a tally of answers", () => {
    it("has a line for each version, with its failures and how slow it was", () => {
        const seen = [
            answer({ version: "2", status: 404, milliseconds: 30 }),
            answer({ version: "1", milliseconds: 10 }),
            answer({ version: "2", status: 500, milliseconds: 20 }),
            answer({ version: undefined, status: 0, milliseconds: 40 }),
        ];
        assert.deepEqual(tally(seen), [
            { version: "1", requests: 1, share: 0.25, failures: 0, p99: 10 },
            { version: "2", requests: 2, share: 0.5, failures: 1, p99: 30 },
            { version: "no version", requests: 1, share: 0.25, failures: 1, p99: 40 },
        ]);
    });

    it("is empty where nobody has asked", () => {
        assert.deepEqual(tally([]), []);
    });

    it("counts every answer once", () => {
        fc.assert(
            fc.property(answers, (seen) => {
                const lines = tally(seen);
                const isFailure = ({ status }: Answer) => status === 0 || status >= 500;
                assert.equal(new Set(lines.map(({ version }) => version)).size, lines.length);
                assert.equal(sum(lines.map(({ requests }) => requests)), seen.length);
                assert.equal(sum(lines.map(({ failures }) => failures)), seen.filter(isFailure).length);
                assert.ok(Math.abs(sum(lines.map(({ share }) => share)) - 1) < 1e-9);
            }),
        );
    });

    it("takes as many answers as a long rehearsal has", () => {
        const many = Array.from({ length: 200_000 }, (_, at) => answer({ at }));
        assert.equal(tally(many)[0]!.requests, 200_000);
        assert.equal(Math.round(perSecond(many)), 1000);
    });
});

describe("a quantile", () => {
    it("is the smallest value that so many do not exceed", () => {
        fc.assert(
            fc.property(
                fc.array(fc.integer(), { minLength: 1 }),
                fc.integer({ min: 1, max: 100 }),
                (values, percent) => {
                    const part = percent / 100;
                    const found = quantile(values, part);
                    const upTo = (limit: number) => values.filter((value) => value <= limit).length / values.length;
                    assert.ok(values.includes(found));
                    assert.ok(upTo(found) >= part);
                    assert.ok(values.every((value) => value >= found || upTo(value) < part));
                },
            ),
        );
    });

    it("is exact where a product would be rounded up", () => {
        const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
        assert.deepEqual(
            [0.07, 0.5, 0.99, 1].map((part) => quantile(hundred, part)),
            [7, 50, 99, 100],
        );
    });

    it("orders numbers as numbers, leaves them as they are, and is 0 of none", () => {
        const values = [10, 9, 100];
        assert.equal(quantile(values, 0.5), 10);
        assert.deepEqual(values, [10, 9, 100]);
        assert.equal(quantile([], 0.99), 0);
    });
});

describe("requests per second", () => {
    it("are those after the first, by the time from the first to the last", () => {
        assert.equal(perSecond([2000, 0, 1000, 500, 1500].map((at) => answer({ at }))), 2);
    });

    it("are none where there is no time between them", () => {
        assert.equal(perSecond([]), 0);
        assert.equal(perSecond([answer()]), 0);
        assert.equal(perSecond([answer(), answer()]), 0);
    });
});
