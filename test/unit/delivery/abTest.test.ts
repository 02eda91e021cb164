import assert from "node:assert/strict";

import fc from "fast-check";

import { AbTestArgs, abMatchSpec, checkAbTest, checkIterations } from "../../../components/delivery/abTest";
import { appMesh } from "../../../components/mesh/appMesh";
import { MeshCapabilities } from "../../../components/mesh/capabilities";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

const meshWith = (capabilities: Partial<MeshCapabilities>): Mesh => ({
    ...appMesh,
    title: "Other Mesh",
    capabilities: { ...appMesh.capabilities, ...capabilities },
});

const insider = { headers: { "x-canary": { exact: "insider" } } };

const lines = (test: unknown, mesh = appMesh) =>
    linesOf((problems) => checkAbTest(problems, "abTest", test as AbTestArgs, mesh));
const paths = (test: unknown, mesh = appMesh) =>
    pathsOf((problems) => checkAbTest(problems, "abTest", test as AbTestArgs, mesh));
const matching = (match: unknown, mesh = appMesh) => lines({ iterations: 1, match: [match] }, mesh);

describe("checkAbTest", () => {
    const accepted: [string, object][] = [
        ["a header", insider],
        ["a header by its beginning", { headers: { "x-canary": { prefix: "in" } } }],
        ["a header by its end", { headers: { "x-canary": { suffix: "er" } } }],
        ["a header by a regular expression", { headers: { "user-agent": { regex: "(?!.*Chrome).*Safari.*" } } }],
        ["a cookie", { cookies: { type: "insider" } }],
        ["an empty cookie", { cookies: { type: "" } }],
        ["headers and a cookie", { headers: { a: { exact: "1" }, b: { exact: "2" } }, cookies: { type: "insider" } }],
        ["the header of cookies alone", { headers: { cookie: { regex: ".*type=insider.*" } } }],
    ];
    for (const [what, match] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(matching(match), []);
        });
    }

    it("accepts what RE2 knows beyond this language", () => {
        for (const regex of ["(?i)safari.*", "(?i:safari).*", "(?P<browser>safari)", "(?s-i).*", "[[:alpha:]]+"]) {
            assert.deepEqual(matching({ headers: { "user-agent": { regex } } }), [], regex);
        }
    });

    it("asks for users, without whom it would be another strategy", () => {
        const line = (value: string) =>
            `abTest.match: ${value} names no users: Flagger would take it for a blue/green release. ` +
            'Write it like [{ headers: { "x-canary": { exact: "insider" } } }].';
        assert.deepEqual(lines({ iterations: 1 }), [line("nothing given, but it")]);
        for (const match of [[], null, "insider", 5, { headers: {} }]) {
            assert.deepEqual(lines({ iterations: 1, match }), [line(JSON.stringify(match))]);
        }
    });

    it("accepts alternatives where the mesh has them, and there alone", () => {
        const match = [insider, { cookies: { type: "insider" } }];
        assert.deepEqual(lines({ iterations: 1, match }, meshWith({ alternatives: true })), []);
        assert.deepEqual(lines({ iterations: 1, match }, meshWith({})), [
            `abTest.match: ${JSON.stringify(match)} has 2 entries, which on Other Mesh would all have to hold for ` +
                "one request. Put all conditions in one entry, or write alternatives as one regular expression.",
        ]);
    });

    it("accepts as many headers as the mesh takes, over all entries", () => {
        const mesh = meshWith({ alternatives: true, maxHeaders: 3 });
        const two = { headers: { a: { exact: "1" }, b: { exact: "2" } } };
        const cookie = { headers: { a: { exact: "1" } }, cookies: { a: "1" } };
        assert.deepEqual(lines({ iterations: 1, match: [two, insider] }, mesh), []);
        const line = "abTest.match: 4 headers are more than the 3 that Other Mesh takes. Name fewer.";
        assert.deepEqual(lines({ iterations: 1, match: [two, two] }, mesh), [line]);
        assert.deepEqual(lines({ iterations: 1, match: [two, cookie] }, mesh), [line]);

        const headers = (count: number) => ({
            headers: Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, { exact: "1" }])),
        });
        assert.deepEqual(matching(headers(10)), []);
        assert.deepEqual(matching(headers(11)), [
            "abTest.match: 11 headers are more than the 10 that AWS App Mesh takes. Name fewer.",
        ]);
    });

    it("asks each entry for a condition", () => {
        for (const match of [null, {}, [], "insider", 5, { headers: {}, cookies: {} }, { headers: null }]) {
            assert.deepEqual(matching(match), [
                `abTest.match[0]: ${JSON.stringify(match)} names no header and no cookie, so it would match nothing ` +
                    'or everything. Write it like { headers: { "x-canary": { exact: "insider" } } }.',
            ]);
        }
    });

    it("asks for header names as proxies see them", () => {
        for (const name of ["X-Canary", "x canary", "", "x:canary"]) {
            assert.deepEqual(matching({ headers: { [name]: { exact: "insider" } } }), [
                `abTest.match[0].headers[${JSON.stringify(name)}]: ${JSON.stringify(name)} is not a header name in ` +
                    "lower case, as proxies see it. Use lower-case letters, digits and dashes.",
            ]);
        }
    });

    it("asks each header for exactly one way to match", () => {
        const values = [
            {},
            [],
            null,
            "insider",
            5,
            { exact: 1 },
            { exact: null },
            { exact: "a", prefix: "a" },
            { is: "a" },
        ];
        for (const value of values) {
            assert.deepEqual(matching({ headers: { a: value } }), [
                `abTest.match[0].headers["a"]: ${JSON.stringify(value)} does not say in exactly one way what the ` +
                    "value has to be. Give one of exact, prefix, suffix, regex.",
            ]);
        }
    });

    it("accepts the ways to match that the mesh has, and no other", () => {
        const mesh = meshWith({ headerMatches: ["exact", "regex"] });
        const found = (["exact", "prefix", "suffix", "regex"] as const).map((kind) =>
            matching({ headers: { a: { [kind]: "in" } } }, mesh),
        );
        const line = (kind: string) =>
            `abTest.match[0].headers["a"].${kind}: "in" is a way to match that Other Mesh does not have; Flagger ` +
            "would leave the condition out, and all users would get the canary. Use exact or regex.";
        assert.deepEqual(found, [[], [line("prefix")], [line("suffix")], []]);
        assert.deepEqual(matching({ headers: { a: {} } }, mesh), [
            'abTest.match[0].headers["a"]: {} does not say in exactly one way what the value has to be. ' +
                "Give one of exact, regex.",
        ]);
    });

    it("needs no more than one way to match", () => {
        const mesh = meshWith({ headerMatches: ["exact"] });
        assert.deepEqual(matching({ headers: { a: { exact: "in" } } }, mesh), []);
    });

    it("refuses an empty value, and an expression that is none", () => {
        for (const kind of ["exact", "prefix", "suffix", "regex"]) {
            assert.deepEqual(matching({ headers: { a: { [kind]: "" } } }), [
                `abTest.match[0].headers["a"].${kind}: "" is empty, which Flagger takes for not given. Give the value.`,
            ]);
        }
        for (const regex of ["(", "[a", "*", "(?i"]) {
            assert.deepEqual(matching({ headers: { a: { regex } } }), [
                `abTest.match[0].headers["a"].regex: ${JSON.stringify(regex)} is not a regular expression, so no ` +
                    "user would ever match it. Mend it.",
            ]);
        }
    });

    it("refuses a second condition on the header of cookies", () => {
        const line = (cookies: object) =>
            `abTest.match[0].cookies: ${JSON.stringify(cookies)} is one condition too many on the header \`cookie\`, ` +
            "which can have one. Name one cookie, or write the header `cookie` with a regular expression of your own.";
        const two = { a: "1", b: "2" };
        assert.deepEqual(matching({ cookies: two }), [line(two)]);
        assert.deepEqual(matching({ cookies: { a: "1" }, headers: { cookie: { exact: "a=1" } } }), [line({ a: "1" })]);
    });

    it("refuses what is no cookie", () => {
        const cookies: [string, unknown][] = [
            ["a b", "1"],
            ["a;", "1"],
            ["a=", "1"],
            ["", "1"],
            ["a", "1;2"],
            ["a", 1],
            ["a", null],
            ["a", {}],
        ];
        for (const [name, value] of cookies) {
            assert.deepEqual(matching({ cookies: { [name]: value } }), [
                `abTest.match[0].cookies[${JSON.stringify(name)}]: ${JSON.stringify(value)} is not a cookie. ` +
                    'Write it like { type: "insider" }.',
            ]);
        }
    });

    it("finds everything at once, each at its place", () => {
        const match = [insider, { headers: { A: { exact: "" } }, cookies: { "b ": "1" } }, null];
        assert.deepEqual(paths({ match }), [
            "abTest.iterations",
            "abTest.match",
            'abTest.match[1].headers["A"]',
            'abTest.match[1].headers["A"].exact',
            'abTest.match[1].cookies["b "]',
            "abTest.match[2]",
        ]);
    });

    it("reports instead of breaking, given anything", () => {
        const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.jsonValue(), fc.object());
        const value = fc.oneof(any, fc.record({ exact: any, regex: any }, { requiredKeys: [] }));
        const match = fc.record(
            {
                headers: fc.oneof(any, fc.dictionary(fc.string(), value)),
                cookies: fc.oneof(any, fc.dictionary(fc.string(), any)),
            },
            { requiredKeys: [] },
        );
        const test = fc.record({ iterations: any, match: fc.oneof(any, fc.array(fc.oneof(any, match))) });
        fc.assert(
            fc.property(test, (given) => {
                const found = paths(given, meshWith({ alternatives: true }));
                assert.ok(found.length > 0 || abMatchSpec((given as AbTestArgs).match).length > 0);
            }),
            { numRuns: 1000 },
        );
    });
});

