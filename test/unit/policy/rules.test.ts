import assert from "node:assert/strict";

import { check } from "../../../policy/check";
import { rules } from "../../../policy/rules";
import { awsCases } from "./awsCases";
import { canaryCases, namespaceCases } from "./canaryCases";
import { chartCases, imageCases, podCases } from "./podCases";
import { gatewayCases } from "./gatewayCases";

const cases = [
    ...canaryCases,
    ...namespaceCases,
    ...gatewayCases,
    ...imageCases,
    ...chartCases,
    ...podCases,
    ...awsCases,
];

describe("the policy pack's rule", () => {
    for (const { rule, title, given, says, config } of cases) {
        it(`${rule} ${says.length === 0 ? "takes" : "refuses"} ${title}`, () => {
            const found = check(given, config).filter((violation) => violation.rule === rule);
            assert.deepEqual(
                found.map(({ name, message }) => `${name} ${message}`),
                says,
            );
        });
    }

    for (const { name } of rules) {
        it(`${name} is shown both ways`, () => {
            const own = cases.filter(({ rule }) => rule === name);
            assert.ok(
                own.some(({ says }) => says.length === 0),
                "nothing passes",
            );
            assert.ok(
                own.some(({ says }) => says.length > 0),
                "nothing fails",
            );
        });
    }
});
