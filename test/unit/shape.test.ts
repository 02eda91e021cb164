import assert from "node:assert/strict";

import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import {
    asksForSomething,
    checkFields,
    checkList,
    checkObject,
    checkOneOf,
    checkPattern,
    checkRequiredText,
    checkSecretText,
    checkSwitch,
    checkText,
    checkTextList,
    checkTexts,
    checkWord,
    entryPath,
    isLater,
    isObject,
    outline,
    problemsOf,
    shown,
} from "../../components/shape";
import { Problems } from "../../components/validation";
import { linesOf, pathsOf } from "./problems";

const later = pulumi.output("later");
const fix = "Mend it.";

/** What a check answers, and what it finds. */
function of<T>(check: (problems: Problems) => T): { answer: T; lines: string[] } {
    let answer!: T;
    const lines = linesOf((p) => (answer = check(p)));
    return { answer, lines };
}

describe("isLater and isObject", () => {
    it("tell objects, what is known later, and the rest apart", () => {
        const kinds = (values: unknown[]) => values.map((value) => [isObject(value), isLater(value)]);
        assert.deepEqual(kinds([{}, { a: 1 }, Object.create(null)]), Array(3).fill([true, false]));
        assert.deepEqual(kinds([later, Promise.resolve("x")]), Array(2).fill([false, true]));
        assert.deepEqual(kinds([[], null, undefined, "x", 1, true, () => 1]), Array(7).fill([false, false]));
    });
});

describe("asksForSomething", () => {
    it("is no for what is absent, switched off or an empty list", () => {
        for (const value of [undefined, null, false, []]) {
            assert.equal(asksForSomething(value), false);
        }
        for (const value of [true, 0, "", {}, [undefined], later]) {
            assert.equal(asksForSomething(value), true);
        }
    });
});

describe("outline", () => {
    it("names fields and kinds, and no values", () => {
        const values = [{ token: "x", org: 1 }, ["x"], [], "x", 1, true, null, undefined, later];
        assert.deepEqual(values.map(outline), [
            ["token", "org"],
            "a list",
            [],
            "a string",
            "a number",
            "a boolean",
            null,
            undefined,
            later,
        ]);
    });

    it("never tells a text", () => {
        fc.assert(
            fc.property(fc.oneof(fc.constant("hunter2"), fc.array(fc.constant("hunter2"))), (value) => {
                assert.equal(JSON.stringify(outline(value)).includes("hunter2"), false);
                assert.equal(JSON.stringify(outline({ a: value })), '["a"]');
            }),
        );
    });
});

describe("entryPath", () => {
    it("is written as a program would", () => {
        assert.equal(entryPath("a", "b_1"), "a.b_1");
        assert.equal(entryPath("a", "x-user"), 'a["x-user"]');
        assert.equal(entryPath("a", "1"), 'a["1"]');
        assert.equal(entryPath("a", ""), 'a[""]');
        assert.equal(entryPath("a", 'b"'), 'a["b\\""]');
    });
});

describe("checkObject and checkFields", () => {
    it("answer an object", () => {
        const fields = { a: 1 };
        assert.deepEqual(
            of((p) => checkObject(p, "o", fields, fix)),
            { answer: true, lines: [] },
        );
        assert.deepEqual(
            of((p) => checkFields(p, "o", fields, fix)),
            { answer: fields, lines: [] },
        );
    });

    it("differ on an absent one", () => {
        assert.deepEqual(
            of((p) => checkObject(p, "o", undefined, fix)),
            { answer: false, lines: ["o: nothing given, but it is not an object. Mend it."] },
        );
        assert.deepEqual(
            of((p) => checkFields(p, "o", undefined, fix)),
            { answer: undefined, lines: [] },
        );
    });

    it("report what is none", () => {
        for (const value of [null, [], "x", 1, true]) {
            const lines = [`o: ${JSON.stringify(shown(value))} is not an object. Mend it.`];
            assert.deepEqual(
                of((p) => checkObject(p, "o", value, fix)),
                { answer: false, lines },
            );
            assert.deepEqual(
                of((p) => checkFields(p, "o", value, fix)),
                { answer: undefined, lines },
            );
        }
        assert.deepEqual(
            linesOf((p) => checkFields(p, "o", later, fix)),
            ["o: a value that is known only at deployment is not an object. Mend it."],
        );
    });
});

