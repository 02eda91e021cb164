import assert from "node:assert/strict";

import fc from "fast-check";

import { MeshHeader, MeshRoute } from "../../../lab/images/appMeshObjects";
import { RouteRequest, chooseRoute } from "../../../lab/routeMatch";

const action = { weightedTargets: [{ virtualNodeRef: { name: "somewhere" }, weight: 100 }] };
const route = (name: string, priority?: number, headers?: MeshHeader[], prefix = "/"): MeshRoute => ({
    name,
    priority,
    httpRoute: { match: { prefix, headers }, action },
});
const name = (routes: MeshRoute[], headers: RouteRequest["headers"], path = "/") =>
    chooseRoute(routes, { path, headers })?.name;
const takes = (header: MeshHeader, headers: RouteRequest["headers"]) =>
    name([route("it", 1, [header])], headers) === "it";

describe("the choice of a route", () => {
    it("takes Flagger's A/B routes as they are meant", () => {
        const insiders = [{ name: "cookie", match: { regex: "^(.*?;)?\\s*(type=insider)(;.*)?$" } }];
        // Flagger writes them in the order of their priorities; App Mesh does not care.
        for (const routes of [
            [route("a", 10, insiders), route("b", 20)],
            [route("b", 20), route("a", 10, insiders)],
        ]) {
            assert.equal(name(routes, { cookie: "session=1; type=insider" }), "a");
            assert.equal(name(routes, { cookie: "session=1; type=outsider" }), "b");
            assert.equal(name(routes, {}), "b");
        }
    });

    it("asks the lowest number first, and what has none last; of equals the first", () => {
        const routes = [route("none"), route("7", 7), route("0", 0), route("also 0", 0)];
        assert.equal(name(routes, {}), "0");
        assert.equal(name([route("none"), route("1000", 1000)], {}), "1000");
        assert.equal(name([route("first"), route("second")], {}), "first");
    });

    it("does not change the order of what it was given", () => {
        const routes = [route("b", 20), route("a", 10)];
        chooseRoute(routes, { path: "/", headers: {} });
        assert.deepEqual(
            routes.map((r) => r.name),
            ["b", "a"],
        );
    });

    it("answers nothing where no route matches", () => {
        assert.equal(chooseRoute([], { path: "/", headers: {} }), undefined);
        assert.equal(name([route("a", 1, [{ name: "x-canary", match: { exact: "insider" } }])], {}), undefined);
    });

    it("asks for the beginning of the path", () => {
        const routes = [route("api", 1, undefined, "/api"), route("all", 2)];
        assert.equal(name(routes, {}, "/api/things"), "api");
        assert.equal(name(routes, {}, "/things/api"), "all");
        assert.equal(name([{ name: "bare", httpRoute: { action } }], {}, "/things"), "bare");
    });

    it("wants all headers, not one of them", () => {
        const both = [
            route(
                "both",
                1,
                ["a", "b"].map((header) => ({ name: header, match: { exact: "1" } })),
            ),
        ];
        assert.equal(name(both, { a: "1", b: "1" }), "both");
        assert.equal(name(both, { a: "1", b: "2" }), undefined);
        assert.equal(name(both, { a: "1" }), undefined);
    });

    const cases: [string, NonNullable<MeshHeader["match"]>, string[], string[]][] = [
        ["exact", { exact: "insider" }, ["insider"], ["Insider", "insiders", ""]],
        ["prefix", { prefix: "in" }, ["in", "insider"], ["an insider", "IN"]],
        ["suffix", { suffix: "er" }, ["er", "insider"], ["insiders", "ER"]],
        ["regex", { regex: "in.*|x" }, ["insider", "x", "in\nside"], ["an insider", "xx"]],
        ["a broken regex", { regex: "(" }, [], ["(", ""]],
        ["prefix and suffix", { prefix: "in", suffix: "er" }, ["insider"], ["inside", "outsider"]],
    ];
    for (const [what, match, good, bad] of cases) {
        it(`matches by ${what}`, () => {
            const matched = [...good, ...bad].filter((value) => takes({ name: "x", match }, { x: value }));
            assert.deepEqual(matched, good);
            assert.equal(takes({ name: "x", match }, {}), false);
        });
    }

    it("wants the header to be there where nothing is asked of its value", () => {
        assert.equal(takes({ name: "x" }, { x: "" }), true);
        assert.equal(takes({ name: "x" }, { y: "" }), false);
    });

    it("finds a header by any spelling of its name, and joins one that came several times", () => {
        assert.equal(takes({ name: "X-Canary", match: { exact: "insider" } }, { "x-canary": "insider" }), true);
        assert.equal(takes({ name: "x", match: { exact: "1, 2" } }, { x: ["1", "2"] }), true);
    });

    it("inverts a match to its opposite, whatever it is", () => {
        const text = fc.constantFrom("", "a", "ab", "ba", "b");
        const rule = fc.record({ exact: text, prefix: text, suffix: text, regex: text }, { requiredKeys: [] });
        fc.assert(
            fc.property(rule, fc.option(text, { nil: undefined }), (match, value) => {
                const headers = { x: value };
                assert.notEqual(
                    takes({ name: "x", match, invert: true }, headers),
                    takes({ name: "x", match, invert: false }, headers),
                );
            }),
        );
    });
});
