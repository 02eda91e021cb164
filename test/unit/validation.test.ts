import assert from "node:assert/strict";
import { inspect } from "node:util";

import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import {
    Problems,
    checkDuration,
    checkInteger,
    checkName,
    checkPlain,
    describe as inWords,
    seconds,
} from "../../components/validation";
import { linesOf, pathsOf } from "./problems";

function thrown(problems: Problems): pulumi.InputPropertiesError {
    try {
        problems.throwIfAny('Thing "x"');
    } catch (error) {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        return error;
    }
    throw new Error("nothing was thrown");
}

describe("Problems", () => {
    const one = { path: "a.b", value: 5, rule: "is too many", fix: "Give 4." };
    const other = { path: "c[1]", rule: "is required", fix: "Give one." };

    it("throws nothing where nothing was found", () => {
        new Problems().throwIfAny("Thing");
    });

    it("throws one error for all, for machines and for people", () => {
        const problems = new Problems();
        problems.add(one);
        problems.add(other);
        const error = thrown(problems);
        assert.deepEqual(error.errors, [
            { propertyPath: "a.b", reason: "5 is too many. Give 4." },
            { propertyPath: "c[1]", reason: "nothing given, but it is required. Give one." },
        ]);
        assert.equal(
            error.message,
            'Thing "x": 2 problems in the arguments\n' +
                "  - a.b: 5 is too many. Give 4.\n" +
                "  - c[1]: nothing given, but it is required. Give one.",
        );
    });

    it("counts one as one", () => {
        const problems = new Problems();
        problems.add(one);
        assert.equal(thrown(problems).message.split("\n")[0], 'Thing "x": 1 problem in the arguments');
    });

    // Pulumi prints a failed program's error with util.inspect.
    it("is printed as its message alone, without a stack or fields after it", () => {
        const problems = new Problems();
        problems.add(one);
        const error = thrown(problems);
        assert.equal(error.stack, error.message);
        assert.doesNotMatch(inspect(error), /\n\s+at |propertyPath/);
    });

    it("keeps what was required and did not hold, and says whether it held", () => {
        const problems = new Problems();
        assert.equal(problems.require(true, one), true);
        assert.equal(problems.require(false, other), false);
        assert.deepEqual(problems.all, [other]);
    });
});

describe("describe", () => {
    it("shows any value, without waiting for one or giving it away", () => {
        const line = (value: unknown) => inWords({ path: "p", value, rule: "is bad", fix: "Mend it." });
        assert.equal(line('a"b'), 'p: "a\\"b" is bad. Mend it.');
        assert.equal(line(null), "p: null is bad. Mend it.");
        assert.equal(line(undefined), "p: nothing given, but it is bad. Mend it.");
        assert.equal(line({ a: [1] }), 'p: {"a":[1]} is bad. Mend it.');
        assert.equal(line(pulumi.secret("x")), "p: a value that is known only at deployment is bad. Mend it.");
        assert.equal(line(Promise.resolve("x")), "p: a value that is known only at deployment is bad. Mend it.");
        assert.equal(line({ a: [pulumi.secret("x")] }), 'p: {"a":["known only at deployment"]} is bad. Mend it.');
    });

    it("shows nothing of a secret, but that it was given", () => {
        const line = inWords({ path: "p", value: "hunter2", secret: true, rule: "is bad", fix: "Mend it." });
        assert.equal(line, "p: the value given (a secret, not shown) is bad. Mend it.");
        assert.equal(
            inWords({ path: "p", secret: false, rule: "is bad", fix: "Mend it." }),
            "p: nothing given, but it is bad. Mend it.",
        );
    });

    it("shows something of what JSON does not take", () => {
        const circular: Record<string, unknown> = {};
        circular.self = circular;
        const failing = {
            get a() {
                throw new Error("no");
            },
        };
        const shown = (value: unknown) => inWords({ path: "p", value, rule: "|", fix: "" }).slice(3).split(" |")[0];
        assert.equal(shown(10n), "10");
        assert.equal(shown({ n: 10n }), '{"n":"10"}');
        assert.equal(shown(NaN), "NaN");
        assert.equal(shown(-Infinity), "-Infinity");
        assert.equal(shown(circular), "a value that cannot be shown");
        assert.equal(shown(failing), "a value that cannot be shown");
        assert.equal(
            shown(() => 1),
            "a function",
        );
        assert.equal(shown(Symbol("x")), "a value that cannot be shown");
        assert.equal(shown({ toJSON: () => undefined }), "a value that cannot be shown");
    });

    it("cuts what is long", () => {
        const shown = (value: unknown) => inWords({ path: "p", value, rule: "|", fix: "" }).slice(3).split(" |")[0];
        assert.equal(shown("a".repeat(198)), `"${"a".repeat(198)}"`);
        assert.equal(shown("a".repeat(199)), `"${"a".repeat(199)}...`);
        assert.equal(shown(Array(1000).fill(1)), `[${"1,".repeat(99)}1...`);
    });

    it("shows a few words of anything, and never breaks", () => {
        fc.assert(
            fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }), (value) => {
                const words = inWords({ path: "p", value, rule: "is bad", fix: "Mend it." });
                assert.ok(words.startsWith("p: ") && words.endsWith(" is bad. Mend it."));
                assert.ok(words.length <= 203 + "p:  is bad. Mend it.".length);
            }),
        );
    });
});