describe("problemsOf", () => {
    it("refuses what has no name or no arguments, under the component's name", () => {
        for (const args of [undefined, null, 1, "x", [], later]) {
            assert.throws(
                () => problemsOf("Thing", "web", args),
                /^Error: Thing "web": 1 problem in the arguments\n {2}- args: /,
            );
        }
        assert.throws(
            () => problemsOf("Thing", "", {}),
            /^Error: Thing: 1 problem in the arguments\n {2}- name: "" is no name/,
        );
        assert.throws(() => problemsOf("Thing", undefined, null), /^Error: Thing: 2 problems in the arguments/);
        assert.throws(() => problemsOf("Thing", "web", Symbol("x")), /1 problem in the arguments\n {2}- args: /);
        assert.deepEqual(problemsOf("Thing", "web", {}).all, []);
    });

    it("refuses what holds itself, wherever it does, and not what is there twice", () => {
        const shared = { a: 1 };
        assert.deepEqual(problemsOf("Thing", "web", { one: shared, two: [shared, shared] }).all, []);
        const values: Record<string, unknown> = { name: "x" };
        values["its/own"] = [values];
        assert.throws(
            () => problemsOf("Thing", "web", { addon: { values } }),
            /1 problem in the arguments\n {2}- addon\.values\["its\/own"\]\[0\]: \["name","its\/own"\] is an object that holds itself/,
        );
    });

    it("refuses objects for which Pulumi would fail far away or wait without end", () => {
        const line = (value: unknown) => {
            try {
                return problemsOf("Thing", "web", { list: [value] }).all;
            } catch (error) {
                return /- (.*?), w/.exec((error as Error).message)?.[1];
            }
        };
        assert.equal(line(JSON.parse('{"a": 1, "__proto__": {}}')), 'list[0]: ["a","__proto__"] has the key __proto__');
        const unreadable = "has no prototype, or something else in place of its `toString`";
        assert.equal(line(JSON.parse('{"toString": {}}')), `list[0]: ["toString"] ${unreadable}`);
        assert.equal(line(Symbol("x")), "list[0]: a value that cannot be shown is a symbol");
        assert.equal(line(Object.create(null)), `list[0]: [] ${unreadable}`);
        assert.equal(
            line(Object.assign([1], { constructor: "x" })),
            'list[0]: ["0","constructor"] is a list with fields of its own',
        );
        assert.deepEqual(line({ toString: () => "a", constructor: 1, hasOwnProperty: 1 }), []);
    });
});

describe("checkList", () => {
    it("gives each element its path, and holes too", () => {
        // eslint-disable-next-line no-sparse-arrays
        const holes: unknown[] = ["a", , undefined, null, later];
        assert.deepEqual(
            of((p) => checkList(p, "l", holes, fix)),
            {
                answer: [
                    ["l[0]", "a"],
                    ["l[1]", null],
                    ["l[2]", null],
                    ["l[3]", null],
                    ["l[4]", later],
                ],
                lines: [],
            },
        );
    });

    it("has no elements where there is no list, and reports what is none", () => {
        assert.deepEqual(
            of((p) => checkList(p, "l", undefined, fix)),
            { answer: [], lines: [] },
        );
        for (const value of [null, {}, "x", 1, false]) {
            assert.deepEqual(
                of((p) => checkList(p, "l", value, fix)),
                { answer: [], lines: [`l: ${JSON.stringify(shown(value))} is not a list. Mend it.`] },
            );
        }
    });
});

