import assert from "node:assert/strict";

import fc from "fast-check";

import { untranslated } from "../../../../lab/mesh/untranslated";

const known = ["name", "routes[].match.prefix", "routes[].weight", "rules"];

/** Any object as Kubernetes might give it, with few names so that they often meet. */
const specs = fc.letrec<{ any: unknown; object: object }>((tie) => ({
    any: fc.oneof({ depthSize: "small" }, fc.constantFrom(null, 0, "x", true), tie("object"), fc.array(tie("any"))),
    object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any")),
})).object;
const paths = fc.array(fc.constantFrom<string[]>("a", "b.a", "b[].c", "c.a.b", "a[].a[].b", "c"));

describe("what is not translated", () => {
    it("is nothing where all is known", () => {
        const spec = { name: "x", routes: [{ match: { prefix: "/" }, weight: 1 }], rules: { any: [{ thing: 1 }] } };
        assert.deepEqual(untranslated(spec, known), []);
        assert.deepEqual(untranslated(undefined, known), []);
    });

    it("is named by its path, once for all items of a list", () => {
        const route = { match: { prefix: "/", port: 80 }, timeout: { idle: 1 } };
        assert.deepEqual(untranslated({ name: "x", routes: [route, route], logging: { file: "x" } }, known), [
            "routes[].match.port",
            "routes[].timeout",
            "logging",
        ]);
    });

    it("is a list as a whole where nothing of it is known", () => {
        assert.deepEqual(untranslated({ groups: ["a", "b"] }, known), ["groups[]"]);
    });

    it("is what stands in the place of an object that is known in parts", () => {
        assert.deepEqual(untranslated({ routes: [{ match: "all" }] }, known), ["routes[].match"]);
    });

    it("is what only looks like the beginning of something known, but not what is empty", () => {
        const spec = { names: 1, route: { a: 1 }, routes: [], rules: null, more: null };
        assert.deepEqual(untranslated(spec, known), ["names", "route"]);
    });

    it("is nothing more once it is known", () => {
        fc.assert(
            fc.property(specs, paths, (spec, some) => {
                const rest = untranslated(spec, some);
                assert.deepEqual(untranslated(spec, [...some, ...rest]), []);
                assert.deepEqual(
                    rest.filter((field) => some.includes(field)),
                    [],
                );
            }),
        );
    });
});