describe("checkIterations", () => {
    const found = (iterations: unknown) => linesOf((problems) => checkIterations(problems, "abTest", iterations));

    it("accepts at least one", () => {
        assert.deepEqual(found(1), []);
        assert.deepEqual(found(10_000), []);
    });

    it("asks for them, and refuses what Flagger would stand still at", () => {
        assert.deepEqual(found(undefined), [
            "abTest.iterations: nothing given, but it is required. Give the number of checks.",
        ]);
        for (const iterations of [0, -1, 1.5, 10_001, "5", null, []]) {
            assert.deepEqual(found(iterations), [
                `abTest.iterations: ${JSON.stringify(iterations)} is not a whole number from 1 to 10000 (checks; ` +
                    "with 0 Flagger would stand still without a weight to move to). Give a number in that range.",
            ]);
        }
    });
});

describe("abMatchSpec", () => {
    it("has headers as they are given, entry by entry", () => {
        const agent = { "user-agent": { regex: ".*Safari.*" }, "x-canary": { prefix: "in" } };
        assert.deepEqual(abMatchSpec([insider, { headers: agent }]), [
            { headers: { "x-canary": { exact: "insider" } } },
            { headers: { "user-agent": { regex: ".*Safari.*" }, "x-canary": { prefix: "in" } } },
        ]);
    });

    it("makes a cookie a condition on its header, word for word", () => {
        assert.deepEqual(abMatchSpec([{ ...insider, cookies: { type: "a.b*" } }]), [
            {
                headers: {
                    "x-canary": { exact: "insider" },
                    cookie: { regex: "^(.*;\\s*)?type=a\\.b\\*(;.*)?$" },
                },
            },
        ]);
    });

    const regexOf = (name: string, value: string) => {
        const [{ headers }] = abMatchSpec([{ cookies: { [name]: value } }]) as [
            { headers: { cookie: { regex: string } } },
        ];
        return new RegExp(`^(?:${headers.cookie.regex})$`);
    };

    it("finds the cookie at any place among others, and no other", () => {
        const regex = regexOf("type", "insider");
        const found = [
            "type=insider",
            "a=1; type=insider",
            "type=insider; a=1",
            "a=1; type=insider; b=2",
            "a=1;type=insider",
        ];
        const others = [
            "",
            "type=insiders",
            "mytype=insider",
            "type=",
            "a=type=insider",
            "a=1; xtype=insider",
            "TYPE=insider",
        ];
        assert.deepEqual(
            [...found, ...others].filter((cookie) => regex.test(cookie)),
            found,
        );
    });

    it("finds any cookie that is accepted, and not one with another value", () => {
        const name = fc.stringMatching(/^[!#$%&'*+.^`|~\w-]+$/);
        const value = fc.stringMatching(/^[\x21-\x3a\x3c-\x7e]*$/);
        fc.assert(
            fc.property(name, value, (n, v) => {
                assert.deepEqual(matching({ cookies: { [n]: v } }), []);
                const regex = regexOf(n, v);
                assert.ok(regex.test(`${n}=${v}`) && regex.test(`a=1; ${n}=${v}; b=2`));
                assert.ok(!regex.test(`${n}=${v}0`) && !regex.test(`0${n}=${v}`));
            }),
        );
    });
});