describe("the checks of texts", () => {
    const found = (check: (problems: Problems, path: string, value: unknown) => unknown, value: unknown) =>
        linesOf((p) => check(p, "t", value));
    const give = "Give a text; in YAML, put a number or a truth value in quotes.";

    it("accept a text, one known later, and an absent one where it may be absent", () => {
        for (const check of [checkText, checkRequiredText, checkSecretText]) {
            assert.deepEqual([...found(check, "x"), ...found(check, later)], []);
        }
        assert.deepEqual([...found(checkText, undefined), ...found(checkSecretText, undefined)], []);
        assert.deepEqual(found(checkRequiredText, undefined), ["t: nothing given, but it is required. Give a text."]);
    });

    it("refuse the rest, and show it unless it is a secret", () => {
        assert.deepEqual(found(checkText, ""), [`t: "" is empty, which Flagger takes for nothing given. ${give}`]);
        for (const value of [null, 1, true, [], {}]) {
            assert.deepEqual(found(checkText, value), [`t: ${JSON.stringify(value)} is not a text. ${give}`]);
            assert.deepEqual(found(checkRequiredText, value), found(checkText, value));
        }
        for (const value of ["", null, 12345, ["hunter2"]]) {
            assert.deepEqual(found(checkSecretText, value), [
                "t: the value given (a secret, not shown) is empty or no text. " +
                    "Give it as a secret, for example from `config.requireSecret`.",
            ]);
        }
    });

    it("hold a pattern against what is there", () => {
        const against = (value: unknown) => linesOf((p) => checkPattern(p, "t", value, /^a+$/, "is no a", fix));
        assert.deepEqual(["a", "aa", later, undefined].flatMap(against), []);
        assert.deepEqual(["b", null].flatMap(against), ['t: "b" is no a. Mend it.', "t: null is no a. Mend it."]);
    });

    it("go through lists", () => {
        const paths = (value: unknown) => pathsOf((p) => checkTextList(p, "l", value, fix));
        assert.deepEqual([undefined, [], ["a", later]].flatMap(paths), []);
        assert.deepEqual(paths(["a", "", undefined, 1]), ["l[1]", "l[2]", "l[3]"]);
        assert.deepEqual(paths("a"), ["l"]);
    });

    it("go through objects, whose texts may be empty", () => {
        assert.deepEqual(
            of((p) => checkTexts(p, "o", { a: "x", "b-c": "", d: later })),
            { answer: ["a", "b-c", "d"], lines: [] },
        );
        assert.deepEqual(
            of((p) => checkTexts(p, "o", undefined)),
            { answer: [], lines: [] },
        );
        const rule = "is not a string, and Kubernetes takes nothing else here. Put it in quotes.";
        assert.deepEqual(
            of((p) => checkTexts(p, "o", { a: 1, "b-c": null })),
            { answer: ["a", "b-c"], lines: [`o.a: 1 ${rule}`, `o["b-c"]: null ${rule}`] },
        );
        assert.deepEqual(
            of((p) => checkTexts(p, "o", ["a"])),
            { answer: [], lines: ['o: "a list" is not an object. Write it like { key: "value" }.'] },
        );
    });
});

describe("checkSwitch", () => {
    it("takes true, false and nothing, and says whether it did", () => {
        for (const value of [true, false, undefined]) {
            assert.deepEqual(
                of((p) => checkSwitch(p, "s", value)),
                { answer: true, lines: [] },
            );
        }
        for (const value of [null, "true", 0, {}]) {
            assert.deepEqual(
                of((p) => checkSwitch(p, "s", value)),
                {
                    answer: false,
                    lines: [
                        `s: ${JSON.stringify(value)} is neither true nor false. Give one of the two, without quotes.`,
                    ],
                },
            );
        }
    });
});

describe("checkWord", () => {
    it("takes the words and nothing", () => {
        const found = (value: unknown) => linesOf((p) => checkWord(p, "w", value, ["A", "B"]));
        assert.deepEqual(["A", "B", undefined].flatMap(found), []);
        assert.deepEqual(found("a"), [
            'w: "a" is none of the words that are known here; the cluster would refuse the Canary. Use one of A, B.',
        ]);
        assert.equal(found(null).length, 1);
    });
});

describe("checkOneOf", () => {
    it("answers the one that is given", () => {
        assert.deepEqual(
            of((p) => checkOneOf(p, "o", { b: null, c: 1 }, ["a", "b"])),
            { answer: "b", lines: [] },
        );
        for (const fields of [{}, { a: 1, b: 2 }]) {
            assert.deepEqual(
                of((p) => checkOneOf(p, "o", fields, ["a", "b"])),
                {
                    answer: undefined,
                    lines: [
                        `o: ${JSON.stringify(fields)} has to say in exactly one way what it means. Give one of a, b.`,
                    ],
                },
            );
        }
    });
});

describe("shown", () => {
    it("is no text and nothing of what is inside, which could be a secret", () => {
        const pairs: [unknown, unknown][] = [
            ["hunter2", "a string"],
            [["hunter2"], "a list"],
            [{ password: "hunter2" }, ["password"]],
            [5, 5],
            [true, true],
            [null, null],
            [[], []],
            [{}, {}],
        ];
        for (const [value, expected] of pairs) {
            assert.deepEqual(shown(value), expected);
        }
    });
});
