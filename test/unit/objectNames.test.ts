import assert from "node:assert/strict";

import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import { checkCopiedName, checkObjectName, checkObjectRef, isObjectName } from "../../components/objectNames";
import { linesOf, pathsOf } from "./problems";

const later = pulumi.output("later");
const fix = "Use lower-case letters, digits, dots and dashes, beginning and ending with a letter or digit.";

describe("isObjectName", () => {
    it("is what Kubernetes takes as a DNS subdomain", () => {
        for (const name of ["a", "0", "a-b.c", "1.2", "a".repeat(253), `${"a.".repeat(126)}a`]) {
            assert.equal(isObjectName(name), true, name);
        }
        const wrong = ["", ".", "A", "a_b", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a-.b", "a/b", "a\n", "ä", "a b"];
        for (const name of [...wrong, "a".repeat(254), null, undefined, 1, ["a"], {}, later]) {
            assert.equal(isObjectName(name), false);
        }
        assert.deepEqual([isObjectName("abc", 3), isObjectName("abcd", 3)], [true, false]);
    });

    // A pattern that goes back and forth would take hours.
    it("is decided, also for long texts", () => {
        assert.equal(isObjectName(`${"a-".repeat(50_000)}!`, 200_000), false);
        assert.equal(isObjectName(`${"a.".repeat(120)}!`), false);
    });
});

describe("checkObjectName", () => {
    it("accepts names, one known later, and none", () => {
        for (const name of ["a.b", later, undefined]) {
            assert.deepEqual(
                linesOf((p) => checkObjectName(p, "n", name)),
                [],
            );
        }
    });

    it("reports the rest", () => {
        assert.deepEqual(
            linesOf((p) => checkObjectName(p, "n", "A")),
            [`n: "A" is not the name of a Kubernetes object. ${fix}`],
        );
        for (const name of [null, "", 1, [], {}]) {
            assert.deepEqual(
                pathsOf((p) => checkObjectName(p, "n", name)),
                ["n"],
            );
        }
    });
});

describe("checkCopiedName", () => {
    it("leaves room for the copy's name, and has to know it", () => {
        const answer = (name: unknown) => {
            let sound: boolean | undefined;
            const lines = linesOf((p) => (sound = checkCopiedName(p, "n", name)));
            assert.equal(sound, lines.length === 0);
            return lines;
        };
        assert.deepEqual(answer("a".repeat(245)), []);
        for (const name of ["a".repeat(246), "A", "", null, undefined, later]) {
            assert.equal(answer(name).length, 1);
        }
        assert.deepEqual(answer("A"), [
            `n: "A" is not a Kubernetes name of at most 245 characters: with Flagger's "-primary" it has to fit in ` +
                `253. ${fix}`,
        ]);
    });
});

describe("checkObjectRef", () => {
    const paths = (ref: unknown) => pathsOf((p) => checkObjectRef(p, "r", ref));

    it("accepts a name, with or without a namespace, also known later", () => {
        for (const ref of [{ name: "a.b" }, { name: "a", namespace: "b" }, { name: later, namespace: later }]) {
            assert.deepEqual(paths(ref), []);
        }
    });

    it("reports what is wrong", () => {
        assert.deepEqual(paths({ name: "A", namespace: "b.c" }), ["r.name", "r.namespace"]);
        assert.deepEqual(paths({ name: null, namespace: null }), ["r.name", "r.namespace"]);
        assert.deepEqual(
            linesOf((p) => checkObjectRef(p, "r", {})),
            ["r.name: nothing given, but it is required. Give the object's name."],
        );
        assert.deepEqual(
            linesOf((p) => checkObjectRef(p, "r", "hunter2")),
            ['r: "a string" does not name an object. Write it like { name: "error-rate", namespace: "monitoring" }.'],
        );
    });

    it("breaks on nothing", () => {
        const any = fc.anything({ withNullPrototype: true });
        fc.assert(
            fc.property(fc.oneof(any, fc.record({ name: any, namespace: any }, { requiredKeys: [] })), (ref) => {
                assert.ok(paths(ref).every((path) => ["r", "r.name", "r.namespace"].includes(path)));
            }),
        );
    });
});
