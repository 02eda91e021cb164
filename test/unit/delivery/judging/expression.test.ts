import assert from "node:assert/strict";

import { parseExpression } from "../../../../components/delivery/judging/expression";

const written = (text: string) => parseExpression(text).promQl((name) => `<${name}>`);

describe("parseExpression", () => {
    const read: [string, string][] = [
        ["errors < 1", "((<errors>) < bool 1)"],
        ["a < 1 or b < 2 and c < 3", "clamp_max(((<a>) < bool 1) + (((<b>) < bool 2) * ((<c>) < bool 3)), 1)"],
        ["not (a < 1 or b != 2)", "(1 - clamp_max(((<a>) < bool 1) + ((<b>) != bool 2), 1))"],
        ["error-rate - 1 <= p99 / 2 * -3", "(((<error-rate>) - 1) <= bool (((<p99>) / 2) * (-1 * 3)))"],
        ["errors / orders", "((<errors>) / (<orders>))"],
        ["a - b - c", "(((<a>) - (<b>)) - (<c>))"],
    ];
    for (const [text, promQl] of read) {
        it(`reads ${text}`, () => assert.equal(written(text), promQl));
    }

    it("knows its metrics, and a condition from a number", () => {
        const { names, isCondition } = parseExpression("a < b and a > 1");
        assert.deepEqual([names, isCondition], [["a", "b"], true]);
        assert.equal(parseExpression("a + 1").isCondition, false);
    });

    const refused: [string, RegExp][] = [
        ["a <", /its end where a metric/],
        ["a < 1)", /\) where an operator/],
        ["(a < 1", /its end where a closing bracket/],
        ["a b", /b where an operator/],
        ["a and b < 1", /a number beside "and"/],
        ["not a", /a number beside "not"/],
        ["(a < 1) + 1", /a condition beside "\+"/],
        ["a < 1 < 2", /< where an operator/],
        ["a = 1", /unknown at "= 1"/],
        ["1 < 2", /numbers alone/],
        ["1 + 2", /names no metric/],
        ["a < or", /or where a metric/],
    ];
    for (const [text, rule] of refused) {
        it(`refuses ${text}`, () => assert.throws(() => parseExpression(text), rule));
    }
});