describe("checkInteger", () => {
    const paths = (value: unknown) => pathsOf((p) => checkInteger(p, "n", value, 1, 10, "things"));

    it("accepts the bounds, what is between them, and nothing", () => {
        for (const value of [1, 5, 10, undefined]) {
            assert.deepEqual(paths(value), []);
        }
    });

    it("refuses everything else", () => {
        for (const value of [0, 11, 1.5, NaN, Infinity, "5", null, true, [5], pulumi.output(5)]) {
            assert.deepEqual(paths(value), ["n"], inspect(value));
        }
    });

    it("names the bounds and the unit", () => {
        assert.deepEqual(
            linesOf((p) => checkInteger(p, "n", 11, 1, 10, "things")),
            ["n: 11 is not a whole number from 1 to 10 (things). Give a number in that range."],
        );
    });
});

describe("checkDuration", () => {
    const paths = (value: unknown) => pathsOf((p) => checkDuration(p, "d", value));

    it("accepts any whole number of seconds or minutes, which `seconds` then counts", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 100_000 }), (n) => {
                assert.deepEqual([paths(`${n}s`), paths(`${n}m`)], [[], []]);
                assert.deepEqual([seconds(`${n}s`), seconds(`${n}m`)], [n, n * 60]);
            }),
        );
        assert.deepEqual(paths(undefined), []);
    });

    it("refuses what Flagger's unanchored pattern lets pass, and the rest", () => {
        for (const value of [
            "500ms",
            "1minute",
            "1h",
            "0s",
            "05s",
            "1.5m",
            "-1s",
            " 1s",
            "1s\n",
            "1m30s",
            "s",
            "",
            60,
            null,
        ]) {
            assert.deepEqual(paths(value), ["d"], inspect(value));
        }
    });
});

describe("checkName", () => {
    const paths = (value: unknown, most?: number) => pathsOf((p) => checkName(p, "n", value, most));

    it("accepts DNS labels of any allowed length", () => {
        for (const value of ["a", "0", "a-b", "a".repeat(63)]) {
            assert.deepEqual(paths(value), [], value);
        }
        assert.deepEqual(paths("a".repeat(44), 44), []);
    });

    it("refuses everything else", () => {
        for (const value of [
            "",
            "A",
            "-a",
            "a-",
            "a.b",
            "a_b",
            "ä",
            "a\n",
            "a".repeat(64),
            5,
            null,
            undefined,
            pulumi.output("a"),
        ]) {
            assert.deepEqual(paths(value), ["n"], inspect(value));
        }
        assert.deepEqual(paths("a".repeat(45), 44), ["n"]);
    });
});

describe("checkPlain", () => {
    it("accepts any plain value and none, and refuses outputs and promises", () => {
        const paths = (value: unknown) => pathsOf((p) => checkPlain(p, "v", value));
        for (const value of [undefined, null, false, "x", {}, []]) {
            assert.deepEqual(paths(value), []);
        }
        assert.deepEqual(paths(pulumi.output(1)), ["v"]);
        assert.deepEqual(paths(Promise.resolve(1)), ["v"]);
    });
});
